import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'

/**
 * The pointwise minimum over critics, minₖ Qₖ: [K, B] to [B]. Where critics tie, the gradient goes to the first of them alone, so that
 * it keeps its size (that of `tf.min` would double).
 * @throws RangeError when `q` is not [K, B].
 */
export function minimumQ(q: Tensor): Tensor1D {
  const { K } = checkShapes('minimumQ', { q: ['K', 'B'] }, { q })
  // The gradient of tf.split fails for a single part.
  const rows = K === 1 ? [q] : tf.split(q, K, 0)
  return tf.reshape(
    rows.reduce((least, row) => tf.minimum(least, row)),
    [-1],
  )
}
