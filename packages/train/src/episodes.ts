import type { Counters, Interval } from './stepper.ts'

/** Returns and lengths so far of the episodes under way in several environments, each [N]; in float64, as rewards are summed elsewhere. */
export interface Episodes {
  readonly returns: Float64Array
  readonly lengths: Float64Array
}

export const startEpisodes = (environments: number): Episodes => ({
  returns: new Float64Array(environments),
  lengths: new Float64Array(environments),
})

/** A step of environment `i`. */
export interface CountedStep {
  readonly i: number
  readonly reward: number
  /** Whether the episode ended with it. */
  readonly ended: boolean
}

/** Counts a step, and the episode that ended with it. */
export function countStep(
  { returns, lengths }: Episodes,
  { i, reward, ended }: CountedStep,
  { counters, interval }: { readonly counters: Counters; readonly interval: Interval },
): void {
  returns[i] += reward
  lengths[i]++
  if (!ended) return
  counters.episodes++
  interval.episodes++
  interval.returns += returns[i]
  interval.lengths += lengths[i]
  returns[i] = 0
  lengths[i] = 0
}
