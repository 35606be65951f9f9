import type { Push } from './boxWishes.ts'
import type { Driver } from './drivers.ts'

/** How a walker pushes. */
export interface Shove {
  /** How far from a box it walks round it, m, and how it keeps that, 1/m. */
  readonly around: number
  readonly keep: number
  /** It begins to push within this angle of the line behind the box, and goes on within this, rad. */
  readonly ready: number
  readonly lost: number
  /** How it goes back to the line from box to target, 1/m. */
  readonly back: number
  /** How it turns so that the box comes between two legs, and how much at most, rad in half a cycle. */
  readonly turning: number
  readonly most: number
}

/** Walks round the box until it is behind it, as the target sees it, and pushes it there between two legs; goes round it when it comes off. */
export function shove(drive: Driver, how: Shove): Push {
  let pushing = false
  return (observation, { box: [bx, by], target: [tx, ty] }, action) => {
    const far = Math.hypot(tx - bx, ty - by)
    const [ux, uy] = [(tx - bx) / far, (ty - by) / far]
    // How far behind the box it is, how far to the left of the line, and the angle of that.
    const behind = bx * ux + by * uy
    const beside = bx * uy - by * ux
    const off = Math.atan2(-beside, behind)
    pushing = Math.abs(off) < (pushing ? how.lost : how.ready)
    // Legs lie along the diagonals: there are four gaps between two of them.
    const heading = Math.atan2(uy, ux)
    const gap = (Math.PI / 2) * Math.round(heading / (Math.PI / 2))
    const turn = Math.min(Math.max(how.turning * (heading - gap), -how.most), how.most)
    if (pushing) {
      const back = how.back * beside
      drive(observation, { ahead: ux + back * uy, left: uy - back * ux, turn }, action)
      return
    }
    const along = Math.sign(off)
    const out = how.keep * (how.around - Math.hypot(bx, by))
    drive(observation, { ahead: -along * by - out * bx, left: along * bx - out * by, turn }, action)
  }
}
