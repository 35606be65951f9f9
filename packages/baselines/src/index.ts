/**
 * What the papers compare against. Each algorithm is a folder, with a README of its own.
 * @module
 */

// TD3: Fujimoto et al. 2018
export { td3 } from './td3/td3.ts'
export { resolveTd3Config, td3Defaults, td3Paper, td3Schema } from './td3/config.ts'
export type { Td3Config } from './td3/config.ts'
export type { Td3State } from './td3/state.ts'
export { smoothedAction } from './td3/smoothedAction.ts'
export type { SmoothedActionArgs } from './td3/smoothedAction.ts'

// DDPG: Lillicrap et al. 2015; with two critics, Haarnoja 2018 (thesis), section 5.3
export { ddpg } from './ddpg/ddpg.ts'
export { ddpgDefaults, ddpgPaper, ddpgSchema, ddpgThesis, resolveDdpgConfig } from './ddpg/config.ts'
export type { DdpgConfig } from './ddpg/config.ts'
export type { DdpgState } from './ddpg/state.ts'

// shared by the above
export { criticLoss } from './shared/criticLoss.ts'
export type { CriticLossArgs } from './shared/criticLoss.ts'
export { policyLoss } from './shared/policyLoss.ts'
export type { PolicyLossArgs } from './shared/policyLoss.ts'

// NAF: Gu et al. 2016
export { naf } from './naf/naf.ts'
export { nafDefaults, nafSchema, resolveNafConfig } from './naf/config.ts'
export type { NafConfig } from './naf/config.ts'
export type { NafState } from './naf/state.ts'
export { quadraticAdvantage } from './naf/advantage.ts'
export type { QuadraticAdvantageArgs } from './naf/advantage.ts'
export { mergeQuadratics } from './naf/merge.ts'
export type { Quadratic } from './naf/merge.ts'

// DDPG and NAF combined: Haarnoja 2018 (thesis), section 6.3
export * from './compose/index.ts'

// what learns
export { learningRevision } from './learningRevision.ts'

// PPO: Schulman et al. 2017
export { ppo } from './ppo/ppo.ts'
export { ppoDefaults, ppoSchema, resolvePpoConfig } from './ppo/config.ts'
export type { PpoConfig } from './ppo/config.ts'
export type { PpoState } from './ppo/state.ts'
export type { PpoBatch } from './ppo/update.ts'
export type { PpoRows } from './ppo/prepare.ts'
export { clippedSurrogate } from './ppo/surrogate.ts'
export type { SurrogateArgs } from './ppo/surrogate.ts'
export { valueLoss } from './ppo/value.ts'
export type { ValueLossArgs } from './ppo/value.ts'

// Trust-PCL: Nachum et al. 2018
export { trustPcl } from './trust-pcl/trustPcl.ts'
export { resolveTrustPclConfig, trustPclDefaults, trustPclSchema } from './trust-pcl/config.ts'
export type { TrustPclConfig } from './trust-pcl/config.ts'
export type { TrustPclState } from './trust-pcl/state.ts'
export { lambdaOfDivergence, optimalDivergence } from './trust-pcl/divergence.ts'
export type { LambdaOfDivergenceArgs, OptimalDivergenceArgs } from './trust-pcl/divergence.ts'
export { pathConsistencyLoss, pathErrors } from './trust-pcl/pathConsistency.ts'
export type { PathConsistencyLossArgs, PathErrorsArgs } from './trust-pcl/pathConsistency.ts'

// settings for tasks
export { ddpgPresets, nafPresets, ppoPresets, td3Presets, trustPclPresets } from './presets.ts'
