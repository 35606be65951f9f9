import { planarPusher } from './bodies/planarPusher.ts'
import type { Body, Task } from './mujoco/model.ts'
import { pushToLine, pushToPoint } from './tasks/pushTo.ts'

/** The names of {@link manipulation}. */
export type ManipulationId = 'planar-pusher-line' | 'planar-pusher-point'

/** Bodies that move things, beyond Gymnasium's. */
export const manipulation: Readonly<
  Record<ManipulationId, { readonly body: Body; readonly task: Task; readonly description: string }>
> = {
  'planar-pusher-line': {
    body: planarPusher,
    task: pushToLine,
    description: 'Push a puck anywhere onto a line, with an arm of three joints.',
  },
  'planar-pusher-point': {
    body: planarPusher,
    task: pushToPoint,
    description: 'Push a puck to a point, with an arm of three joints.',
  },
}
