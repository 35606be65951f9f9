import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { tanhLogDet } from '../stable/tanhLogDet.ts'
import { tidy } from '../tidy.ts'
import { categorical } from './categorical.ts'
import { diagonalGaussian } from './diagonalGaussian.ts'
import type { SquashedSample } from './tanhGaussian.ts'
import { truncatedGaussian } from './truncatedGaussian.ts'

/** One mixture of M components of A dimensions in each of B states. */
export interface GaussianMixtureParams {
  /** log of the weights up to a constant, [B, M]. */
  readonly logits: Tensor
  /** [B, M, A] */
  readonly mean: Tensor
  /** [B, M, A] */
  readonly logStd: Tensor
}

/** What K samples per state are made of. */
export type MixtureNoise = {
  /** Uniform on [0, 1), which choose components, [B, K]. */
  readonly component: Tensor
  /** Of the components, [B, K, A]: standard normal, or uniform on [0, 1) for truncated ones. */
  readonly noise: Tensor
}

/** K events of A dimensions in each of B states. There is no entropy in closed form; −logProb of samples estimates it. */
export interface GaussianMixture {
  /** [B, K, A]. Gradients flow to mean and logStd of the chosen components, not to the weights. */
  sample(noise: MixtureNoise): Tensor
  /** The sample and its log density, [B, K]. */
  sampleWithLogProb(noise: MixtureNoise): { readonly sample: Tensor; readonly logProb: Tensor }
  /** Log density at x [B, K, A]: [B, K]. Gradients flow to all parameters. */
  logProb(x: Tensor): Tensor
}

/** A mixture squashed by tanh onto the box (−1, 1). */
export interface TanhGaussianMixture {
  /** Before the squash. */
  readonly base: GaussianMixture
  /** Actions tanh(u) [B, K, A] with u and their log densities [B, K]. Gradient as in {@link GaussianMixture}. */
  sampleWithLogProb(noise: MixtureNoise): SquashedSample
  /** Log density of the action tanh(preTanh), [B, K] for [B, K, A]. */
  logProb(at: { readonly preTanh: Tensor }): Tensor
}

/**
 * A mixture of normal distributions with independent components: log p(x) = log Σₘ wₘ N(x; μₘ, σₘ²).
 * @throws RangeError when shapes differ or there is no component.
 */
export function gaussianMixture(params: GaussianMixtureParams): GaussianMixture {
  checkMixture('gaussianMixture', params)
  return mixture(params, {
    sample: (chosen, noise) => diagonalGaussian(chosen).sample(noise),
    logProb: (components, x) => diagonalGaussian(components).logProb(x),
  })
}

/**
 * {@link gaussianMixture} behind tanh, as `tanhGaussian` is for one component.
 * @throws RangeError when shapes differ or there is no component.
 */
export function tanhGaussianMixture(params: GaussianMixtureParams): TanhGaussianMixture {
  checkMixture('tanhGaussianMixture', params)
  const base = gaussianMixture(params)
  const logProb = ({ preTanh }: { readonly preTanh: Tensor }): Tensor =>
    tidy(() => tf.sub(base.logProb(preTanh), tf.sum(tanhLogDet(preTanh), -1)))
  return {
    base,
    logProb,
    sampleWithLogProb: (noise) => {
      const preTanh = base.sample(noise)
      return { action: tf.tanh(preTanh), preTanh, logProb: logProb({ preTanh }) }
    },
  }
}

export interface TruncatedGaussianMixtureParams extends GaussianMixtureParams {
  /** The lower bound of every dimension. */
  readonly low: number
  /** The upper bound of every dimension. */
  readonly high: number
}

/**
 * A mixture of normal distributions each cut to the box [low, high] in every dimension, the proposal of Hunt et al. 2018, appendix B.1.
 * Noise is uniform.
 * @throws RangeError when shapes differ, there is no component, or the bounds are not finite and in order.
 */
export function truncatedGaussianMixture(params: TruncatedGaussianMixtureParams): GaussianMixture {
  checkMixture('truncatedGaussianMixture', params)
  const { low, high } = params
  truncatedGaussian(params)
  return mixture(params, {
    sample: (chosen, noise) => truncatedGaussian({ ...chosen, low, high }).sample(noise),
    logProb: (components, x) => truncatedGaussian({ ...components, low, high }).logProb(x),
  })
}

interface Parts {
  readonly mean: Tensor
  readonly logStd: Tensor
}

interface Family {
  sample(chosen: Parts, noise: Tensor): Tensor
  /** For parts [B, 1, M, A] and x [B, K, 1, A]: [B, K, M]. */
  logProb(components: Parts, x: Tensor): Tensor
}

function mixture({ logits, mean, logStd }: GaussianMixtureParams, family: Family): GaussianMixture {
  const [B, M, A] = mean.shape
  const sample = ({ component, noise }: MixtureNoise): Tensor => {
    const { K } = checkShapes('sample', { component: [B, 'K'], noise: [B, 'K', A] }, { component, noise })
    return tidy(() => {
      const spread = tf.tile(tf.expandDims(logits, 1), [1, K, 1])
      const choice = categorical({ logits: spread }).sample(component)
      // tf.oneHot refuses a depth of 1.
      const isChosen = M === 1 ? tf.ones([B, K, 1]) : tf.cast(tf.oneHot(choice, M), 'float32')
      return family.sample({ mean: tf.matMul(isChosen, mean), logStd: tf.matMul(isChosen, logStd) }, noise)
    })
  }
  const logProb = (x: Tensor): Tensor => {
    checkShapes('logProb', { x: [B, 'K', A] }, { x })
    return tidy(() => {
      const components = { mean: tf.expandDims(mean, 1), logStd: tf.expandDims(logStd, 1) }
      const each = family.logProb(components, tf.expandDims(x, 2))
      const logWeights = tf.sub(logits, tf.expandDims(logSumExp(logits, -1), -1))
      return logSumExp(tf.add(each, tf.expandDims(logWeights, 1)), -1)
    })
  }
  return {
    sample,
    logProb,
    sampleWithLogProb: (noise) => {
      const drawn = sample(noise)
      return { sample: drawn, logProb: logProb(drawn) }
    },
  }
}

/** @throws RangeError when shapes differ or there is no component. */
export function checkMixture(caller: string, params: GaussianMixtureParams): void {
  const { logits, mean, logStd } = params
  const shapes = { logits: ['B', 'M'], mean: ['B', 'M', 'A'], logStd: ['B', 'M', 'A'] } as const
  const { M } = checkShapes(caller, shapes, { logits, mean, logStd })
  if (M === 0) throw new RangeError(`${caller}: logits must have at least one component, got 0`)
}
