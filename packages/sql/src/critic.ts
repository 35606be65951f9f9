import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'

/** Arguments of {@link criticLoss}: C critics, B transitions. */
export interface CriticLossArgs {
  /** Q_c(s,a), [C, B]. */
  readonly q: Tensor
  /** y = c·r + γ·d·V̄(s′), [B], from `bellmanTarget` of `@maxent/core`. */
  readonly target: Tensor
}

/**
 * The soft Bellman residual, summed over critics that all regress on the same target.
 * Haarnoja 2018 (thesis), eq. 3.9.
 *
 *     J_Q(θ) = Σ_c E[ ½·( Q_c(s,a) − y )² ]
 *
 * Shapes: B transitions, C critics; the result is a scalar. Gradient reaches `q` only; `target` is held constant.
 * @throws RangeError when a shape differs.
 */
export function criticLoss({ q, target }: CriticLossArgs): Scalar {
  const { B } = checkShapes('criticLoss', { q: ['C', 'B'], target: ['B'] }, { q, target })
  return tf.mul(0.5 / B, tf.sum(tf.square(tf.sub(q, stopGradient(target)))))
}
