import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { heldConstant } from '../heldConstant.ts'
import { checkAlpha, type Alpha } from './alpha.ts'
import { rbfBandwidth, type Bandwidth } from './bandwidth.ts'
import { squaredDistances } from './squaredDistances.ts'

/** Arguments of {@link steinDiscrepancy}: particles in each of B states. */
export interface SteinDiscrepancyArgs {
  /** x, [B, M, A], at least 2 per state. */
  readonly particles: Tensor
  /** α ∇ log p at `particles`, [B, M, A], as `svgdDirection` takes it. */
  readonly score: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
  /** Of the kernel exp(−‖x − y‖²/h); `{ kind: 'median' }` when absent. */
  readonly bandwidth?: Bandwidth
  /**
   * `u`, the mean over pairs of two different particles: without bias, so that it is 0 on average for samples of p and may be negative.
   * `v`, the mean over all pairs: never negative, of order 1/M for samples of p. Default `u`.
   */
  readonly statistic?: 'u' | 'v'
}

/**
 * The squared kernelised Stein discrepancy between the distribution of particles and p ∝ exp(Q/α): how far `svgdDirection` would move them,
 * as the squared norm of its function. Liu, Lee & Jordan 2016 (arXiv:1602.03253), Eqs. 9 and 14:
 *
 *     S² = E_{x,y} [ s(x)ᵀs(y) κ + s(x)ᵀ∇_yκ + s(y)ᵀ∇_xκ + tr ∇_x∇_yκ ],        s = ∇ log p,   κ(x, y) = exp(−‖x − y‖²/h)
 *
 * It is zero where the particles are distributed as p. Compare it between sets of particles under one fixed bandwidth: under the median each is
 * measured by its own.
 *
 * Shapes: B states, M particles of A dimensions; the result is [B]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, there are fewer than 2 particles, alpha is not positive, or the bandwidth is refused.
 */
export function steinDiscrepancy(args: SteinDiscrepancyArgs): Tensor {
  const { particles, score, alpha, bandwidth, statistic = 'u' } = args
  const { M, A } = checkShapes(
    'steinDiscrepancy',
    { particles: ['B', 'M', 'A'], score: ['B', 'M', 'A'] },
    { particles, score },
  )
  if (M < 2)
    throw new RangeError(
      `steinDiscrepancy: particles must have at least 2 per state to make a pair, got ${M}`,
    )
  checkAlpha('steinDiscrepancy', alpha)
  const inputs = [particles, score]
  return heldConstant(typeof alpha === 'number' ? inputs : [...inputs, alpha], (points, slope) => {
    const x = tf.sub(points, tf.mean(points, 1, true))
    const s = tf.div(slope, alpha)
    const distances = squaredDistances(x, x)
    const h = tf.reshape(rbfBandwidth(distances, bandwidth), [-1, 1, 1])
    const kernel = tf.exp(tf.neg(tf.div(distances, h)))
    // sᵢ·sⱼ + (2/h)(sᵢ − sⱼ)·(xᵢ − xⱼ) + 2A/h − 4‖xᵢ − xⱼ‖²/h²
    const own = tf.sum(tf.mul(s, x), 2, true)
    const cross = tf.matMul(s, x, false, true)
    const pull = tf.sub(tf.add(own, transposed(own)), tf.add(cross, transposed(cross)))
    const spread = tf.sub(2 * A, tf.div(tf.mul(4, distances), h))
    const terms = tf.mul(
      kernel,
      tf.add(tf.matMul(s, s, false, true), tf.div(tf.add(tf.mul(2, pull), spread), h)),
    )
    if (statistic === 'v') return tf.mean(terms, [1, 2])
    const others = tf.sub(1, tf.eye(M))
    return tf.div(tf.sum(tf.mul(terms, others), [1, 2]), M * (M - 1))
  })
}

function transposed(x: Tensor): Tensor {
  return tf.transpose(x, [0, 2, 1])
}
