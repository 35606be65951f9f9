import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, minimumQ } from '@maxent/core'

/** Arguments of {@link actorLoss}: B states, K critics. */
export interface ActorLossArgs {
  /** Qₖ(s, f(ε; s)), [K, B], differentiable in the action. */
  readonly q: Tensor
  /** log π( f(ε; s) | s ), [B]. */
  readonly logProb: Tensor
  /** α. */
  readonly alpha: number
}

/**
 * The reparameterised policy loss. Haarnoja 2018 (thesis), eqs. 4.6 to 4.9, with the minimum over critics.
 *
 *     J_π(φ) = E[ α·log π( f(ε; s) | s ) − minₖ Qₖ(s, f(ε; s)) ]
 *
 * Shapes: B states, K critics; the result is a scalar. Gradient reaches `q` and `logProb`, so the policy through its action; the critics' parameters
 * are held constant as long as the caller differentiates with respect to the policy's alone.
 * @throws RangeError when a shape differs.
 */
export function actorLoss({ q, logProb, alpha }: ActorLossArgs): Scalar {
  checkShapes('actorLoss', { q: ['K', 'B'], logProb: ['B'] }, { q, logProb })
  return tf.mean(tf.sub(tf.mul(alpha, logProb), minimumQ(q)))
}
