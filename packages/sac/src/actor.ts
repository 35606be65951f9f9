import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, minimumQ, stopGradient } from '@maxent/core'
import type { SacConfig } from './config.ts'

/** Arguments of {@link actorLoss}: K critics, B states. */
export interface ActorLossArgs {
  /** Qₖ(s, f(ε; s)), [K, B], differentiable in the action. */
  readonly q: Tensor
  /** log π( f(ε; s) | s ), [B]. */
  readonly logProb: Tensor
  /** α, []. */
  readonly alpha: Tensor
  /** What of the critics counts; their minimum when absent. */
  readonly over?: SacConfig['policyCritic']
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
  const { q, logProb, alpha, over = 'minimum' } = args
  checkShapes('actorLoss', { q: ['K', 'B'], logProb: ['B'], alpha: [] }, { q, logProb, alpha })
  return tf.mean(tf.sub(tf.mul(stopGradient(alpha), logProb), reduceQ[over](q)))
}

/** [K, B] to [B]. */
const reduceQ: Readonly<Record<SacConfig['policyCritic'], (q: Tensor) => Tensor>> = {
  minimum: minimumQ,
  first: (q) => tf.reshape(tf.slice(q, [0, 0], [1, -1]), [-1]),
  mean: (q) => tf.mean(q, 0),
}

/** Arguments of {@link scoreFunctionLoss}: K critics, B states. */
export interface ScoreFunctionLossArgs extends ActorLossArgs {
  /** V(s), [B]: the baseline. */
  readonly value: Tensor
}

/**
 * The policy loss for policies that gradients do not pass through: its gradient is the score function's estimate of that of
 * {@link actorLoss}, with V as the baseline.
 * Haarnoja 2018 (thesis), section 7.4, footnote 3; as in the released code of 2017.
 *
 *     J_π(φ) = E[ log π(a|s) · c ],   c = α·log π(a|s) − minₖ Qₖ(s,a) + V(s)  held constant
 *
 * Its value means nothing, its gradient does. Shapes: B states, K critics; the result is a scalar. Gradient reaches `logProb` only.
 * @throws RangeError when a shape differs.
 */
export function scoreFunctionLoss(args: ScoreFunctionLossArgs): Scalar {
  const { q, logProb, alpha, value, over = 'minimum' } = args
  checkShapes(
    'scoreFunctionLoss',
    { q: ['K', 'B'], logProb: ['B'], alpha: [], value: ['B'] },
    { q, logProb, alpha, value },
  )
  const cost = tf.add(tf.sub(tf.mul(alpha, logProb), reduceQ[over](q)), value)
  return tf.mean(tf.mul(logProb, stopGradient(cost)))
}
