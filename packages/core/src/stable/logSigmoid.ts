import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { tidy } from '../tidy.ts'
import { softplus } from './softplus.ts'

/**
 * log sigmoid(x) = −softplus(−x), finite for every finite x: x far on the left, −exp(−x) far on the right. The gradient is sigmoid(−x), which
 * never becomes the NaN that log(sigmoid(x)) has once sigmoid(x) is rounded to zero.
 */
export function logSigmoid<T extends Tensor>(x: T): T {
  return tidy(() => tf.neg(softplus(tf.neg(x))))
}
