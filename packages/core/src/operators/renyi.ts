import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { checkParams, type GaussianParams } from '../distributions/diagonalGaussian.ts'
import { logMeanExp } from '../stable/logMeanExp.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { tidy } from '../tidy.ts'
import { checkSamples } from './samples.ts'

/** Arguments of {@link renyiHalf}. */
export interface RenyiHalfArgs {
  /** log p, [B, K]: of all K events, or at K samples. */
  readonly logP: Tensor
  /** log q at the same, [B, K]. */
  readonly logQ: Tensor
  /** log density of what the samples were drawn from, [B, K]. Absent where the K events are all there are. */
  readonly logProposal?: Tensor
}

/**
 * Rényi's divergence of order one half. Haarnoja 2018 (thesis), Eq. 6.4:
 *
 *     D_½(p‖q) = −2 log Σ_a √(p(a) q(a))  ≈  −2 log (1/K) Σₖ √(p(aₖ) q(aₖ)) / m(aₖ),   aₖ ~ m
 *
 * It is symmetric, at most KL(p‖q) and KL(q‖p), and infinite where p and q have nothing in common. As the logarithm is concave, the estimate is
 * biased high; one with m ∝ √(p q) is exact. [B] Gradients flow to all arguments.
 * @throws RangeError when shapes differ or there is no sample.
 */
export function renyiHalf({ logP, logQ, logProposal }: RenyiHalfArgs): Tensor {
  const { K } = checkShapes('renyiHalf', { logP: ['B', 'K'], logQ: ['B', 'K'] }, { logP, logQ })
  checkSamples('renyiHalf', K)
  if (logProposal !== undefined) checkShapes('renyiHalf', { logProposal: logP.shape }, { logProposal })
  return tidy(() => {
    const logRoot = tf.mul(tf.add(logP, logQ), 0.5)
    const affinity =
      logProposal === undefined ? logSumExp(logRoot, -1) : logMeanExp(tf.sub(logRoot, logProposal), -1)
    return tf.mul(affinity, -2)
  })
}

/**
 * {@link renyiHalf} of two normal distributions with independent components, in closed form; their tanh-squashed forms have the same, as no
 * divergence changes under a bijection:
 *
 *     D_½ = Σᵢ ( log σ̄ᵢ² − log σᵢ − log σ'ᵢ + (μᵢ − μ'ᵢ)² / (4 σ̄ᵢ²) ),        σ̄² = (σ² + σ'²) / 2
 *
 * Shapes: means [..., D], logStd of the same or [D]; the result is [...].
 * @throws RangeError when shapes differ.
 */
export function gaussianRenyiHalf(p: GaussianParams, q: GaussianParams): Tensor {
  checkParams('gaussianRenyiHalf', p)
  checkParams('gaussianRenyiHalf', q)
  checkShapes('gaussianRenyiHalf', { mean: p.mean.shape }, { mean: q.mean })
  return tidy(() => {
    const difference = tf.sub(p.logStd, q.logStd)
    // log σ̄² − log σ − log σ' = log cosh(log σ − log σ'), without overflow.
    const size = tf.abs(difference)
    const spread = tf.sub(tf.add(size, tf.log1p(tf.exp(tf.mul(size, -2)))), Math.LN2)
    const logSquare = tf.add(spread, tf.add(p.logStd, q.logStd))
    const scaled = tf.mul(tf.sub(p.mean, q.mean), tf.exp(tf.mul(logSquare, -0.5)))
    return tf.sum(tf.add(tf.mul(tf.square(scaled), 0.25), spread), -1)
  })
}
