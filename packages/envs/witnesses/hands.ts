import { sawyerChain } from '../src/bodies/sawyer.ts'
import type { Vector } from './chain.ts'
import { cross, frames, minus } from './chain.ts'
import { rates } from './rates.ts'

/** Approach: rate, 1/s, and most speed, m/s. */
const RATE = 4
const SPEED = 0.4

/** A velocity towards a place. */
export function towards(gap: Vector): number[] {
  const far = Math.hypot(...gap)
  const rate = Math.min(RATE, SPEED / Math.max(far, 1e-9))
  return gap.map((x) => rate * x)
}

/** A rotation that sets a hand upright, heading along x. */
const upright = (axes: readonly Vector[]): number[] =>
  [0, 1, 2].map((i) =>
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].reduce((sum, axis, a) => sum + (RATE / 2) * cross(axes[a], axis)[i], 0),
  )

/** Where a hand should go, m, and with which force it should press down, N. */
interface Aim {
  readonly place: Vector
  readonly force?: number
}

/** Torques that keep the sawyer's hand upright and take it to its aim. Its joints are so damped that torques decide speeds. */
export function moveSawyer(proprio: Float32Array, { place, force = 0 }: Aim, action: Float32Array): void {
  const { hinges, hand } = frames(sawyerChain, proprio)
  const moved = rates(sawyerChain, proprio, [...towards(minus(place, hand.at)), ...upright(hand.axes)])
  hinges.forEach(({ at, axes }, i) => {
    action[i] = sawyerChain.damping[i] * moved[i] - force * cross(axes[2], minus(hand.at, at))[2]
  })
}
