import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import type { Alpha } from './alpha.ts'
import type { Bandwidth } from './bandwidth.ts'
import { svgdDirection } from './svgdDirection.ts'
import { releasedScore, squashedScore } from './svgdScore.ts'

/** Arguments of {@link svgdSurrogate}: K particles in each of B states. */
export interface SvgdSurrogateArgs {
  /** Δ(y), [B, K, A]; held constant. */
  readonly direction: Tensor
  /** y = f(ξ; s), a function of the parameters that learn, [B, K, A]. */
  readonly updated: Tensor
}

/**
 * A loss whose gradient descends where the particles should go. Haarnoja 2018 (thesis), Eq. 3.12, with the sign that lets Δ be ascended:
 *
 *     J = −(1/(B K)) Σ_b Σⱼ Δ(yⱼ)·yⱼ,    ∂J/∂φ = −(1/(B K)) Σ_b Σⱼ Δ(yⱼ) ∂yⱼ/∂φ
 *
 * Its value means nothing. [] Gradient reaches `updated` only.
 * @throws RangeError when shapes differ.
 */
export function svgdSurrogate({ direction, updated }: SvgdSurrogateArgs): tf.Scalar {
  checkShapes(
    'svgdSurrogate',
    { direction: ['B', 'K', 'A'], updated: ['B', 'K', 'A'] },
    { direction, updated },
  )
  return tidy(() => tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(stopGradient(direction), updated), -1))))
}

/**
 * Where particles move under a tanh squash. `preTanh` is consistent with the soft value; `released` is what the published code does, for
 * comparison with it: particles move in the action, towards another distribution, with the released bandwidth and α = 1.
 */
export type SvgdForm = 'preTanh' | 'released'

/** Arguments of {@link squashedSvgdLoss}: particles before the squash, in each of B states. */
export interface SquashedSvgdLossArgs {
  /** Pre-tanh values where the score is taken, [B, M, A]; held constant. */
  readonly particles: Tensor
  /** Pre-tanh values of the sampler that learns, [B, K, A]. */
  readonly updated: Tensor
  /** ∇_a Q(s, a) at a = tanh(particles), [B, M, A]; held constant. */
  readonly actionGradient: Tensor
  /** Scales rewards instead in the released form, which must have 1. */
  readonly alpha: Alpha
  /** `preTanh` when absent. */
  readonly form?: SvgdForm
  /** Of the form when absent. */
  readonly bandwidth?: Bandwidth
}

/**
 * The loss of a sampler with tanh at its end: {@link svgdSurrogate} of the {@link svgdDirection} of the {@link squashedScore}. Thesis 3.11, 3.12.
 *
 * Shapes: B states, M and K particles of A dimensions; the result is a scalar. Gradient reaches `updated` only.
 * @throws RangeError when shapes differ, or alpha is not positive, or not 1 in the released form.
 */
export function squashedSvgdLoss(args: SquashedSvgdLossArgs): tf.Scalar {
  const { particles, updated, actionGradient, alpha, form = 'preTanh', bandwidth } = args
  if (form === 'released') {
    if (alpha !== 1)
      throw new RangeError(
        `squashedSvgdLoss: alpha must be the number 1 in the released form, got ${typeof alpha === 'number' ? alpha : 'a tensor'}, scale rewards by 1/alpha instead`,
      )
    return tidy(() => {
      const [action, moved] = [tf.tanh(particles), tf.tanh(updated)]
      const score = releasedScore({ action, actionGradient })
      const released = bandwidth ?? { kind: 'released' }
      const direction = svgdDirection({
        particles: action,
        updated: moved,
        score,
        alpha,
        bandwidth: released,
      })
      return svgdSurrogate({ direction, updated: moved })
    })
  }
  return tidy(() => {
    const score = squashedScore({ preTanh: particles, actionGradient, alpha })
    const direction = svgdDirection({ particles, updated, score, alpha, ...(bandwidth && { bandwidth }) })
    return svgdSurrogate({ direction, updated })
  })
}
