/** Contents of @maxent/core. */

// contracts
export type * from './contracts.ts'

// trees
export { assertSameStructure, eachLeaf, leafPaths, leaves, mapTree, unflatten, zipTrees } from './tree.ts'
export type { MapTree, Tree } from './tree.ts'

// keys
export * from './keys/index.ts'

// checks and configuration
export { checkFinite, checkInteger, checkShapes, describeValue, didYouMean, nearestName } from './check.ts'
export type { Dimension, IntegerCheck, Shaped } from './check.ts'
export { resolveConfig } from './config/resolve.ts'
export type { ConfigRules } from './config/resolve.ts'
export { describeConfig } from './config/describe.ts'
export type { ConfigField } from './config/describe.ts'
export { parseSettings } from './config/settings.ts'

// gradients
export { registerComparisonGradients } from './comparisonGradients.ts'
export { stopGradient } from './stopGradient.ts'

// networks

// optimisers

// distributions

// normaliser
