/**
 * Counts the changes to what is learned from the same configuration and seed. Results are kept with it: those of another revision are shown
 * as stale. Raise it in the commit that changes learning, together with the golden runs in `apps/bench/goldens`.
 */
export const learningRevision = 1
