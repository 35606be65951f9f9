import type { Observation } from '@maxent/core/contracts'
import { forkOf, hold, wrap } from './forks.ts'
import type { Controller } from './witness.ts'

/** How fast joints turn at most, rad/s, and what answers to errors of angle and of speed, 1/s and N m s per rad. */
const FASTEST = 1.2
const RATE = 3
const PULLS = [8, 5, 2]
/** How far a puck is ahead of the bar: before the fork comes over it, when it is there, when pushed on, and when swept aside, m. */
const BEFORE = 0.42
const OVER = 0.17
const PUSHED = 0.13
const SWEPT = 0.22
/** A puck no farther ahead is held, m. */
const HELD = 0.26
/** How far ahead of the puck the fork goes, and how far out a puck is swept and pushed at most, m. */
const LEAD = 0.14
const OUT = { swept: 1.1, pushed: 1.3, reach: 1.36 }
/** A fork is before a puck when its joints are within this, rad. */
const THERE = 0.15

/** Where the puck should go, which the arm reaches, from the group `goal` and where it is. */
export type PlaceOf = (goal: Float32Array, puck: readonly number[]) => readonly [number, number]

/** Where to take the puck next: round the shoulder first, then out. */
function nextPlace(
  puck: readonly [number, number],
  goal: readonly [number, number],
): { at: [number, number]; out: boolean } {
  const radius = Math.hypot(...puck)
  const angle = Math.atan2(puck[1], puck[0])
  const turn = wrap(Math.atan2(goal[1], goal[0]) - angle)
  const wanted = Math.min(Math.hypot(...goal), Math.abs(turn) * radius > 0.3 ? OUT.swept : Infinity)
  const share = Math.min(1, LEAD / (Math.abs(turn) * radius + Math.abs(wanted - radius) + 1e-9))
  const next = Math.min(OUT.reach, radius + share * Math.max(0, wanted - radius))
  const to = angle + share * turn
  return {
    at: [next * Math.cos(to), next * Math.sin(to)],
    out: wanted - radius > 0.02 && radius < OUT.pushed,
  }
}

/** Takes the fork before the puck, over it, and then the puck between its prongs to a place. */
export function carry(placeOf: PlaceOf): Controller {
  let stage: 'before' | 'over' | 'held' = 'before'
  return ({ proprio, object, goal }: Observation, action) => {
    const angles = [...proprio.subarray(0, 3)]
    const puck: [number, number] = [object[0], object[1]]
    const fork = forkOf(angles)
    const [x, y] = [puck[0] - fork.x, puck[1] - fork.y]
    const ahead = x * Math.cos(fork.heading) + y * Math.sin(fork.heading)
    const aside = y * Math.cos(fork.heading) - x * Math.sin(fork.heading)
    const between = ahead > 0 && ahead < 0.3 && Math.abs(aside) < 0.2
    if (between && ahead < HELD) stage = 'held'
    else if (!between && stage === 'held') stage = 'before'
    let wanted: readonly number[] | undefined
    if (stage === 'before') {
      wanted = hold(angles, { puck, ahead: BEFORE, turning: 0.3 })
      if (wanted?.every((angle, i) => Math.abs(angle - angles[i]) < THERE) === true) stage = 'over'
    }
    if (stage === 'over') wanted = hold(angles, { puck, ahead: OVER, turning: 1 })
    if (stage === 'held') {
      const place = placeOf(goal, puck)
      const { at, out } = nextPlace(puck, place)
      const near = Math.hypot(place[0] - puck[0], place[1] - puck[1]) < 0.05
      // Where the arm cannot go behind it, it pushes with a prong.
      for (const ahead of out ? [PUSHED, OVER, SWEPT] : [SWEPT]) {
        wanted ??= hold(angles, {
          puck: at,
          ahead,
          turning: 0.5,
          ...(near ? {} : { course: Math.atan2(at[1] - puck[1], at[0] - puck[0]) }),
        })
      }
    }
    for (let i = 0; i < angles.length; i++) {
      const error = wanted === undefined ? 0 : wanted[i] - angles[i]
      const rate = Math.min(Math.max(RATE * error, -FASTEST), FASTEST)
      action[i] = rate + PULLS[i] * (rate - proprio[3 + i])
    }
  }
}
