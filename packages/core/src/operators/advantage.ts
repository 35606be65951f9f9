import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { checkAlpha, type Alpha } from './alpha.ts'
import { importanceWeights } from './importanceWeights.ts'
import { checkSamples } from './samples.ts'
import { softMean } from './softMean.ts'

/** Arguments of {@link actionValue}: B states and actions. */
export interface ActionValueArgs {
  /** V'(s) of the target network, [B]; held constant. */
  readonly value: Tensor
  /** A(s, a), [B]. */
  readonly advantage: Tensor
}

/**
 * Q(s, a) = V'(s) + A(s, a). Hunt et al. 2018, appendix B.2. Q jumps with V' whenever the target network is copied. [B] Gradient reaches
 * `advantage` only.
 * @throws RangeError when shapes differ.
 */
export function actionValue({ value, advantage }: ActionValueArgs): Tensor {
  checkShapes('actionValue', { value: ['B'], advantage: ['B'] }, { value, advantage })
  return tidy(() => tf.add(stopGradient(value), advantage))
}

/** Arguments of {@link actionFeatures}: B states and actions, F features. */
export interface ActionFeaturesArgs {
  /** Υ'(s) of the target network, [B, F]; held constant. */
  readonly features: Tensor
  /** ψᴬ(s, a), the "psi-vantage", [B, F]. */
  readonly psivantage: Tensor
}

/**
 * ψ(s, a) = Υ'(s) + ψᴬ(s, a). Hunt et al. 2018, appendix B.3. [B, F] Gradient reaches `psivantage` only.
 * @throws RangeError when shapes differ.
 */
export function actionFeatures({ features, psivantage }: ActionFeaturesArgs): Tensor {
  checkShapes('actionFeatures', { features: ['B', 'F'], psivantage: ['B', 'F'] }, { features, psivantage })
  return tidy(() => tf.add(stopGradient(features), psivantage))
}

/** Arguments of {@link stateFeatures}: K actions in each of B states, F features. */
export interface StateFeaturesArgs {
  /** ψ(s, aₖ), [B, K, F]. */
  readonly psi: Tensor
  /** Q(s, aₖ) of the policy's own task, [B, K]. */
  readonly q: Tensor
  /** log density of what the K actions were drawn from, [B, K]. */
  readonly logProposal: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
}

/**
 * Υ(s), the features of a state under π ∝ exp(Q/α), by self-normalised importance sampling. Hunt et al. 2018, Eq. 6 with Eqs. 18 and 22:
 *
 *     Υ(s) = Σₖ wₖ ψ(s, aₖ) + α·1·H[π],        −α log π(a|s) = −Q(s, a) + α log Z(s)
 *
 * Appendix B.3.1 prints a further α before the entropy's estimate, and its Eq. 21 has lost Υ and the vector of ones.
 *
 * Shapes: B states, K samples, F features; the result is [B, F]. Gradients flow to all arguments.
 * @throws RangeError when shapes differ, there is no sample or alpha is not positive.
 */
export function stateFeatures({ psi, q, logProposal, alpha }: StateFeaturesArgs): Tensor {
  const { K } = checkShapes(
    'stateFeatures',
    { psi: ['B', 'K', 'F'], q: ['B', 'K'], logProposal: ['B', 'K'] },
    { psi, q, logProposal },
  )
  checkSamples('stateFeatures', K)
  checkAlpha('stateFeatures', alpha)
  return tidy(() => {
    const most = stopGradient(tf.max(q, -1, true))
    const { weights } = importanceWeights({ logTarget: tf.div(tf.sub(q, most), alpha), logProposal })
    const mean = tf.sum(tf.mul(tf.expandDims(weights, 2), psi), 1)
    const value = softMean(tf.sub(q, tf.mul(alpha, logProposal)), alpha)
    const entropy = tf.sub(value, tf.sum(tf.mul(weights, q), -1))
    return tf.add(mean, tf.expandDims(entropy, 1))
  })
}
