/**
 * Soft actor-critic: Haarnoja 2018 (thesis), chapters 4 and 5.
 * @module
 */
export { sac, type SacOptions } from './sac.ts'
export { resolveSacConfig, sacDefaults, sacSchema } from './config.ts'
export type { PolicyConfig, SacConfig, TemperatureConfig } from './config.ts'
export type { ActionLaw, OwnPolicy, PolicyHead, PolicyNetwork, PolicySizes, PolicyTraits } from './policy.ts'
export type { EntropyRange } from './entropyRange.ts'
export { nStepTarget, type NStepTargetArgs } from './nStep.ts'
export { sacPresets } from './presets.ts'
export type { SacPreset, SacPresetName } from './presets.ts'
export { softTarget, valueLoss } from './critic.ts'
export type { SoftTargetArgs, ValueLossArgs } from './critic.ts'
export { actorLoss, scoreFunctionLoss } from './actor.ts'
export type { ActorLossArgs, ScoreFunctionLossArgs } from './actor.ts'
export { defaultTargetEntropy, temperatureLoss } from './temperature.ts'
export type { TemperatureLossArgs } from './temperature.ts'
export type { SacState } from './state.ts'
export { learningRevision } from './learningRevision.ts'
export { discreteSac, discreteTargetEntropy } from './discrete/discreteSac.ts'
export type { DiscreteSacState } from './discrete/state.ts'
export {
  discreteSacDefaults,
  discreteSacSchema,
  resolveDiscreteSacConfig,
  type DiscreteSacConfig,
} from './discrete/config.ts'
export { discreteActorLoss, expectedValue, takenQ, type ExpectedValueArgs } from './discrete/losses.ts'
