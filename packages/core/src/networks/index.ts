export type { Network } from './network.ts'
export { linear, type LinearOptions, type LinearParams } from './linear.ts'
export { layerNorm, type LayerNormOptions, type LayerNormParams } from './layerNorm.ts'
export { mlp, type Activation, type MlpOptions, type MlpParams } from './mlp.ts'
export { ravel, ravelAll, ravelParams } from './ravel.ts'
export type { Raveler, RaveledNetwork, RaveledNetworks, RaveledParams } from './ravel.ts'
export {
  constant,
  fanInUniform,
  heUniform,
  uniformWithin,
  xavierUniform,
  zeros,
  type Fan,
  type Initializer,
} from './initializers.ts'
