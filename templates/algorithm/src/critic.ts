import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { bellmanTarget, checkShapes, minimumQ, stopGradient } from '@maxent/core'

/** Arguments of {@link softTarget}: B states, K critics. */
export interface SoftTargetArgs {
  /** r, [B]. */
  readonly reward: Tensor
  /** d, [B]: 0 where the task ended, else 1. */
  readonly discount: Tensor
  /** Q̄ₖ(s′,a′) of the target critics, [K, B]. */
  readonly nextQ: Tensor
  /** log π(a′|s′), [B]. */
  readonly nextLogProb: Tensor
  /** α. */
  readonly alpha: number
  /** γ. */
  readonly gamma: number
}

/**
 * The target of soft policy evaluation, from one action a′ ~ π(·|s′) per transition. Haarnoja 2018 (thesis), eqs. 4.1 and
 * 4.2, with the minimum over critics that the text below 4.9 prescribes.
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
    { reward: ['B'], discount: ['B'], nextQ: ['K', 'B'], nextLogProb: ['B'] },
    { reward, discount, nextQ, nextLogProb },
  )
  const nextValue = tf.sub(minimumQ(nextQ), tf.mul(alpha, nextLogProb))
  return bellmanTarget({ reward, discount, nextValue, gamma })
}

/** Arguments of {@link criticLoss}: B states, K critics. */
export interface CriticLossArgs {
  /** Qₖ(s,a), [K, B]. */
  readonly q: Tensor
  /** y, [B], from {@link softTarget}. */
  readonly target: Tensor
}

/**
 * The soft Bellman residual, summed over critics that all regress on the same target. Haarnoja 2018 (thesis), eq. 4.4.
 *
 *     J_Q(θ) = Σₖ E[ ½·( Qₖ(s,a) − y )² ]
 *
 * Shapes: B transitions, K critics; the result is a scalar. Gradient reaches `q` only; `target` is held constant.
 * @throws RangeError when a shape differs.
 */
export function criticLoss({ q, target }: CriticLossArgs): Scalar {
  const { B } = checkShapes('criticLoss', { q: ['K', 'B'], target: ['B'] }, { q, target })
  return tf.mul(0.5 / B, tf.sum(tf.square(tf.sub(q, stopGradient(target)))))
}
