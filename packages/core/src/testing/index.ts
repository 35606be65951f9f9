/** What tests of environments and algorithms stand on. Importing this adds `toBeAllClose` to vitest's `expect`. */
export { toBeAllClose, type Tolerance } from './toBeAllClose.ts'
export { checkGrads, checkZeroGrads, type CheckGradsOptions } from './checkGrads.ts'
