import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { checkShapes } from '@maxent/core'

/** Arguments of {@link quadraticAdvantage}: B states, A action dimensions. */
export interface QuadraticAdvantageArgs {
  /** a, [B, A]. */
  readonly action: Tensor
  /** μ(s), [B, A]. */
  readonly mean: Tensor
  /** log of L's diagonal, [B, A]. */
  readonly logDiagonal: Tensor
  /** L's entries below the diagonal, row after row, [B, A(A − 1)/2]. */
  readonly below: Tensor
}

/**
 * The advantage that is quadratic in the action. Gu et al. 2016 (arXiv:1603.00748), section 4.
 *
 *     A(s,a) = −½·(a − μ(s))ᵀ P(s) (a − μ(s)),        P = L·Lᵀ
 *
 * with L lower-triangular and the exponentials of a network's output on its diagonal, so that P is positive definite and A is greatest,
 * and 0, at μ. It is computed as −½‖Lᵀ(a − μ)‖²: P is never formed.
 *
 * Shapes: B pairs, A action dimensions; the result is [B]. Gradient reaches every argument.
 * @throws RangeError when a shape differs.
 */
export function quadraticAdvantage(args: QuadraticAdvantageArgs): Tensor1D {
  const { action, mean, logDiagonal, below } = args
  const { A } = checkShapes(
    'quadraticAdvantage',
    { action: ['B', 'A'], mean: ['B', 'A'], logDiagonal: ['B', 'A'] },
    { action, mean, logDiagonal },
  )
  checkShapes('quadraticAdvantage', { below: [action.shape[0], (A * (A - 1)) / 2] }, { below })
  const distance = tf.sub(action, mean)
  const onDiagonal = tf.mul(tf.exp(logDiagonal), distance)
  const product = A === 1 ? onDiagonal : tf.add(onDiagonal, fromBelow(below, distance, A))
  return tf.mul<Tensor1D>(-0.5, tf.sum(tf.square(product), 1))
}

/** (Lᵀ − diag) d: entry (i, j) of L, i > j, adds Lᵢⱼ·dᵢ to component j. Two constant matrices pick dᵢ and add up. */
function fromBelow(below: Tensor, distance: Tensor, size: number): Tensor {
  const pairs = Array.from({ length: size }, (_, i) => Array.from({ length: i }, (__, j) => [i, j])).flat()
  const pick = tf.tensor2d(Array.from({ length: size }, (_, row) => pairs.map(([i]) => (i === row ? 1 : 0))))
  const gather = tf.tensor2d(
    pairs.map(([, j]) => Array.from({ length: size }, (_, column) => (j === column ? 1 : 0))),
  )
  const picked = tf.matMul(distance, pick)
  return tf.matMul(tf.mul<tf.Tensor2D>(below, picked), gather)
}
