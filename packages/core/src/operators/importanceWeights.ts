import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { LARGEST } from '../float32.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { checkSamples } from './samples.ts'

/** Arguments of {@link importanceWeights}: K samples in each of B states. */
export interface ImportanceWeightsArgs {
  /** log of the target density up to a constant per state, at K samples: Q(s, aₖ)/α for the soft-optimal policy. [B, K] */
  readonly logTarget: Tensor
  /** log density of what the samples were drawn from, [B, K]. */
  readonly logProposal: Tensor
}

/** Normalised weights, and how many samples they are worth. */
export interface ImportanceWeights {
  /** Of sum one in each state, [B, K]; all zero where no sample has any weight. */
  readonly weights: Tensor
  /** Between 1 and K, [B]; 0 where no sample has any weight. */
  readonly effectiveSampleSize: Tensor
}

/**
 * Self-normalised importance weights. Hunt et al. 2018, Eqs. 15 and 22; Eq. 15 is printed without the exponential:
 *
 *     wₖ ∝ p(aₖ|s) / q(aₖ|s),   Σₖ wₖ = 1,        effective sample size = 1 / Σₖ wₖ²   (Kish)
 *
 * A small effective sample size says that the proposal misses mass of the target. A sample to which the proposal gives no density, but the target some,
 * gets all of the weight: an effective sample size of 1. Gradients flow to both arguments.
 * @throws RangeError when shapes differ or there is no sample.
 */
export function importanceWeights({ logTarget, logProposal }: ImportanceWeightsArgs): ImportanceWeights {
  const { K } = checkShapes(
    'importanceWeights',
    { logTarget: ['B', 'K'], logProposal: ['B', 'K'] },
    { logTarget, logProposal },
  )
  checkSamples('importanceWeights', K)
  return tidy(() => {
    const logRatio = tf.sub(logTarget, tf.clipByValue(logProposal, LEAST, -LEAST))
    const most = tf.clipByValue(stopGradient(tf.max(logRatio, -1, true)), -LARGEST, LARGEST)
    const logWeights = tf.sub(logRatio, most)
    const total = tf.clipByValue(tf.expandDims(logSumExp(logWeights, -1), -1), -LARGEST, LARGEST)
    const weights = tf.exp(tf.sub(logWeights, total))
    return { weights, effectiveSampleSize: effectiveSampleSize(weights) }
  })
}

/** Stands for log 0 in a proposal, so that a ratio to it is finite. */
const LEAST = -1e38

/** 1 / Σₖ wₖ² over the last axis, for weights of sum one; 0 for weights that are all zero. */
export function effectiveSampleSize(weights: Tensor): Tensor {
  return tidy(() => {
    const squares = tf.sum(tf.square(weights), -1)
    const some = tf.cast(tf.greater(stopGradient(squares), 0), 'float32')
    return tf.div(some, tf.add(squares, tf.sub(1, some)))
  })
}

/** Arguments of {@link proposalLoss}: K samples in each of B states. */
export interface ProposalLossArgs {
  /** Weights of the samples, [B, K]; held constant. */
  readonly weights: Tensor
  /** log density of the samples under the proposal that learns, [B, K]. */
  readonly logProposal: Tensor
}

/**
 * The forward KL divergence from the weighted samples to a proposal, up to a constant: −(1/B) Σ_b Σₖ wₖ log q(aₖ|s). Hunt et al. 2018,
 * Eq. 14 (with a_kl for the printed a); Galashov et al. 2020, section 3, where "argmin" must read argmax. [] Gradient reaches `logProposal` only.
 * @throws RangeError when shapes differ.
 */
export function proposalLoss({ weights, logProposal }: ProposalLossArgs): tf.Scalar {
  checkShapes('proposalLoss', { weights: ['B', 'K'], logProposal: ['B', 'K'] }, { weights, logProposal })
  return tidy(() => tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(stopGradient(weights), logProposal), -1))))
}
