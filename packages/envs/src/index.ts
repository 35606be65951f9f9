export type { EnvId, EnvInfo, EnvOptions, TaskSplit } from './registry.ts'
export { envId, listEnvs, makeEnv } from './registry.ts'
export { diagonalWorld } from './grids/diagonal.ts'
export { targetWorld } from './grids/target.ts'
