import type { Witness } from './witness.ts'

/** Lengths of the reacher's upper arm, and of its lower arm to the fingertip, m; and its gear, N m at the action 1. */
const UPPER = 0.1
const LOWER = 0.11
const GEAR = 200
/** Feedback in N m/rad and N m s/rad: critically damped with the armature of 1 kg m². */
const STIFFNESS = 150
const DAMPING = 24

const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle))

/** Solves the triangle of shoulder, elbow and target, and pulls the joints to its angles. */
export const reachTarget: Witness = {
  ids: ['reacher'],
  claim: 'at the end the fingertip is within 2 cm of the target',
  begin: () => {
    return ({ proprio: [cos1, cos2, sin1, sin2], target: [x, y], velocity }, action) => {
      const cosine = (x * x + y * y - UPPER ** 2 - LOWER ** 2) / (2 * UPPER * LOWER)
      // Targets nearer than the arm can fold are out of reach by its geometry: it folds as far as it can.
      const elbow = Math.acos(Math.min(Math.max(cosine, -1), 1))
      const shoulder = Math.atan2(y, x) - Math.atan2(LOWER * Math.sin(elbow), UPPER + LOWER * Math.cos(elbow))
      const errors = [wrap(shoulder - Math.atan2(sin1, cos1)), elbow - Math.atan2(sin2, cos2)]
      errors.forEach((error, i) => {
        action[i] = (STIFFNESS * error - DAMPING * velocity[i]) / GEAR
      })
    }
  },
  done: ({ observation: { gap } }) => Math.hypot(gap[0], gap[1]) < 0.02,
}
