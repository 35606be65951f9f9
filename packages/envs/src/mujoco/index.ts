/**
 * What the environments on MuJoCo are made of: bodies, tasks, arenas, and how they are joined.
 * @module
 */
export type { ComposeOptions } from './composeEnv.ts'
export { composeEnv } from './composeEnv.ts'
export type {
  Ability,
  Arena,
  Body,
  ModelFragment,
  ObservationGroup,
  Root,
  Surroundings,
  Task,
  TaskRun,
  Timing,
} from './model.ts'
export { ability, controlInterval, withInterval } from './model.ts'
export type { Derived, Simulation } from './simulation.ts'
export type { Attributes } from './xml.ts'
export { element } from './xml.ts'
export { derivedGroup, jointGroup } from '../bodies/proprioception.ts'
export { startNearRest } from '../bodies/start.ts'
export { emptySpace, floor } from '../tasks/arena.ts'
export { withVision } from '../render/vision.ts'
export { runForward } from '../tasks/runForward.ts'
// Bodies and tasks that fit each other in any pairing that their abilities allow.
export { ant } from '../bodies/ant.ts'
export { ball, jumpingBall } from '../bodies/ball.ts'
export { jaco } from '../bodies/jaco.ts'
export { minitaur } from '../bodies/minitaur.ts'
export { planarPusher } from '../bodies/planarPusher.ts'
export { point } from '../bodies/point.ts'
export { quadruped } from '../bodies/quadruped.ts'
export { antRllab, humanoidRllab, swimmerRllab } from '../bodies/rllab.ts'
export { sawyer, sawyerWithBrick } from '../bodies/sawyer.ts'
export { simpleHumanoid } from '../bodies/simpleHumanoid.ts'
export { swimmer } from '../bodies/swimmer.ts'
export { walkingAnt } from '../bodies/walkingAnt.ts'
export { blockedDistance, blockedMaze } from '../arenas/mazes.ts'
export type { Maze } from '../arenas/mazes.ts'
export { blockedMazeTask, uMazeTask } from '../tasks/bumpMaze.ts'
export { crossMazeTask } from '../tasks/crossMaze.ts'
export { finishLine } from '../tasks/finishLine.ts'
export { gapCorridor } from '../tasks/gap.ts'
export { narrowHallwayRun, wideHallwayRun } from '../tasks/hallway.ts'
export { moveHiddenBox } from '../tasks/hiddenBox.ts'
export { reachHiddenPoint } from '../tasks/hiddenReach.ts'
export { goToRing, goToTarget } from '../tasks/hiddenTarget.ts'
export type { MovedBoxes } from '../tasks/moveBox.ts'
export { boxAndTarget, boxOrTarget, gatherBoxes, moveBox } from '../tasks/moveBox.ts'
export { pushToLine, pushToPoint } from '../tasks/pushTo.ts'
export { reachAnyPoint, reachOnePoint } from '../tasks/reachPoint.ts'
export { redAndGreen } from '../tasks/squares.ts'
export { avoidPost, stackBrick, stackPastPost } from '../tasks/stackBrick.ts'
export type { Targets } from '../tasks/targets.ts'
export { goToTargets } from '../tasks/targets.ts'
