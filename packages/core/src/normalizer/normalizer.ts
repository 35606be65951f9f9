import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger, checkShapes, describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'

/** Statistics of all rows seen: their number (float32), and mean and population variance of each column [size]. */
export type NormalizerState = { readonly count: Scalar; readonly mean: Tensor1D; readonly variance: Tensor1D }

/** Size and limits of a normaliser. */
export interface NormalizerOptions {
  /** Length of a row. */
  readonly size: number
  /** Normalised values are cut to [−clip, clip]; 10 when absent. */
  readonly clip?: number
  /** Added to the variance; 1e-8 when absent. */
  readonly epsilon?: number
}

/** A running normaliser as pure functions. For evaluation call `normalize` alone: only `update` makes new statistics. */
export interface Normalizer {
  /** No rows seen: mean 0, variance 1. */
  init(): NormalizerState
  /** The statistics after a batch of rows [B, size]. No gradient is meant to flow through them. */
  update(state: NormalizerState, batch: Tensor2D): NormalizerState
  /** Rows [B, size] with mean 0 and variance 1 under the statistics, cut to [−clip, clip]. */
  normalize(state: NormalizerState, rows: Tensor2D): Tensor2D
  /** The inverse of `normalize` where nothing was cut. */
  denormalize(state: NormalizerState, rows: Tensor2D): Tensor2D
}

/**
 * Running mean and variance, merged batch by batch.
 * Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance", doi:10.1080/00031305.1983.10483115, Eq. 2.1, for means
 * instead of sums, so that sums do not grow over long runs. With w = n / (N + n) for n new rows after N:
 *
 *   δ = mean(batch) − mean         mean ← mean + w δ         variance ← variance + w (var(batch) − variance) + w (1 − w) δ²
 *
 * @throws RangeError when an option is outside of its range.
 */
export function normalizer(options: NormalizerOptions): Normalizer {
  const { size, clip = 10, epsilon = 1e-8 } = options
  checkInteger({ caller: 'normalizer', name: 'size', value: size, min: 1 })
  if (!(clip > 0)) throw new RangeError(`normalizer: clip must be positive, got ${describeValue(clip)}`)
  if (!(epsilon >= 0))
    throw new RangeError(`normalizer: epsilon must be at least 0, got ${describeValue(epsilon)}`)
  const deviation = (state: NormalizerState): Tensor1D => tf.sqrt(tf.add(state.variance, epsilon))
  return {
    init: () => ({ count: tf.scalar(0), mean: tf.zeros([size]), variance: tf.ones([size]) }),
    update: (state, batch) => {
      checkShapes('normalizer.update', { batch: ['B', size] }, { batch })
      if (batch.shape[0] === 0)
        throw new RangeError(`normalizer.update: batch must have at least one row, got [0, ${size}]`)
      return tidy(() => {
        const count: Scalar = tf.add(state.count, batch.shape[0])
        const weight: Scalar = tf.div(batch.shape[0], count)
        const batchMean = tf.mean(batch, 0)
        const delta = tf.sub(batchMean, state.mean)
        const batchVariance = tf.mean(tf.square(tf.sub(batch, batchMean)), 0)
        const spread = tf.mul(tf.square(delta), tf.mul(weight, tf.sub(1, weight)))
        const growth = tf.mul(tf.sub(batchVariance, state.variance), weight)
        return {
          count,
          mean: tf.add<Tensor1D>(state.mean, tf.mul(delta, weight)),
          variance: tf.add<Tensor1D>(state.variance, tf.add(growth, spread)),
        }
      })
    },
    normalize: (state, rows) => {
      checkShapes('normalizer.normalize', { rows: ['B', size] }, { rows })
      return tidy(() => {
        const scaled: Tensor2D = tf.div(tf.sub(rows, state.mean), deviation(state))
        return tf.minimum(tf.maximum(scaled, -clip), clip)
      })
    },
    denormalize: (state, rows) => {
      checkShapes('normalizer.denormalize', { rows: ['B', size] }, { rows })
      return tidy(() => tf.add(tf.mul(rows, deviation(state)), state.mean))
    },
  }
}
