import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'

/** The mean of the rows with weight 1, for weights 0 and 1; 0 where there are none. Both are [B]. */
export function weightedMean(values: Tensor, weight: Tensor): Scalar {
  return tf.div(tf.sum(tf.mul(values, weight)), tf.maximum(tf.sum(weight), 1))
}

/**
 * Values with mean 0 and variance 1 over the rows with weight 1, as implementations of PPO have advantages per minibatch. A single row
 * becomes 0.
 */
export function standardized(values: Tensor, weight: Tensor): Tensor1D {
  const centered = tf.sub(values, weightedMean(values, weight))
  const deviation = tf.sqrt(weightedMean(tf.square(centered), weight))
  return tf.div(centered, tf.add(deviation, 1e-8))
}
