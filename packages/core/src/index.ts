/**
 * Trees, keys, stable functions, networks, optimisers, distributions, estimators, and the contracts of environments and algorithms.
 * @module
 */

// contracts
export type * from './contracts.ts'

// trees
export { assertSameStructure, eachLeaf, leafPaths, leaves, mapTree, unflatten, zipTrees } from './tree.ts'
export type { LeafOf, MapTree, Tree } from './tree.ts'

// keys
export * from './keys/index.ts'

// checks and configuration
export { checkFinite, checkInteger, checkShapes, describeValue, didYouMean, nearestName } from './check.ts'
export type { Dimension, IntegerCheck, Shaped } from './check.ts'
export { resolveConfig } from './config/resolve.ts'
export type { ConfigRules } from './config/resolve.ts'
export { positiveSchema } from './config/positive.ts'
export { describeConfig } from './config/describe.ts'
export type { ConfigField } from './config/describe.ts'
export { parseSettings } from './config/settings.ts'
export type { LoopSettings, Preset } from './config/preset.ts'

// specifications
export * from './spec/index.ts'

// stable functions
export * from './stable/index.ts'

// gradients
export { registerComparisonGradients } from './comparisonGradients.ts'
export { stopGradient } from './stopGradient.ts'
export { valueAndGrad } from './gradients/index.ts'
export type { Objective, ValueAndGrad } from './gradients/index.ts'

// memory
export { tidy } from './tidy.ts'

// networks
export { layerNorm, linear, mlp, ravel, ravelAll, ravelParams } from './networks/index.ts'
export { constant, fanInUniform, heUniform, uniformWithin, xavierUniform, zeros } from './networks/index.ts'
export type {
  Activation,
  Fan,
  Initializer,
  LayerNormOptions,
  LayerNormParams,
  LinearOptions,
  LinearParams,
  MlpOptions,
  MlpParams,
  Network,
  RaveledNetwork,
  RaveledNetworks,
  RaveledParams,
  Raveler,
} from './networks/index.ts'

// optimisers
export { adam, applyUpdates, chain, clipByGlobalNorm, descend, globalNorm, sgd } from './optimizers/index.ts'
export type {
  AdamOptions,
  AdamState,
  LearningRate,
  Optimizer,
  SgdOptions,
  SgdState,
} from './optimizers/index.ts'
export { polyak } from './polyak.ts'
export { targetSchema, targetShare, type TargetConfig } from './targetShare.ts'
export { explorationSchema, explore, exploringMemory, ornsteinUhlenbeck } from './explorationNoise.ts'
export type { ExplorationConfig, ExploreArgs, OrnsteinUhlenbeckArgs } from './explorationNoise.ts'
export { constantSchedule, cosineSchedule, exponentialSchedule, linearSchedule } from './schedules/index.ts'
export type { ExponentialOptions, RampOptions, Schedule } from './schedules/index.ts'

// distributions
export * from './distributions/index.ts'

// normaliser
export { normalizer } from './normalizer/index.ts'
export type { Normalizer, NormalizerOptions, NormalizerState } from './normalizer/index.ts'

// soft operators and estimators
export * from './operators/index.ts'

// composition
export * from './composition/index.ts'
