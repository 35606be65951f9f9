import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'
import { heldConstant } from '../heldConstant.ts'

/**
 * How the squared length h of the kernel exp(−‖x − y‖²/h) is chosen, per state, with m the median of the squared distances of M particles:
 *
 * - `median`: h = m / (2 log(M + 1)). Thesis appendix C.1 and Liu & Wang 2016, where "distance" must be read as squared, else h is no
 *   squared length.
 * - `released`: h = m / log M, as the published soft Q-learning code computes it.
 * - `fixed`: h = value.
 */
export type Bandwidth =
  | {
      readonly kind: 'median' | 'released'
      /** Lower bound of h, which keeps particles in one place apart from a division by zero. Default 1e-3, as in the published code. */
      readonly floor?: number
    }
  | { readonly kind: 'fixed'; readonly value: number }

/** {@link rbfBandwidth} of the thesis. */
export const medianBandwidth: Bandwidth = { kind: 'median' }

/**
 * h of every state from squared distances [B, M, K] between M particles and K others. The median is the lower of the middle two where their
 * number is even, found by a partial sort. No gradient: it is a constant of the kernel. [B]
 * @throws RangeError when distances are not [B, M, K], a length is not positive, or `released` has fewer than 2 particles.
 */
export function rbfBandwidth(squaredDistances: Tensor, bandwidth: Bandwidth = medianBandwidth): Tensor {
  const { B, M, K } = checkShapes('rbfBandwidth', { squaredDistances: ['B', 'M', 'K'] }, { squaredDistances })
  if (bandwidth.kind === 'fixed') {
    checkLength('value', bandwidth.value)
    return tf.fill([B], bandwidth.value)
  }
  const { kind, floor = 1e-3 } = bandwidth
  checkLength('floor', floor)
  if (kind === 'released' && M < 2)
    throw new RangeError(
      `rbfBandwidth: squaredDistances must have at least 2 particles for the released bandwidth, got ${M}`,
    )
  const scale = kind === 'median' ? 2 * Math.log(M + 1) : Math.log(M)
  return heldConstant([squaredDistances], (distances) => {
    const rows = tf.reshape(distances, [B, M * K])
    const upper = tf.topk(rows, Math.floor((M * K) / 2) + 1, false).values
    return tf.maximum(tf.div(tf.min(upper, -1), scale), floor)
  })
}

function checkLength(name: string, value: number): void {
  if (value > 0 && value < Infinity) return
  throw new RangeError(`rbfBandwidth: ${name} must be positive and finite, got ${describeValue(value)}`)
}
