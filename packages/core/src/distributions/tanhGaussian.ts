import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { tanhLogDet } from '../stable/tanhLogDet.ts'
import {
  checkParams,
  diagonalGaussian,
  type DiagonalGaussian,
  type GaussianParams,
} from './diagonalGaussian.ts'
import { tidy } from '../tidy.ts'

/** A sample with the value before the squash, from which its density can be computed again later. */
export interface SquashedSample<T extends Tensor = Tensor> {
  /** tanh of `preTanh`, in (−1, 1); the bounds themselves occur by rounding. [..., D] */
  readonly action: T
  /** [..., D] */
  readonly preTanh: T
  /** Log density of `action`. [...] */
  readonly logProb: Tensor
}

/**
 * A normal distribution squashed by tanh onto the box (−1, 1). It has no entropy in closed form; −logProb of a sample is an unbiased
 * estimate of it.
 */
export interface TanhGaussian<T extends Tensor = Tensor> {
  /** The distribution before the squash. */
  readonly base: DiagonalGaussian<T>
  /** tanh(mean + std · noise) with its log density. Gradients flow to `mean` and `logStd`. */
  sampleWithLogProb(noise: Tensor): SquashedSample<T>
  /** The log density of the action tanh(preTanh). The action itself would not do: near the bounds it has lost the digits that matter. */
  logProb(at: { readonly preTanh: Tensor }): Tensor
  /** tanh(mean): the median of each component, which is what deterministic policies act by. */
  mode(): T
}

/**
 * The tanh-squashed normal distribution of soft actor-critic.
 * Haarnoja 2018, "Acquiring diverse robot skills via maximum entropy deep reinforcement learning" (thesis), Eq. C.2.
 *
 *   a = tanh(u),  u ~ N(μ, σ²)         log π(a) = log N(u; μ, σ²) − Σᵢ log(1 − tanh²(uᵢ))
 *
 * @throws RangeError when `logStd` does not fit `mean`.
 */
export function tanhGaussian<T extends Tensor>(params: GaussianParams<T>): TanhGaussian<T> {
  checkParams('tanhGaussian', params)
  const base = diagonalGaussian(params)
  const squash = (logProb: Tensor, preTanh: Tensor): Tensor =>
    tf.sub(logProb, tf.sum(tanhLogDet(preTanh), -1))
  return {
    base,
    sampleWithLogProb: (noise) =>
      tidy(() => {
        const { sample: preTanh, logProb } = base.sampleWithLogProb(noise)
        return { action: tf.tanh(preTanh), preTanh, logProb: squash(logProb, preTanh) }
      }),
    logProb: ({ preTanh }) => tidy(() => squash(base.logProb(preTanh), preTanh)),
    mode: () => tf.tanh(params.mean),
  }
}
