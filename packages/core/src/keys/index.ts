/**
 * Counter-based splittable keys: every random number is a function of (seed, purpose, index). No tfjs here.
 * @module
 */
export { foldIn, key, split } from './key.ts'
export type { Key } from './key.ts'
export {
  fillGeometric,
  fillIntegers,
  fillNormal,
  fillUniform,
  integers,
  normal,
  permutation,
  uniform,
} from './draw.ts'
export type { GeometricLaw } from './draw.ts'
export { createNoise, drawNoise } from './noise.ts'
export type { Noise } from './noise.ts'
