export { normalizer, type Normalizer, type NormalizerOptions, type NormalizerState } from './normalizer.ts'
