/**
 * What tests of environments and algorithms stand on. Importing this adds `toBeAllClose` to vitest's `expect`.
 * @module
 */
export { toBeAllClose, type Tolerance } from './toBeAllClose.ts'
export { chiSquared, kolmogorovSmirnov, normalCdf } from './goodnessOfFit.ts'
export { logAbsDeterminant } from './jacobian.ts'
export { checkGrads, checkZeroGrads, type CheckGradsOptions } from './checkGrads.ts'
export {
  algorithmChecks,
  algorithmConformance,
  type AlgorithmConformanceOptions,
} from './conformance/algorithmConformance.ts'
export type { CompiledFunctions, CompileHook, CompileRequest, HostTensor } from './conformance/compiled.ts'
export type { HostData } from './conformance/batches.ts'
export type { Check } from './conformance/checks.ts'
export type { LearnedPolicy, LearnHook, LearnTask } from './conformance/learning.ts'
export {
  readmeChecks,
  readmeConformance,
  type ReadmeConformanceOptions,
} from './conformance/readmeConformance.ts'
export { envChecks, type EnvCheckOptions } from './conformance/envChecks.ts'
export { envConformance, type EnvConformanceOptions } from './conformance/envConformance.ts'
export * from './oracles/index.ts'
