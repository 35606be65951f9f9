/**
 * Soft operators and estimators: pure functions of tensors, with static shapes.
 * @module
 */
export { checkAlpha } from './alpha.ts'
export type { Alpha } from './alpha.ts'

// values and policies from sampled actions
export { minimumQ } from './minimumQ.ts'
export { softValue, uniformSoftValue } from './softValue.ts'
export type { SoftValueArgs, UniformSoftValueArgs } from './softValue.ts'
export { effectiveSampleSize, importanceWeights, proposalLoss } from './importanceWeights.ts'
export type { ImportanceWeights, ImportanceWeightsArgs, ProposalLossArgs } from './importanceWeights.ts'
export { sampledPolicy } from './sampledPolicy.ts'
export type { SampledPolicy, SampledPolicyArgs } from './sampledPolicy.ts'

// Stein variational gradients
export { medianBandwidth, rbfBandwidth } from './bandwidth.ts'
export type { Bandwidth } from './bandwidth.ts'
export { squaredDistances } from './squaredDistances.ts'
export { svgdDirection } from './svgdDirection.ts'
export type { SvgdDirectionArgs } from './svgdDirection.ts'
export { steinDiscrepancy } from './steinDiscrepancy.ts'
export type { SteinDiscrepancyArgs } from './steinDiscrepancy.ts'
export { releasedScore, squashedScore } from './svgdScore.ts'
export type { ReleasedScoreArgs, SquashedScoreArgs } from './svgdScore.ts'
export { squashedSvgdLoss, svgdSurrogate } from './svgdLoss.ts'
export type { SquashedSvgdLossArgs, SvgdForm, SvgdSurrogateArgs } from './svgdLoss.ts'

// targets from transitions and from stretches of experience
export { bellmanResidual } from './bellmanResidual.ts'
export type { BellmanResidualArgs } from './bellmanResidual.ts'
export { bellmanTarget } from './bellmanTarget.ts'
export type { BellmanTargetArgs } from './bellmanTarget.ts'
export type { Stretch } from './stretch.ts'
export { retrace } from './retrace.ts'
export type { RetraceArgs } from './retrace.ts'
export { vtrace } from './vtrace.ts'
export type { Vtrace, VtraceArgs } from './vtrace.ts'
export { nStepReturns } from './nStepReturns.ts'
export type { NStepReturnsArgs } from './nStepReturns.ts'
export { lambdaReturns } from './lambdaReturns.ts'
export type { LambdaReturnsArgs } from './lambdaReturns.ts'
export { gae } from './gae.ts'
export type { GaeArgs } from './gae.ts'

// duals of constraints
export { entropyDual } from './entropyDual.ts'
export type { EntropyDualArgs } from './entropyDual.ts'
export { klDual } from './klDual.ts'
export type { KlDualArgs } from './klDual.ts'

// divergences and parametrisations
export { gaussianRenyiHalf, renyiHalf } from './renyi.ts'
export type { RenyiHalfArgs } from './renyi.ts'
export { actionFeatures, actionValue, stateFeatures } from './advantage.ts'
export type { ActionFeaturesArgs, ActionValueArgs, StateFeaturesArgs } from './advantage.ts'
