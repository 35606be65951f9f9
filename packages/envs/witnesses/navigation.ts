import type { Driver } from './drivers.ts'
import { driveBall, drivePoint } from './drivers.ts'
import { walkAnt, walkAntRllab, walkQuadruped } from './legs.ts'
import type { Route } from './routes.ts'
import { follow, seek } from './routes.ts'
import { ALONG, BELOW, ROUND, throughCross, toSquare } from './ways.ts'
import type { Witness } from './witness.ts'

/** How each body is driven, by the name that its environments begin with. */
const DRIVERS: Readonly<Record<string, (id: string) => Driver>> = {
  'point-mass': () => drivePoint,
  ball: () => driveBall,
  ant: walkAntRllab,
  'walking-ant': walkAnt,
  quadruped: (id) => walkQuadruped(id.endsWith('ring') ? 0.05 : 0.02),
}

/** The driver of an environment's body. */
function driverOf(id: string, task: string): Driver {
  return DRIVERS[id.slice(0, -task.length - 1)](id)
}

const succeeded: Witness['done'] = ({ info }) => info.success === 1

/** A witness that goes to the target it sees. */
const seeking = (task: string, ids: Witness['ids'], claim: string): Witness => ({
  ids,
  claim,
  begin: ({ id }) => seek(driverOf(id, task)),
  done: succeeded,
})

/** A way, and how near a place must be to go on to the next, m. */
interface Way {
  readonly route: Route
  readonly near: number
}

/** A witness that goes a known way. */
const following = (
  task: string,
  ids: Witness['ids'],
  { claim, route, near }: Way & { claim: string },
): Witness => ({
  ids,
  claim,
  begin: ({ id }) => follow(driverOf(id, task), route, near),
  done: succeeded,
})

export const navigationWitnesses: readonly Witness[] = [
  following('blocked-maze', ['ant-blocked-maze', 'ball-blocked-maze', 'point-mass-blocked-maze'], {
    claim: 'at the end the body is nearer to the target than the closed passage allows',
    route: () => BELOW,
    near: 0.8,
  }),
  following('u-maze', ['ant-u-maze', 'ball-u-maze'], {
    claim: 'at the end the body is within 1 m of the target',
    route: () => ROUND,
    near: 0.8,
  }),
  ...(['wide-hallway', 'narrow-hallway'] as const).map((task) =>
    following(task, [`ant-${task}`, `ball-${task}`], {
      claim: 'at the end the body is 5 m along the hallway',
      route: () => ALONG,
      near: 1,
    }),
  ),
  following('cross-maze', ['ant-cross-maze', 'ball-cross-maze', 'point-mass-cross-maze'], {
    claim: 'the body reaches the goal',
    route: throughCross,
    near: 1.5,
  }),
  following('squares', ['walking-ant-squares', 'ball-squares', 'point-mass-squares'], {
    claim: 'at the end the body stands on a square that pays',
    route: toSquare,
    near: 0,
  }),
  seeking(
    'targets',
    ['walking-ant-targets', 'quadruped-targets', 'ball-targets'],
    'the body reaches the selected target',
  ),
  seeking('ring', ['quadruped-ring', 'ball-ring'], 'the body reaches the target'),
  seeking('target', ['ball-target'], 'the body reaches the target'),
]
