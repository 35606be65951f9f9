import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { tidy } from '../tidy.ts'

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** `mean` [..., D]; `logStd` of the same shape, or [D]. */
export interface GaussianParams<T extends Tensor = Tensor> {
  /** μ, [..., D]. */
  readonly mean: T
  /** log σ, [..., D] or [D]. */
  readonly logStd: Tensor
}

/** A normal distribution with independent components. The last axis is one event: densities and entropies have shape [...]. */
export interface DiagonalGaussian<T extends Tensor = Tensor> extends GaussianParams<T> {
  /** mean + std · noise, for standard normal noise of the shape of `mean`. Gradients flow to `mean` and `logStd`. */
  sample(noise: Tensor): T
  /** The sample, and its log density in terms of the noise: no cancellation, and no gradient to `mean`, which it does not depend on. */
  sampleWithLogProb(noise: Tensor): { readonly sample: T; readonly logProb: Tensor }
  /** The log density at `x`. */
  logProb(x: Tensor): Tensor
  /** Differential entropy in nats. */
  entropy(): Tensor
  /** The sample of the highest density, μ. */
  mode(): T
  /** KL(this ‖ other) in nats. */
  kl(other: GaussianParams): Tensor
}

/**
 * The normal distribution with mean μ and standard deviations σ = exp(logStd).
 *
 *   log p(x) = −Σᵢ ( ½ ((xᵢ − μᵢ) / σᵢ)² + log σᵢ + ½ log 2π )
 *   H        =  Σᵢ ( log σᵢ + ½ log 2πe )
 *   KL(p‖q)  =  Σᵢ ( log(σ'ᵢ / σᵢ) + ½ ( (σᵢ / σ'ᵢ)² + ((μᵢ − μ'ᵢ) / σ'ᵢ)² − 1 ) )
 *
 * @throws RangeError when `logStd` does not fit `mean`.
 */
export function diagonalGaussian<T extends Tensor>(params: GaussianParams<T>): DiagonalGaussian<T> {
  checkParams('diagonalGaussian', params)
  const { mean, logStd } = params
  const dimensions = mean.shape[mean.rank - 1]
  const sample = (noise: Tensor): T => {
    checkShapes('sample', { noise: mean.shape }, { noise })
    return tidy(() => tf.add(mean, tf.mul(noise, tf.exp(logStd))))
  }
  const logProbOfNoise = (noise: Tensor): Tensor =>
    tidy(() => {
      const terms = tf.add(tf.mul(tf.square(noise), 0.5), logStd)
      return tf.sub(-HALF_LOG_TWO_PI * dimensions, tf.sum(terms, -1))
    })
  return {
    mean,
    logStd,
    sample,
    sampleWithLogProb: (noise) => ({ sample: sample(noise), logProb: logProbOfNoise(noise) }),
    logProb: (x) => tidy(() => logProbOfNoise(tf.mul(tf.sub(x, mean), tf.exp(tf.neg(logStd))))),
    entropy: () =>
      tidy(() => {
        const perEvent = logStd.rank === mean.rank ? logStd : tf.add(logStd, tf.zeros(mean.shape))
        return tf.add(tf.sum(perEvent, -1), (HALF_LOG_TWO_PI + 0.5) * dimensions)
      }),
    mode: () => mean.clone(),
    kl: (other) => {
      checkParams('kl', other)
      return tidy(() => {
        const logRatio = tf.sub(logStd, other.logStd)
        const distance = tf.mul(tf.sub(mean, other.mean), tf.exp(tf.neg(other.logStd)))
        const squares = tf.add(tf.exp(tf.mul(logRatio, 2)), tf.square(distance))
        return tf.sum(tf.sub(tf.mul(tf.sub(squares, 1), 0.5), logRatio), -1)
      })
    },
  }
}

/** @throws RangeError when `mean` has no last axis, or `logStd` has neither the shape of `mean` nor that of one event. */
export function checkParams(caller: string, { mean, logStd }: GaussianParams): void {
  if (mean.rank === 0) throw new RangeError(`${caller}: mean must have shape [..., D], got a scalar`)
  const fits = [mean.shape, mean.shape.slice(-1)].some((shape) => shape.join() === logStd.shape.join())
  if (fits) return
  throw new RangeError(
    `${caller}: logStd must have shape [${mean.shape.join(', ')}] or [${mean.shape.at(-1)}], got [${logStd.shape.join(', ')}]`,
  )
}
