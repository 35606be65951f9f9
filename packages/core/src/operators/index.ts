/** Soft operators and estimators: pure functions of tensors, with static shapes. */
export type { Alpha } from './alpha.ts'

// values and policies from sampled actions
export { softValue, uniformSoftValue } from './softValue.ts'
export type { SoftValueArgs, UniformSoftValueArgs } from './softValue.ts'
export { effectiveSampleSize, importanceWeights, proposalLoss } from './importanceWeights.ts'
export type { ImportanceWeights, ImportanceWeightsArgs, ProposalLossArgs } from './importanceWeights.ts'
export { sampledPolicy } from './sampledPolicy.ts'
export type { SampledPolicy, SampledPolicyArgs } from './sampledPolicy.ts'
