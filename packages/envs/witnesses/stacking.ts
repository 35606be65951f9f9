import type { Observation } from '@maxent/core/contracts'
import type { EnvId } from '@maxent/envs'
import { moveSawyer } from './hands.ts'
import type { Controller, Witness } from './witness.ts'

/** Where the held brick sits, and how far above that it is lowered from, m. */
const SEAT = [0.6, 0.15, 0.0292]
const ABOVE = 0.05
/** A hand that is so far to the side is not above the place, and one so low is on the studs, m. */
const ASIDE = 0.002
const ENGAGED = 0.009
const FORCE = 25
/** A hand so far to the left is beyond the post; where it goes until then, m. */
const BEYOND = 0.1
const OVER = [0.6, 0.15, 0.32]

/** Above the other brick first, then down, and pressed on where it no longer gives way. */
function stack({ proprio, hand }: Observation, action: Float32Array): void {
  const high = hand[2] - SEAT[2]
  const side = Math.hypot(hand[0] - SEAT[0], hand[1] - SEAT[1])
  const engaged = high < ENGAGED && side < 2 * ASIDE
  const height = engaged ? high : side < ASIDE ? 0 : ABOVE
  moveSawyer(proprio, { place: [SEAT[0], SEAT[1], SEAT[2] + height], force: engaged ? FORCE : 0 }, action)
}

/** Over the post: up until the hand is beyond it. */
function past(observation: Observation, action: Float32Array): void {
  const { proprio, hand } = observation
  if (hand[1] < BEYOND) moveSawyer(proprio, { place: OVER }, action)
  else stack(observation, action)
}

const stacking = (ids: readonly EnvId[], claim: string, control: Controller): Witness => ({
  ids,
  claim,
  begin: () => control,
  done: ({ info }) => info.success === 1,
})

/** The arm with a brick. */
export const stackingWitnesses: readonly Witness[] = [
  stacking(['sawyer-stack'], 'at the end the brick is within 1 mm of its seat', stack),
  stacking(
    ['sawyer-avoid'],
    'at the end the brick is within 5 cm of its place, and the post was never bent',
    past,
  ),
  stacking(
    ['sawyer-stack-and-avoid'],
    'at the end the brick is within 1 mm of its seat, and the post was never bent',
    past,
  ),
]
