/**
 * Functions that keep their digits, and their gradients finite, where the textbook form does not.
 * @module
 */
export { atanhSafe } from './atanhSafe.ts'
export { clampSafe } from './clampSafe.ts'
export { log1mExp } from './log1mExp.ts'
export { logAddExp } from './logAddExp.ts'
export { logMeanExp } from './logMeanExp.ts'
export { logNormalCdf } from './logNormalCdf.ts'
export { logSigmoid } from './logSigmoid.ts'
export { logSumExp } from './logSumExp.ts'
export { softplus } from './softplus.ts'
export { tanhLogDet } from './tanhLogDet.ts'
