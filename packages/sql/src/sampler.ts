import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import {
  checkAlpha,
  checkShapes,
  describeValue,
  didYouMean,
  releasedScore,
  squashedScore,
  svgdDirection,
  svgdSurrogate,
} from '@maxent/core'
import type { Bandwidth } from '@maxent/core'
import { forms, type FormConfig } from './config.ts'

/** Actions in [−1, 1] of what the sampling network gives: behind tanh, or clipped. */
export function toAction(form: FormConfig, output: Tensor): Tensor {
  return form === 'unsquashed' ? tf.clipByValue(output, -1, 1) : tf.tanh(output)
}

/** Where the particles of a form are that move: outputs of the sampling network, or actions. */
export function toParticles(form: FormConfig, output: Tensor): Tensor {
  return form === 'released' ? tf.tanh(output) : output
}

/** Arguments of {@link scoreOf}: M particles in each of B states. */
export interface ScoreArgs {
  /** f(ξ; s), [B, M, A]. */
  readonly output: Tensor
  /** ∇_a Q(s,a) at the actions of these outputs, [B, M, A]. */
  readonly actionGradient: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: number | Tensor
}

/**
 * α ∇ log p of the particles of a form, [B, M, A], for p ∝ exp(Q/α) over actions.
 * @throws RangeError for an unknown form, when a shape differs, or alpha is not positive; the released form does not read it.
 */
export function scoreOf(form: FormConfig, { output, actionGradient, alpha }: ScoreArgs): Tensor {
  checkForm('scoreOf', form)
  if (form === 'preTanh') return squashedScore({ preTanh: output, actionGradient, alpha })
  if (form === 'released') return releasedScore({ action: tf.tanh(output), actionGradient })
  return boxScore({ output, actionGradient, alpha })
}

/** Nats per unit of action outside of the box, as in the code of 2017. */
const SLOPE = 10

/**
 * α ∇ log p for actions without a squash, where p is exp(Q/α) inside of the box and falls outside. As in the released code of 2017, with α
 * written out so that the slope is one of log p:
 *
 *     log p(a) = Q(s,a)/α  for a in the box,   −10 Σᵢ max(|aᵢ| − 1, 0)  else
 *
 * Shapes: M particles of A dimensions in B states; the result is [B, M, A].
 * @throws RangeError when a shape differs or alpha is not positive.
 */
export function boxScore({ output, actionGradient, alpha }: ScoreArgs): Tensor {
  const shape = ['B', 'M', 'A'] as const
  checkShapes('boxScore', { output: shape, actionGradient: shape }, { output, actionGradient })
  checkAlpha('boxScore', alpha)
  const beyond = tf.cast(tf.greater(tf.abs(output), 1), 'float32')
  const isOutside = tf.max(beyond, 2, true)
  const back = tf.mul(tf.mul(tf.sign(output), beyond), tf.mul(alpha, -SLOPE))
  return tf.add(tf.mul(tf.sub(1, isOutside), actionGradient), back)
}

/** Arguments of {@link samplerLoss}: M fixed and K updated particles in each of B states. */
export interface SamplerLossArgs {
  /** f(ξᵢ; s) where the score is taken, [B, M, A]; held constant. */
  readonly fixed: Tensor
  /** α ∇ log p of their particles, [B, M, A], from {@link scoreOf}; held constant. */
  readonly score: Tensor
  /** f(ξ̃ⱼ; s) of the network that learns, [B, K, A]. */
  readonly updated: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: number | Tensor
  /** That of the form when absent. */
  readonly bandwidth?: Bandwidth
}

/**
 * The loss of the sampling network: its gradient carries the Stein variational gradient back through the network.
 * Haarnoja 2018 (thesis), eqs. 3.11 and 3.12 and appendix C.1, with Δ ascended and α on the second term.
 *
 *     Δ(y) = (1/M) Σᵢ ( κ(xᵢ, y)·α∇log p(xᵢ) + α·∇_x κ(xᵢ, y) ),      J(φ) = −(1/BK) Σ_b Σⱼ Δ(yⱼ)·yⱼ,   Δ held constant
 *
 * with x and y where particles of the form move. Its value means nothing, its gradient does.
 *
 * Shapes: B states, M and K particles of A dimensions; the result is a scalar. Gradient reaches `updated` only.
 * @throws RangeError for an unknown form, when a shape differs, alpha is not positive, or not 1 in the released form, or the bandwidth is refused.
 */
export function samplerLoss(form: FormConfig, args: SamplerLossArgs): Scalar {
  const { fixed, score, updated, alpha, bandwidth = bandwidthOf(form) } = args
  checkForm('samplerLoss', form)
  if (form === 'released' && alpha !== 1) {
    throw new RangeError(
      `samplerLoss: alpha must be the number 1 in the released form, got ${typeof alpha === 'number' ? alpha : 'a tensor'}; ` +
        'scale rewards by 1 / alpha instead',
    )
  }
  const moved = toParticles(form, updated)
  const particles = toParticles(form, fixed)
  return svgdSurrogate({
    direction: svgdDirection({ particles, updated: moved, score, alpha, bandwidth }),
    updated: moved,
  })
}

/** The bandwidth that a form has unless another is given. */
export function bandwidthOf(form: FormConfig): Bandwidth {
  return { kind: form === 'released' ? 'released' : 'median' }
}

function checkForm(caller: string, form: FormConfig): void {
  if (forms.includes(form)) return
  throw new RangeError(
    `${caller}: form must be one of ${forms.map(describeValue).join(', ')}, got ${describeValue(form)}${didYouMean(String(form), forms)}`,
  )
}
