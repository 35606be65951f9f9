import * as tf from '@tensorflow/tfjs'
import type { Tensor1D } from '@tensorflow/tfjs'
import { checkInteger } from '../check.ts'
import type { Network } from './network.ts'
import { tidy } from '../tidy.ts'

/** Sizes of a layer normalisation. */
export interface LayerNormOptions {
  /** D, the numbers that are normalised together. */
  readonly size: number
  /** Added to the variance; 1e-5 when absent, as in torch. */
  readonly epsilon?: number
}

/** `scale` and `offset`, each [size]. */
export type LayerNormParams = { readonly scale: Tensor1D; readonly offset: Tensor1D }

/**
 * Layer normalisation over the last axis, with a learned scale (from 1) and offset (from 0).
 * Ba et al. 2016, arXiv:1607.06450, Eqs. 3 and 4.
 *
 *   y = scale · (x − mean(x)) / √(var(x) + ε) + offset
 *
 * @throws RangeError when `size` is not a positive integer.
 */
export function layerNorm(options: LayerNormOptions): Network<LayerNormParams> {
  const { size, epsilon = 1e-5 } = options
  checkInteger({ caller: 'layerNorm', name: 'size', value: size, min: 1 })
  return {
    init: () => ({ scale: tf.ones([size]), offset: tf.zeros([size]) }),
    apply: (params, input) =>
      tidy(() => {
        const centered = tf.sub(input, tf.mean(input, -1, true))
        const variance = tf.mean(tf.square(centered), -1, true)
        const normal = tf.div(centered, tf.sqrt(tf.add(variance, epsilon)))
        return tf.add(tf.mul(normal, params.scale), params.offset)
      }),
  }
}
