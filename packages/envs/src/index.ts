export type { EnvId, EnvInfo, EnvOptions } from './registry.ts'
export { envId, listEnvs, makeEnv } from './registry.ts'
