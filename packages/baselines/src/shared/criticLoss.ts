import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'

/** Arguments of {@link criticLoss}: K critics, B transitions. */
export interface CriticLossArgs {
  /** Qₖ(s,a), [K, B]. */
  readonly q: Tensor
  /** y, [B]. */
  readonly target: Tensor
}

/**
 * The mean squared Bellman error, summed over critics that all regress on the same target. Lillicrap et al. 2015 (arXiv:1509.02971),
 * Eq. 4 and Algorithm 1; Fujimoto et al. 2018 (arXiv:1802.09477), Algorithm 1.
 *
 *     L(θ) = Σₖ E[ ( Qₖ(s,a) − y )² ]
 *
 * Shapes: B transitions, K critics; the result is a scalar. Gradient reaches `q` only; `target` is held constant.
 * @throws RangeError when a shape differs.
 */
export function criticLoss(args: CriticLossArgs): Scalar {
  const { q, target } = args
  const { B } = checkShapes('criticLoss', { q: ['K', 'B'], target: ['B'] }, { q, target })
  return tf.mul(1 / B, tf.sum(tf.square(tf.sub(q, stopGradient(target)))))
}
