import { ball, jumpingBall } from './bodies/ball.ts'
import { point } from './bodies/point.ts'
import { quadruped } from './bodies/quadruped.ts'
import { antRllab, swimmerRllab } from './bodies/rllab.ts'
import { simpleHumanoid } from './bodies/simpleHumanoid.ts'
import { walkingAnt } from './bodies/walkingAnt.ts'
import type { Body, Task } from './mujoco/model.ts'
import { withInterval } from './mujoco/model.ts'
import { blockedMazeTask, uMazeTask } from './tasks/bumpMaze.ts'
import { crossMazeTask } from './tasks/crossMaze.ts'
import { finishLine } from './tasks/finishLine.ts'
import { gapCorridor } from './tasks/gap.ts'
import { narrowHallwayRun, wideHallwayRun } from './tasks/hallway.ts'
import { goToRing, goToTarget, HIDDEN_TARGET_INTERVAL } from './tasks/hiddenTarget.ts'
import { redAndGreen } from './tasks/squares.ts'
import { goToTargets } from './tasks/targets.ts'

/** The names of {@link navigation}. */
export type NavigationId =
  | 'swimmer-finish-line'
  | 'ant-blocked-maze'
  | 'ball-blocked-maze'
  | 'point-mass-blocked-maze'
  | 'ant-wide-hallway'
  | 'ball-wide-hallway'
  | 'ant-narrow-hallway'
  | 'ball-narrow-hallway'
  | 'ant-u-maze'
  | 'ball-u-maze'
  | 'ant-cross-maze'
  | 'ball-cross-maze'
  | 'point-mass-cross-maze'
  | 'walking-ant-targets'
  | 'quadruped-targets'
  | 'ball-targets'
  | 'quadruped-ring'
  | 'ball-ring'
  | 'humanoid-target'
  | 'ball-target'
  | 'walking-ant-gap'
  | 'jumping-ball-gap'
  | 'walking-ant-squares'
  | 'ball-squares'
  | 'point-mass-squares'

const BLOCKED = 'Find the open one of two passages to a target'
const WIDE = 'Run along a wide hallway, either way'
const NARROW = 'Run along a narrow hallway, either way'
const BEND = 'Go round a bend to a target'
const CROSS = 'Reach a goal in an arm of a cross, where nothing else pays'
const TARGETS = 'Go to one of three targets'
const RING = 'Find a place on a ring'
const TARGET = 'Find a place without falling'
const GAP = 'Run along a corridor and over the gap in its middle'
const SQUARES = 'Stand on the red square or on the green one'

/** A body at the rate of hidden targets. */
const seeking = (body: Body): Body => withInterval(body, HIDDEN_TARGET_INTERVAL)
const targets = goToTargets()

/** Bodies that find their way. */
export const navigation: Readonly<
  Record<NavigationId, { readonly body: Body; readonly task: Task; readonly description: string }>
> = {
  'swimmer-finish-line': {
    body: swimmerRllab,
    task: finishLine,
    description: 'Swim either way, and find the line on one side beyond which more is paid.',
  },
  'ant-blocked-maze': { body: antRllab, task: blockedMazeTask, description: `${BLOCKED}, on four legs.` },
  'ball-blocked-maze': { body: ball, task: blockedMazeTask, description: `${BLOCKED}, rolling.` },
  'point-mass-blocked-maze': { body: point, task: blockedMazeTask, description: `${BLOCKED}, as a point.` },
  'ant-wide-hallway': { body: antRllab, task: wideHallwayRun, description: `${WIDE}, on four legs.` },
  'ball-wide-hallway': { body: ball, task: wideHallwayRun, description: `${WIDE}, rolling.` },
  'ant-narrow-hallway': { body: antRllab, task: narrowHallwayRun, description: `${NARROW}, on four legs.` },
  'ball-narrow-hallway': { body: ball, task: narrowHallwayRun, description: `${NARROW}, rolling.` },
  'ant-u-maze': { body: antRllab, task: uMazeTask, description: `${BEND}, on four legs.` },
  'ball-u-maze': { body: ball, task: uMazeTask, description: `${BEND}, rolling.` },
  'ant-cross-maze': { body: antRllab, task: crossMazeTask, description: `${CROSS}, on four legs.` },
  'ball-cross-maze': { body: ball, task: crossMazeTask, description: `${CROSS}, rolling.` },
  'point-mass-cross-maze': { body: point, task: crossMazeTask, description: `${CROSS}, as a point.` },
  'walking-ant-targets': { body: walkingAnt, task: targets, description: `${TARGETS}, on four legs.` },
  'quadruped-targets': { body: quadruped, task: targets, description: `${TARGETS}, with twelve servos.` },
  'ball-targets': { body: ball, task: targets, description: `${TARGETS}, rolling.` },
  'quadruped-ring': { body: seeking(quadruped), task: goToRing, description: `${RING}, with twelve servos.` },
  'ball-ring': { body: seeking(ball), task: goToRing, description: `${RING}, rolling.` },
  'humanoid-target': {
    body: seeking(simpleHumanoid),
    task: goToTarget,
    description: `${TARGET}, on two legs.`,
  },
  'ball-target': { body: seeking(ball), task: goToTarget, description: `${TARGET}, rolling.` },
  'walking-ant-gap': { body: walkingAnt, task: gapCorridor, description: `${GAP}, on four legs.` },
  'jumping-ball-gap': { body: jumpingBall, task: gapCorridor, description: `${GAP}, rolling and jumping.` },
  'walking-ant-squares': { body: walkingAnt, task: redAndGreen, description: `${SQUARES}, on four legs.` },
  'ball-squares': { body: ball, task: redAndGreen, description: `${SQUARES}, rolling.` },
  'point-mass-squares': { body: point, task: redAndGreen, description: `${SQUARES}, as a point.` },
}
