import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'

/**
 * ‖xᵢ − yⱼ‖² of points x [B, M, A] and y [B, K, A] around one centre: [B, M, K]. Far from the origin their squares would lose the digits of their
 * distances; centre them first.
 */
export function squaredDistances(x: Tensor, y: Tensor): Tensor {
  const { B, M, K } = checkShapes('squaredDistances', { x: ['B', 'M', 'A'], y: ['B', 'K', 'A'] }, { x, y })
  // ‖x − y‖² = (−2x, ‖x‖², 1)·(y, 1, ‖y‖²): one product, and no sum over pairs.
  return tf.relu(
    tf.matMul(
      tf.concat([tf.mul(x, -2), squaredNorm(x), tf.ones([B, M, 1])], 2),
      tf.concat([y, tf.ones([B, K, 1]), squaredNorm(y)], 2),
      false,
      true,
    ),
  )
}

/** [B, M, 1] for [B, M, A]. */
function squaredNorm(x: Tensor): Tensor {
  return tf.sum(tf.square(x), 2, true)
}
