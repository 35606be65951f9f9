import { jacoChain } from '../src/bodies/jaco.ts'
import { minus } from './chain.ts'
import { moveSawyer, towards } from './hands.ts'
import { rates } from './rates.ts'
import type { Witness } from './witness.ts'

/** What `sawyer-reach` does not tell: where the point is, m. */
const POINT = [0.6, 0.15, 0.3]

const reach: Witness = {
  ids: ['sawyer-reach', 'sawyer-random-reach'],
  claim: 'at the end the hand is within 2 cm of the point',
  begin:
    () =>
    ({ proprio, target }, action) =>
      moveSawyer(proprio, { place: [...(target ?? POINT)] }, action),
  done: ({ info }) => info.success === 1,
}

const find: Witness = {
  ids: ['jaco-hidden-reach'],
  claim: 'at the end the fingers are within 5 cm of the point',
  begin:
    (spec) =>
    ({ proprio, pose, target }, action) => {
      // Joints that turn without end, counted from rest.
      const angles = jacoChain.rest.map((rest, i) => {
        const [sine, cosine] = [proprio[i], proprio[6 + i]]
        const [s, c] = [Math.sin(rest), Math.cos(rest)]
        return rest + Math.atan2(sine * c - cosine * s, cosine * c + sine * s)
      })
      action.fill(0)
      const moved = rates(jacoChain, angles, towards(minus([...target], [...pose.subarray(0, 3)])))
      const slower = Math.max(1, ...moved.map((rate, i) => Math.abs(rate) / spec.action.high[i]))
      action.set(moved.map((rate) => rate / slower))
    },
  done: ({ info }) => info.success === 1,
}

/** Arms that bring their hands to points. */
export const reachingWitnesses: readonly Witness[] = [reach, find]
