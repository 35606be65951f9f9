/**
 * Soft Q-learning: Haarnoja 2018 (thesis), chapter 3.
 * @module
 */
export { sql } from './sql.ts'
export { resolveSqlConfig, sqlDefaults, sqlSchema } from './config.ts'
export type {
  FormConfig,
  LatentsConfig,
  ParticlesConfig,
  SqlConfig,
  TemperatureConfig,
  ValueConfig,
} from './config.ts'
export { estimateValue, samplerProposal, uniformProposal } from './value.ts'
export type { Proposal, SamplerProposalArgs, ValueEstimate } from './value.ts'
export { boxScore, samplerLoss, scoreOf } from './sampler.ts'
export type { SamplerLossArgs, ScoreArgs } from './sampler.ts'
export { modeCoverage, samplerDiagnostics } from './diagnostics.ts'
export type { ModeCoverageArgs, SamplerDiagnostics, SamplerDiagnosticsArgs } from './diagnostics.ts'
export { alphaAt } from './temperature.ts'
export { drawLatents, latentCount, type DrawLatentsArgs } from './latents.ts'
export { createNetworks, type SqlNetworks } from './networks.ts'
export type { SqlState } from './state.ts'
export * from './compose/index.ts'
export { learningRevision } from './learningRevision.ts'
export { sqlPresets } from './presets.ts'
export type { SqlPreset, SqlPresetName } from './presets.ts'
