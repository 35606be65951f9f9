import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes, rbfBandwidth, squaredDistances } from '@maxent/core'

/**
 * Of the first `used` of C actions per state the one with the most others around it, by a Gaussian kernel with the bandwidth of the median:
 *
 *     argmaxᵢ Σⱼ exp(−‖aᵢ − aⱼ‖²/h)
 *
 * Where the policy has several modes it is in one of them, which the mean of the actions or the image of ξ = 0 need not be; and it is steadier than the
 * action that the critics value most, since the sampling network averages over the errors of many updates of theirs.
 *
 * Shapes: [B, A] for [B, C, A].
 * @throws RangeError when the shape differs.
 */
export function densestAction(actions: Tensor, used: Scalar): Tensor2D {
  const { C } = checkShapes('densestAction', { actions: ['B', 'C', 'A'] }, { actions })
  const distances = squaredDistances(actions, actions)
  const h = tf.reshape(rbfBandwidth(distances), [-1, 1, 1])
  const index = tf.range(0, C, 1, 'int32')
  const isUsed = tf.cast(tf.less(tf.cast(index, 'float32'), used), 'float32')
  const density = tf.sum(tf.mul(tf.exp(tf.neg(tf.div(distances, h))), isUsed), 2)
  // A density is positive where the action itself counts.
  const densest = tf.argMax(tf.mul(density, isUsed), 1)
  const isDensest = tf.cast(tf.equal(tf.expandDims(densest, 1), tf.expandDims(index, 0)), 'float32')
  return tf.squeeze<Tensor2D>(tf.matMul(tf.expandDims(isDensest, 1), actions), [1])
}
