import type { Place, Push } from './boxWishes.ts'
import { driveBall } from './drivers.ts'

/** How far behind a box pushing begins, and how far beside a box the way around it leads, m. */
const BEHIND = 0.75
const BESIDE = 0.85

/** Goes round the box until it is behind it, as the target sees it, and pushes it there; goes back when it comes off. */
export function roll(): Push {
  let pushing = false
  let side = 1
  return (observation, { box: [bx, by], target: [tx, ty] }, action) => {
    const far = Math.hypot(tx - bx, ty - by)
    const [ux, uy] = [(tx - bx) / far, (ty - by) / far]
    // How far behind the box it is, and how far beside the line, to which side.
    const behind = bx * ux + by * uy
    const beside = bx * uy - by * ux
    if (pushing && (behind < 0.3 || Math.abs(beside) > 0.25)) pushing = false
    if (!pushing && behind > 0.6 && behind < 1.2 && Math.abs(beside) < 0.08) pushing = true
    if (pushing) {
      // Towards the target and, the more the farther off the line it is, back to the line.
      const back = 2 * beside
      const [ahead, left] = [ux + back * uy, uy - back * ux]
      // It turns before it rolls, as long as it does not touch.
      const haste = behind > 0.55 && Math.abs(Math.atan2(left, ahead)) > 0.2 ? 0.01 : 1.2
      driveBall(observation, { ahead: haste * ahead, left: haste * left }, action)
      return
    }
    if (Math.abs(beside) > 0.3) side = Math.sign(beside)
    const round = behind < 0.35 && Math.abs(beside) < BESIDE + 0.3
    const [along, across] = round ? [behind < -0.2 ? 0 : -BEHIND, side * BESIDE] : [-BEHIND, 0]
    const goal: Place = [bx + along * ux - across * uy, by + along * uy + across * ux]
    // It only slows down where pushing begins.
    const haste = round ? 1.2 / Math.min(Math.hypot(...goal), 1.2) : 2
    // Over a short way it rolls back.
    const way = goal[0] < 0 && Math.hypot(...goal) < BEHIND ? -1 : 1
    driveBall(observation, { ahead: way * haste * goal[0], left: way * haste * goal[1] }, action)
    if (way === -1) action[0] = -action[0] - 2 * observation.proprio[0]
  }
}
