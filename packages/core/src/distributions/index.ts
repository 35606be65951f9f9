export { diagonalGaussian, type DiagonalGaussian, type GaussianParams } from './diagonalGaussian.ts'
export { tanhGaussian, type SquashedSample, type TanhGaussian } from './tanhGaussian.ts'
export {
  truncatedGaussian,
  type TruncatedGaussian,
  type TruncatedGaussianParams,
} from './truncatedGaussian.ts'
export { autoregressivePrior, type AutoregressivePrior } from './autoregressivePrior.ts'
export { categorical, type Categorical } from './categorical.ts'
export { gaussianMixture, tanhGaussianMixture, truncatedGaussianMixture } from './gaussianMixture.ts'
export type {
  GaussianMixture,
  GaussianMixtureParams,
  MixtureNoise,
  TanhGaussianMixture,
  TruncatedGaussianMixtureParams,
} from './gaussianMixture.ts'
export { uniformBox, type UniformBox } from './uniformBox.ts'
export { productOfMixtures, type MixtureProduct, type ProductOptions } from './productOfMixtures.ts'
export { realNvp, type RealNvp, type RealNvpOptions, type RealNvpParams } from './realNvp.ts'
export { flowLevel, type FlowLevelOptions, type FlowLevelParams } from './flowLevel.ts'
export { stackFlows, type ConditionalFlow, type StackOptions, type Transformed } from './stackFlows.ts'
export { flowDistribution, tanhFlowDistribution } from './flowDistribution.ts'
export type { FlowDistribution, FlowDistributionArgs, TanhFlowDistribution } from './flowDistribution.ts'
export { samplerNetwork } from './samplerNetwork.ts'
export type {
  SampledActions,
  SamplerNetwork,
  SamplerNetworkOptions,
  SamplerNetworkParams,
} from './samplerNetwork.ts'
