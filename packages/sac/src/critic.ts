import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { bellmanTarget, checkShapes, minimumQ, stopGradient } from '@maxent/core'

/** Arguments of {@link softTarget}: K critics, B transitions. */
export interface SoftTargetArgs {
  /** r, [B]. */
  readonly reward: Tensor
  /** d, [B]: 0 where the task ended, else 1. */
  readonly discount: Tensor
  /** Q̄ₖ(s′,a′) of the target critics, [K, B]. */
  readonly nextQ: Tensor
  /** log π(a′|s′) of the actions that `nextQ` values, [B]. */
  readonly nextLogProb: Tensor
  /** α, []. */
  readonly alpha: Tensor
  /** γ. */
  readonly gamma: number
}

/**
 * The target of soft policy evaluation, from one action a′ ~ π(·|s′) per transition.
 * Haarnoja 2018 (thesis), eqs. 4.1 and 4.2 as they stand in 4.5, with the minimum over critics that the text below 4.9 prescribes.
 *
 *     y = r + γ·d·( minₖ Q̄ₖ(s′,a′) − α·log π(a′|s′) )
 *
 * Shapes: B transitions, K critics; the result is [B]. It is a constant: no gradient flows to any argument.
 * @throws RangeError when a shape differs.
 */
export function softTarget(args: SoftTargetArgs): Tensor1D {
  const { reward, discount, nextQ, nextLogProb, alpha, gamma } = args
  checkShapes(
    'softTarget',
    { reward: ['B'], discount: ['B'], nextQ: ['K', 'B'], nextLogProb: ['B'], alpha: [] },
    { reward, discount, nextQ, nextLogProb, alpha },
  )
  const nextValue = tf.sub(minimumQ(nextQ), tf.mul(alpha, nextLogProb))
  return bellmanTarget({ reward, discount, nextValue, gamma })
}

/** Arguments of {@link valueLoss}: K critics, B states. */
export interface ValueLossArgs {
  /** V(s), [B]. */
  readonly value: Tensor
  /** Qₖ(s,a) of one action a ~ π(·|s) per state, [K, B]. */
  readonly q: Tensor
  /** log π(a|s), [B]. */
  readonly logProb: Tensor
  /** α, []. */
  readonly alpha: Tensor
}

/**
 * The residual of a state-value network. Haarnoja et al. 2018 (arXiv:1801.01290), eq. 5, with the temperature written out.
 *
 *     J_V(ψ) = E[ ½·( V(s) − ( minₖ Qₖ(s,a) − α·log π(a|s) ) )² ]
 *
 * Shapes: B states, K critics; the result is a scalar. Gradient reaches `value` only.
 * @throws RangeError when a shape differs.
 */
export function valueLoss(args: ValueLossArgs): Scalar {
  const { value, q, logProb, alpha } = args
  checkShapes(
    'valueLoss',
    { value: ['B'], q: ['K', 'B'], logProb: ['B'], alpha: [] },
    { value, q, logProb, alpha },
  )
  const target = stopGradient(tf.sub(minimumQ(q), tf.mul(alpha, logProb)))
  return tf.mul(0.5, tf.mean(tf.square(tf.sub(value, target))))
}
