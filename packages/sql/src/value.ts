import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import {
  atanhSafe,
  checkShapes,
  importanceWeights,
  logAddExp,
  rbfBandwidth,
  softValue,
  squaredDistances,
  tanhGaussianMixture,
  uniformBox,
} from '@maxent/core'
import type { ValueConfig } from './config.ts'

/** K actions in each of B states, and what they were drawn from. */
export interface Proposal {
  /** In [−1, 1], [B, K, A]. */
  readonly action: Tensor
  /** log q(a|s), [B, K]. */
  readonly logProb: Tensor
}

/** The uniform distribution on [−1, 1]^A, from uniform noise [B, K, A]: Haarnoja 2018 (thesis), section 3.3. */
export function uniformProposal(noise: Tensor): Proposal {
  checkShapes('uniformProposal', { noise: ['B', 'K', 'A'] }, { noise })
  const { sample, logProb } = unitBox(noise).sampleWithLogProb(noise)
  return { action: sample, logProb }
}

/** Arguments of {@link samplerProposal}: U uniform and R normal samples in each of B states. */
export interface SamplerProposalArgs {
  /** Uniform on [0, 1), [B, U, A]. */
  readonly uniform: Tensor
  /** Standard normal, [B, R, A]. */
  readonly normal: Tensor
  /** Values before tanh of R actions of the sampling network, [B, R, A]. */
  readonly preTanh: Tensor
  /** A Gaussian kernel around each of them, or one Gaussian with their moments. */
  readonly kind: Exclude<ValueConfig['kind'], 'uniform'>
}

/**
 * U actions of the box and R near those of a sampling network, with the density of what all K = U + R are drawn from together:
 *
 *     q(a|s) = (U/K)·2^−A + (R/K)·m(a|s),     m the law of tanh u,  u ~ (1/R) Σᵣ N(uᵣ, σ²)  or  N(mean uᵣ, var uᵣ)
 *
 * The thesis wants the current policy as its proposal (section 3.3) and cannot have it, since an implicit density gives no weights. This is
 * the nearest that does: the kernels exp(−‖u − uᵣ‖²/h) of the Stein gradient, σ² = h/2 with its bandwidth h. One draw per kernel with the weight
 * of the whole mixture is unbiased (Veach & Guibas 1995, the balance heuristic), and the share of the box bounds all weights. Widths are at least
 * 0.05, so that particles in one place still propose actions around it.
 * @throws RangeError when a shape differs or R is 0.
 */
export function samplerProposal({ uniform, normal, preTanh, kind }: SamplerProposalArgs): Proposal {
  const { U, R, A } = checkShapes(
    'samplerProposal',
    { uniform: ['B', 'U', 'A'], normal: ['B', 'R', 'A'], preTanh: ['B', 'R', 'A'] },
    { uniform, normal, preTanh },
  )
  if (R === 0) {
    throw new RangeError(
      `samplerProposal: preTanh must have at least one sample per state, got [${preTanh.shape.join(', ')}]; ` +
        'take uniformProposal for actions of the box alone',
    )
  }
  const { mean, variance } = tf.moments(preTanh, 1, true)
  const centres = kind === 'gaussian' ? mean : preTanh
  const centred = tf.sub(preTanh, mean)
  const squaredWidth =
    kind === 'gaussian'
      ? variance
      : tf.reshape(tf.div(rbfBandwidth(squaredDistances(centred, centred)), 2), [-1, 1, 1])
  const std = tf.sqrt(tf.maximum(squaredWidth, LEAST_WIDTH ** 2))
  const near = tf.add(centres, tf.mul(normal, std))
  const fromBox = unitBox(uniform).sample(uniform)
  const components = tanhGaussianMixture({
    logits: tf.zeros(centres.shape.slice(0, 2)),
    mean: centres,
    logStd: tf.add(tf.log(std), tf.zerosLike(centres)),
  })
  const logMixture = components.logProb({ preTanh: tf.concat([atanhSafe(fromBox), near], 1) })
  const K = U + R
  return {
    action: tf.concat([fromBox, tf.tanh(near)], 1),
    logProb: logAddExp(
      tf.add(logMixture, Math.log(R / K)),
      tf.fill(logMixture.shape, Math.log(U / K) - A * Math.LN2),
    ),
  }
}

/** U and R of a proposal of `samples` actions; both are at least one. */
export function proposalCounts({ samples, uniformShare }: Exclude<ValueConfig, { kind: 'uniform' }>): {
  readonly uniform: number
  readonly near: number
} {
  const uniform = Math.min(Math.max(Math.round(samples * uniformShare), 1), samples - 1)
  return { uniform, near: samples - uniform }
}

/** A soft value from K samples in each of B states, and what they counted. */
export interface ValueEstimate {
  /** V(s), [B]. */
  readonly value: Tensor
  /** wₖ ∝ exp(Q(s, aₖ)/α) / q(aₖ|s) of sum one, [B, K]. */
  readonly weights: Tensor
  /** 1 / Σₖ wₖ², between 1 and K, [B]. */
  readonly effectiveSampleSize: Tensor
}

/**
 * The soft value of states from proposed actions, and how many actions of the policy the estimate is worth. Haarnoja 2018 (thesis), eq. 3.8.
 *
 *     V(s) = α log (1/K) Σₖ exp(Q(s, aₖ)/α) / q(aₖ|s)
 *
 * It is low by about ½ α (1/n − 1/K) with n the effective sample size.
 *
 * `q` [B, K] are the values of the proposed actions.
 * @throws RangeError when a shape differs or alpha is not positive.
 */
export function estimateValue(
  q: Tensor,
  { logProb }: Pick<Proposal, 'logProb'>,
  alpha: number | Tensor,
): ValueEstimate {
  const value = softValue({ q, logProposal: logProb, alpha })
  return { value, ...importanceWeights({ logTarget: tf.div(q, alpha), logProposal: logProb }) }
}

const LEAST_WIDTH = 0.05

function unitBox(like: Tensor): ReturnType<typeof uniformBox> {
  const actions = like.shape[like.rank - 1]
  return uniformBox({ low: Array<number>(actions).fill(-1), high: Array<number>(actions).fill(1) })
}
