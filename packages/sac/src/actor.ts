import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'
import { minimumQ } from './critic.ts'

export interface ActorLossArgs {
  /** Qₖ(s, f(ε; s)), [K, B], differentiable in the action. */
  readonly q: Tensor
  /** log π( f(ε; s) | s ), [B]. */
  readonly logProb: Tensor
  /** α, []. */
  readonly alpha: Tensor
}

/**
 * The reparameterised policy loss: the KL divergence to exp(Q/α)/Z, times α and up to a constant.
 * Haarnoja 2018 (thesis), eqs. 4.6 to 4.9, with the minimum over critics of the text below 4.9.
 *
 *     J_π(φ) = E[ α·log π( f(ε; s) | s ) − minₖ Qₖ(s, f(ε; s)) ]
 *
 * Shapes: B states, K critics; the result is a scalar. Gradient reaches `q` and `logProb`, so the policy through its action; `alpha` is
 * held constant, and so are the critics' parameters as long as the caller differentiates with respect to the policy's alone.
 * @throws RangeError when a shape differs.
 */
export function actorLoss(args: ActorLossArgs): Scalar {
  const { q, logProb, alpha } = args
  checkShapes('actorLoss', { q: ['K', 'B'], logProb: ['B'], alpha: [] }, { q, logProb, alpha })
  return tf.mean(tf.sub(tf.mul(stopGradient(alpha), logProb), minimumQ(q)))
}
