import type { Observation } from '@maxent/core/contracts'
import type { Driver } from './drivers.ts'
import type { Controller } from './witness.ts'

/** x and y, m. */
export type Point = readonly [number, number]

/** A way from place to place, for the task that is seen at the start. */
export type Route = (observation: Observation) => readonly Point[]

/** Goes to what the group `target` tells, or to that of `targets` which `task` selects. */
export function seek(drive: Driver): Controller {
  const place = { ahead: 0, left: 0 }
  return (observation, action) => {
    const { target, targets, task } = observation
    const at = targets === undefined ? 0 : 2 * task.indexOf(1)
    const places = targets ?? target
    place.ahead = places[at]
    place.left = places[at + 1]
    drive(observation, place, action)
  }
}

/** Goes from place to place, by the group `pose`, and stays at the last. */
export function follow(drive: Driver, route: Route, near: number): Controller {
  const place = { ahead: 0, left: 0 }
  let ahead: readonly Point[] | undefined
  return (observation, action) => {
    const [x, y, cosine, sine] = observation.pose
    ahead ??= route(observation)
    if (ahead.length > 1 && Math.hypot(ahead[0][0] - x, ahead[0][1] - y) < near) ahead = ahead.slice(1)
    const [dx, dy] = [ahead[0][0] - x, ahead[0][1] - y]
    place.ahead = cosine * dx + sine * dy
    place.left = cosine * dy - sine * dx
    drive(observation, place, action)
  }
}
