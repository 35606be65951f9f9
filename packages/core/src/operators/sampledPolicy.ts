import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { LARGEST } from '../float32.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { checkAlpha, type Alpha } from './alpha.ts'
import { checkSamples } from './samples.ts'
import { softMean } from './softMean.ts'

/** Arguments of {@link sampledPolicy}: K samples in each of B states. */
export interface SampledPolicyArgs {
  /** Q(s, aₖ) of K actions drawn from the prior π₀(·|s), [B, K]. */
  readonly q: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
}

/** A distribution over the K sampled actions of each state. */
export interface SampledPolicy {
  /** log q̂ₖ, [B, K]. */
  readonly logProb: Tensor
  /** q̂ₖ, [B, K]. */
  readonly probs: Tensor
  /** KL(q̂ ‖ 1/K) in nats, [B]: the estimate of KL(π ‖ π₀). It cannot exceed log K. */
  readonly kl: Tensor
  /** Σₖ q̂ₖ Q(s, aₖ) − α KL(q̂ ‖ 1/K) = α log (1/K) Σₖ exp(Q(s, aₖ)/α), [B]: what the backup puts behind the reward. */
  readonly value: Tensor
}

/**
 * The policy over actions sampled from a prior, and its value. Galashov et al. 2020, Eqs. 5 to 7:
 *
 *     aₖ ~ π₀(·|s),    q̂ₖ = exp(Q(s, aₖ)/α) / Σⱼ exp(Q(s, aⱼ)/α),    V(s) = Σₖ q̂ₖ (Q(s, aₖ) − α log(q̂ₖ / (1/K)))
 *
 * Eqs. 7, 10 and 14 print π₀(aₖ) in place of 1/K: a probability over K samples divided by a density, which diverges like α log K.
 *
 * Shapes: B states, K samples. Gradients flow to all arguments.
 * @throws RangeError when q is not [B, K], there is no sample or alpha is not positive.
 */
export function sampledPolicy({ q, alpha }: SampledPolicyArgs): SampledPolicy {
  const { K } = checkShapes('sampledPolicy', { q: ['B', 'K'] }, { q })
  checkSamples('sampledPolicy', K)
  checkAlpha('sampledPolicy', alpha)
  return tidy(() => {
    const logits = tf.div(tf.sub(q, stopGradient(tf.max(q, -1, true))), alpha)
    const logProb = tf.sub(logits, tf.expandDims(logSumExp(logits, -1), -1))
    const probs = tf.exp(logProb)
    const kl = tf.add(tf.sum(tf.mul(probs, tf.clipByValue(logProb, -LARGEST, 0)), -1), Math.log(K))
    return { logProb, probs, kl, value: softMean(q, alpha) }
  })
}
