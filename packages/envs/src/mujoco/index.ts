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
export { ability, controlInterval } from './model.ts'
export type { Derived, Simulation } from './simulation.ts'
export type { Attributes } from './xml.ts'
export { element } from './xml.ts'
export { derivedGroup, jointGroup } from '../bodies/proprioception.ts'
export { startNearRest } from '../bodies/start.ts'
export { emptySpace, floor } from '../tasks/arena.ts'
export { runForward } from '../tasks/runForward.ts'
