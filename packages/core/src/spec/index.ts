export { actionScale } from './actionScale.ts'
export type { ActionScale } from './actionScale.ts'
export { observationGroups } from './observationGroups.ts'
export type { ObservationGroups } from './observationGroups.ts'
