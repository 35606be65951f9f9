import type { Observation } from '@maxent/core/contracts'

/** Moves a body towards a place that lies so far ahead and so far to the left of it. Legs can turn on the way, by so many rad per half cycle. */
export type Driver = (
  observation: Observation,
  place: { ahead: number; left: number; turn?: number },
  action: Float32Array,
) => void

/** Pushes a point, which has no heading, with a brake. */
export const drivePoint: Driver = ({ proprio }, { ahead, left }, action) => {
  action[0] = 2 * ahead - proprio[0]
  action[1] = 2 * left - proprio[1]
}

/** Turns a ball to the place and rolls, the slower the farther it has to turn and the nearer it is. */
export const driveBall: Driver = ({ proprio }, { ahead, left }, action) => {
  const angle = Math.atan2(left, ahead)
  const speed = Math.min(3, 1.5 * Math.hypot(ahead, left)) * Math.max(0, Math.cos(angle)) ** 2
  action[0] = speed - proprio[0]
  action[1] = 2 * angle - 0.5 * proprio[3]
}
