import type { Chain } from '../src/bodies/link.ts'
import { frames, minus } from './chain.ts'
import { rates } from './rates.ts'
import type { Witness } from './witness.ts'

/** Gymnasium's arm, from its shoulder: the hinges, and the fork whose x axis its prongs point along. */
const ARM: Chain = {
  base: [0, -0.6, 0],
  links: [
    { pos: [0, 0, 0], quat: [1, 0, 0, 0] },
    { pos: [0.1, 0, 0], quat: [1, -1, 0, 0] },
    { pos: [0, 0, 0], quat: [1, 1, 1, 1] },
    { pos: [0, 0, 0.4], quat: [1, -1, -1, -1] },
    { pos: [0, 0, 0], quat: [1, 1, 1, 1] },
    { pos: [0, 0, 0.321], quat: [1, -1, -1, -1] },
    { pos: [0, 0, 0], quat: [1, 1, 1, 1] },
  ],
  hand: { pos: [0, 0, 0], quat: [1, 0, -1, 0] },
  rest: [0.8, 0.7, 0, -0.5, 0, -0.3, 0],
}
const LOW = [-2.2854, -0.5236, -1.5, -2.3213, -1.5, -1.094, -1.5]
const HIGH = [1.714602, 1.3963, 1.7, 0, 1.5, 0, 1.5]
const DAMPING = [1, 1, 0.1, 0.1, 0.1, 0.1, 0.1]
/** Feedback of the rates of joints, N m s/rad; how far from their bounds they stop, rad. */
const FEEDBACK = 2
const SPARE = 0.02
/** Heights of the fork over the object, beside it, and where it begins to push, m. */
const OVER = -0.15
const BESIDE = -0.27
const PUSHING = -0.212
/** The fork goes down when it is so near to where it should be, and up again when it is so far, m. */
const NEAR = 0.02
const FAR = 0.06
/** Fastest approach, 1/s, and speed, m/s. */
const RATE = 3.3
const SPEED = 2.4
/** How deep the fork is kept in the object, m, from so far from the goal on: forces grow with depth. */
const DEPTH = 0.045
const EASE = 0.03
/** Where the middle of the object touches the bar, from either side, and a prong, m. */
const BAR = 0.07
const PRONG = 0.03
/** The bar's other side pushes where the goal is so far behind. */
const BEHIND = -0.41
/** The object's radius is that of the disc that is the goal, m. */
const RADIUS = 0.08

/** The goal seen from the object, in the plane. */
const gapOf = (object: Float32Array, goal: Float32Array): number[] => [
  goal[0] - object[0],
  goal[1] - object[1],
]

/** Where the object should be in the fork's frame, to be pushed along a direction there. */
function seat([ux, uy]: readonly number[], depth: number): number[] {
  if (ux < BEHIND) return [-BAR - depth * ux, 0]
  const across = -Math.sign(uy) * (PRONG * Math.min(1, Math.abs(uy) / 0.15) + depth * Math.abs(uy))
  return [ux < 0 ? BAR + 0.01 : BAR - depth * ux, across]
}

/** Lays the fork round the object and keeps it as deep in it as moves it: it has 8 mg, and gives way at 0.05 m/s at most. */
export const scoopObject: Witness = {
  ids: ['pusher'],
  claim: "at the end the object's middle is within 8 cm of the goal, the radius of its disc",
  rarely:
    'contact forces scale with the 8 mg of the object, which moves at 0.05 m/s at most; a fork that comes down on it has no time left',
  begin: () => {
    let down = false
    return ({ proprio, object, goal }, action) => {
      const [angles, speeds] = [proprio.subarray(0, 7), proprio.subarray(7, 14)]
      const { at, axes } = frames(ARM, angles).hand
      const heading = Math.atan2(axes[0][1], axes[0][0])
      const [c, s] = [Math.cos(heading), Math.sin(heading)]
      const [gx, gy] = gapOf(object, goal)
      const far = Math.hypot(gx, gy)
      const depth = at[2] < PUSHING ? DEPTH * Math.min(1, far / EASE) : 0
      const [x, y] = seat([(c * gx + s * gy) / far, (c * gy - s * gx) / far], depth)
      const [wx, wy] = [object[0] - (c * x - s * y), object[1] - (s * x + c * y)]
      const side = Math.hypot(wx - at[0], wy - at[1])
      if (side > FAR) down = false
      if (side < NEAR) down = true
      const way = minus([wx, wy, down ? BESIDE : OVER], at)
      const rate = Math.min(RATE, SPEED / Math.hypot(...way))
      const turns = rates(
        ARM,
        angles,
        way.map((part) => rate * part),
      )
      turns.forEach((turn, i) => {
        const most = angles[i] > HIGH[i] - SPARE ? Math.min(turn, 0) : turn
        const wanted = angles[i] < LOW[i] + SPARE ? Math.max(most, 0) : most
        action[i] = Math.min(Math.max(DAMPING[i] * wanted + FEEDBACK * (wanted - speeds[i]), -2), 2)
      })
    }
  },
  done: ({ observation: { object, goal } }) => Math.hypot(...gapOf(object, goal)) < RADIUS,
}
