import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'
import { checkAlpha, type Alpha } from './alpha.ts'
import { checkSamples } from './samples.ts'
import { softMean } from './softMean.ts'

/** Arguments of {@link softValue}: K samples in each of B states. */
export interface SoftValueArgs {
  /** Q(s, aₖ) of K actions drawn from the proposal in each state, [B, K]. */
  readonly q: Tensor
  /** log density of the proposal at those actions, [B, K]. */
  readonly logProposal: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
}

/**
 * The soft value by importance sampling with any proposal. Haarnoja 2018 (thesis), Eq. 3.8; Hunt et al. 2018, Eq. 18 times α:
 *
 *     V(s) = α log (1/K) Σₖ exp(Q(s, aₖ)/α) / q(aₖ|s),        aₖ ~ q(·|s)
 *
 * The logarithm of an unbiased estimate is biased low, by about ½ α (1/n − 1/K) with n the effective sample size of the weights: see
 * {@link importanceWeights}. With q(a|s) ∝ exp(Q(s, a)/α) the estimate is exact for every K.
 *
 * A sample to which the proposal gives no density makes the value +∞: it could not have been drawn.
 *
 * Shapes: B states, K samples; the result is [B]. Gradients flow to all arguments.
 * @throws RangeError when shapes differ, there is no sample or alpha is not positive.
 */
export function softValue({ q, logProposal, alpha }: SoftValueArgs): Tensor {
  const { K } = checkShapes('softValue', { q: ['B', 'K'], logProposal: ['B', 'K'] }, { q, logProposal })
  checkSamples('softValue', K)
  checkAlpha('softValue', alpha)
  return tidy(() => softMean(tf.sub(q, tf.mul(alpha, logProposal)), alpha))
}

/** Arguments of {@link uniformSoftValue}: K uniform samples in each of B states. */
export interface UniformSoftValueArgs {
  /** Q(s, aₖ) of K actions drawn uniformly, [B, K]. */
  readonly q: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
  /** Logarithm of the volume of the actions: A log 2 for the box [−1, 1] in A dimensions. */
  readonly logVolume: number
}

/**
 * {@link softValue} with uniform samples: α log (1/K) Σₖ exp(Q(s, aₖ)/α) + α log |A|. Haarnoja 2018 (thesis), section 3.3. [B]
 * @throws RangeError when q is not [B, K], there is no sample, alpha is not positive or logVolume is not finite.
 */
export function uniformSoftValue({ q, alpha, logVolume }: UniformSoftValueArgs): Tensor {
  const { K } = checkShapes('uniformSoftValue', { q: ['B', 'K'] }, { q })
  checkSamples('uniformSoftValue', K)
  checkAlpha('uniformSoftValue', alpha)
  if (!Number.isFinite(logVolume))
    throw new RangeError(`uniformSoftValue: logVolume must be finite, got ${describeValue(logVolume)}`)
  return tidy(() => tf.add(softMean(q, alpha), tf.mul(alpha, logVolume)))
}
