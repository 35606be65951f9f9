import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * log |det ∂f/∂x| at one point x [1, D] of a map [1, D] → [1, D], from its differentiated rows, by elimination with pivots in float64.
 */
export function logAbsDeterminant(f: (x: Tensor) => Tensor, x: Tensor): number {
  const D = x.shape[1] ?? 0
  const row = (i: number): number[] =>
    tf.tidy(() =>
      Array.from(
        tf
          .grad((at: Tensor) => tf.sum(tf.slice(f(at), [0, i], [1, 1])))(x)
          .dataSync(),
      ),
    )
  const matrix = Array.from({ length: D }, (_, i) => row(i))
  let logDet = 0
  for (let column = 0; column < D; column++) {
    let pivot = column
    for (let i = column + 1; i < D; i++)
      if (Math.abs(matrix[i][column]) > Math.abs(matrix[pivot][column])) pivot = i
    ;[matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]]
    logDet += Math.log(Math.abs(matrix[column][column]))
    for (let i = column + 1; i < D; i++) {
      const factor = matrix[i][column] / matrix[column][column]
      for (let j = column; j < D; j++) matrix[i][j] -= factor * matrix[column][j]
    }
  }
  return logDet
}
