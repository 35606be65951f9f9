import type { EnvId } from '@maxent/envs'
import type { PlaceOf } from './carry.ts'
import { carry } from './carry.ts'
import type { Witness } from './witness.ts'

const placeOnLine: PlaceOf = ([byX, x, , y], puck) => {
  if (byX === 0) return [0.9 * puck[0], y]
  return [x, x === 0 ? Math.min(puck[1], -0.6) : x < 0 ? -0.45 : -0.6]
}

/** The arm cannot bend as far as to the point on the left: to come near, it aims farther round the shoulder. */
const placeOnPoint: PlaceOf = ([, x, , y]) => (x < 0 ? [x - 0.05, y + 0.1] : [x, y])

const pushing = (id: EnvId, where: string, placeOf: PlaceOf): Witness => ({
  ids: [id],
  claim: `at the end the puck is within 0.2 m of its ${where}`,
  begin: () => carry(placeOf),
  done: ({ info }) => info.success === 1,
})

export const pushPuck: readonly Witness[] = [
  pushing('planar-pusher-line', 'line', placeOnLine),
  pushing('planar-pusher-point', 'point', placeOnPoint),
]
