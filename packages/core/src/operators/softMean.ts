import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { LARGEST } from '../float32.ts'
import { logMeanExp } from '../stable/logMeanExp.ts'
import { stopGradient } from '../stopGradient.ts'
import type { Alpha } from './alpha.ts'

/**
 * α log (1/K) Σₖ exp(xₖ/α) over the last axis. The maximum is taken out before the division by α, so that no finite x overflows. −∞ where all x
 * are, +∞ where one is.
 */
export function softMean(x: Tensor, alpha: Alpha): Tensor {
  const most = tf.clipByValue(stopGradient(tf.max(x, -1, true)), -LARGEST, LARGEST)
  const spread = logMeanExp(tf.div(tf.sub(x, most), alpha), -1)
  return tf.add(tf.squeeze(most, [-1]), tf.mul(alpha, spread))
}
