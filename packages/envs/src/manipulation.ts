import { ball, jumpingBall } from './bodies/ball.ts'
import { jaco } from './bodies/jaco.ts'
import { planarPusher } from './bodies/planarPusher.ts'
import { quadruped } from './bodies/quadruped.ts'
import { sawyer, sawyerWithBrick } from './bodies/sawyer.ts'
import { walkingAnt } from './bodies/walkingAnt.ts'
import type { Body, Task } from './mujoco/model.ts'
import { withInterval } from './mujoco/model.ts'
import { moveHiddenBox } from './tasks/hiddenBox.ts'
import { reachHiddenPoint } from './tasks/hiddenReach.ts'
import { HIDDEN_TARGET_INTERVAL } from './tasks/hiddenTarget.ts'
import { boxAndTarget, boxOrTarget, gatherBoxes, moveBox } from './tasks/moveBox.ts'
import { pushToLine, pushToPoint } from './tasks/pushTo.ts'
import { reachAnyPoint, reachOnePoint } from './tasks/reachPoint.ts'
import { avoidPost, stackBrick, stackPastPost } from './tasks/stackBrick.ts'

/** The names of {@link manipulation}. */
export type ManipulationId =
  | 'planar-pusher-line'
  | 'planar-pusher-point'
  | 'sawyer-reach'
  | 'sawyer-random-reach'
  | 'sawyer-stack'
  | 'sawyer-avoid'
  | 'sawyer-stack-and-avoid'
  | 'jaco-hidden-reach'
  | 'walking-ant-box'
  | 'quadruped-box'
  | 'ball-box'
  | 'walking-ant-box-of-three'
  | 'ball-box-of-three'
  | 'ball-two-boxes'
  | 'walking-ant-heavy-box'
  | 'ball-heavy-box'
  | 'ball-gather-boxes'
  | 'walking-ant-box-or-target'
  | 'ball-box-or-target'
  | 'walking-ant-box-and-target'
  | 'ball-box-and-target'
  | 'jumping-ball-hidden-box'

const ONE = 'Move a box to a target'
const HEAVY = 'Move a heavy box to a target'
const THREE = 'Move a box to one of three targets'
const OR = 'Move a box to one of two targets, or go to one'
const AND = 'Move a box to one of two targets, and go to the other'
const easy = moveBox()
const mid = moveBox({ targets: 3 })
const hard = moveBox({ boxes: 2, targets: 2 })
const heavy = moveBox({ heavy: true })

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
  'sawyer-reach': {
    body: sawyer,
    task: reachOnePoint,
    description: 'Bring the hand of an arm of seven joints to a point.',
  },
  'sawyer-random-reach': {
    body: sawyer,
    task: reachAnyPoint,
    description: 'Bring the hand of an arm of seven joints to a point that every episode draws.',
  },
  'sawyer-stack': {
    body: sawyerWithBrick,
    task: stackBrick,
    description: 'Press a brick onto the studs of another, with an arm of seven joints.',
  },
  'sawyer-avoid': {
    body: sawyerWithBrick,
    task: avoidPost,
    description: 'Bring a brick near another past a post, with an arm of seven joints.',
  },
  'sawyer-stack-and-avoid': {
    body: sawyerWithBrick,
    task: stackPastPost,
    description: 'Press a brick onto the studs of another past a post, with an arm of seven joints.',
  },
  'jaco-hidden-reach': {
    body: jaco,
    task: reachHiddenPoint,
    description: 'Find a point that keeps its place, with an arm of six joints and a hand.',
  },
  'walking-ant-box': { body: walkingAnt, task: easy, description: `${ONE}, on four legs.` },
  'quadruped-box': { body: quadruped, task: easy, description: `${ONE}, with twelve servos.` },
  'ball-box': { body: ball, task: easy, description: `${ONE}, rolling.` },
  'walking-ant-box-of-three': { body: walkingAnt, task: mid, description: `${THREE}, on four legs.` },
  'ball-box-of-three': { body: ball, task: mid, description: `${THREE}, rolling.` },
  'ball-two-boxes': {
    body: ball,
    task: hard,
    description: 'Move one of two boxes to one of two targets, rolling.',
  },
  'walking-ant-heavy-box': { body: walkingAnt, task: heavy, description: `${HEAVY}, on four legs.` },
  'ball-heavy-box': { body: ball, task: heavy, description: `${HEAVY}, rolling.` },
  'ball-gather-boxes': { body: ball, task: gatherBoxes, description: 'Push two boxes together, rolling.' },
  'walking-ant-box-or-target': { body: walkingAnt, task: boxOrTarget, description: `${OR}, on four legs.` },
  'ball-box-or-target': { body: ball, task: boxOrTarget, description: `${OR}, rolling.` },
  'walking-ant-box-and-target': {
    body: walkingAnt,
    task: boxAndTarget,
    description: `${AND}, on four legs.`,
  },
  'ball-box-and-target': { body: ball, task: boxAndTarget, description: `${AND}, rolling.` },
  'jumping-ball-hidden-box': {
    body: withInterval(jumpingBall, HIDDEN_TARGET_INTERVAL),
    task: moveHiddenBox,
    description: 'Move a box to a target that both keep their places, rolling and jumping.',
  },
}
