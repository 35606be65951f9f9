import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { tidy } from '../tidy.ts'
import { logSumExp } from './logSumExp.ts'

/**
 * log of the mean of exp(xᵢ) over an axis or several, over all without one: logSumExp(x) − log n. The estimate of a soft value from n samples
 * has this form (soft Q-learning, Haarnoja et al. 2017, Eq. 10).
 */
export function logMeanExp(x: Tensor, axis?: number | number[]): Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape)
  const count = axes.reduce((product, i) => product * x.shape[i], 1)
  return tidy(() => tf.sub(logSumExp(x, axes), Math.log(count)))
}
