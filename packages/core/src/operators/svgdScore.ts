import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { tidy } from '../tidy.ts'
import { checkAlpha, type Alpha } from './alpha.ts'

/** Arguments of {@link squashedScore}: particles in each of B states. */
export interface SquashedScoreArgs {
  /** u, with the action a = tanh(u), [B, M, A]. */
  readonly preTanh: Tensor
  /** ∇_a Q(s, a) at that action, [B, M, A]. */
  readonly actionGradient: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
}

/**
 * α ∇_u log p(u) where a = tanh(u) is distributed as exp(Q(s, a)/α): the score of the density before the squash,
 *
 *     ∇_u [ Q(s, tanh u) + α Σᵢ log(1 − tanh² uᵢ) ] = (1 − tanh² u) ∇_a Q − 2 α tanh u
 *
 * Particles that move in u along it are consistent with the soft value, which integrates exp(Q/α) over actions. [B, M, A]
 * @throws RangeError when shapes differ or alpha is not positive.
 */
export function squashedScore({ preTanh, actionGradient, alpha }: SquashedScoreArgs): Tensor {
  checkShapes(
    'squashedScore',
    { preTanh: ['B', 'M', 'A'], actionGradient: ['B', 'M', 'A'] },
    { preTanh, actionGradient },
  )
  checkAlpha('squashedScore', alpha)
  return tidy(() => {
    const action = tf.tanh(preTanh)
    const slope = tf.sub(1, tf.square(action))
    return tf.sub(tf.mul(slope, actionGradient), tf.mul(tf.mul(2, alpha), action))
  })
}

/** Arguments of {@link releasedScore}: particles in each of B states. */
export interface ReleasedScoreArgs {
  /** a in [−1, 1], [B, M, A]. */
  readonly action: Tensor
  /** ∇_a Q(s, a), [B, M, A]. */
  readonly actionGradient: Tensor
}

/**
 * The score of the published soft Q-learning code, for particles that move in a: ∇_a [ Q(s, a) + Σᵢ log(1 − aᵢ² + 1e-6) ]. It counts the squash
 * where none is, so that particles settle at exp(Q) Πᵢ (1 − aᵢ²), nearer to the middle of the box than the policy that the soft value
 * stands for. [B, M, A]
 * @throws RangeError when shapes differ.
 */
export function releasedScore({ action, actionGradient }: ReleasedScoreArgs): Tensor {
  checkShapes(
    'releasedScore',
    { action: ['B', 'M', 'A'], actionGradient: ['B', 'M', 'A'] },
    { action, actionGradient },
  )
  return tidy(() => {
    const slope = tf.add(tf.sub(1, tf.square(action)), 1e-6)
    return tf.sub(actionGradient, tf.div(tf.mul(action, 2), slope))
  })
}
