import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'

/** Arguments of {@link bellmanResidual}: K critics, B transitions. */
export interface BellmanResidualArgs {
  /** Qₖ(s,a), [K, B]. */
  readonly q: Tensor
  /** y, [B], as from {@link bellmanTarget}. */
  readonly target: Tensor
}

/**
 * Half the mean squared Bellman residual, summed over critics that all regress on the same target.
 * Haarnoja 2018 (thesis), eqs. 3.9 and 4.4, where the target is a soft one.
 *
 *     J_Q(θ) = Σₖ E[ ½·( Qₖ(s,a) − y )² ]
 *
 * Shapes: B transitions, K critics; the result is a scalar. Gradient reaches `q` only; `target` is held constant.
 * @throws RangeError when a shape differs.
 */
export function bellmanResidual({ q, target }: BellmanResidualArgs): Scalar {
  const { B } = checkShapes('bellmanResidual', { q: ['K', 'B'], target: ['B'] }, { q, target })
  return tf.mul(0.5 / B, tf.sum(tf.square(tf.sub(q, stopGradient(target)))))
}
