import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { checkAlpha, type Alpha } from './alpha.ts'
import { rbfBandwidth, type Bandwidth } from './bandwidth.ts'
import { heldConstant } from '../heldConstant.ts'
import { checkSamples } from './samples.ts'
import { squaredDistances } from './squaredDistances.ts'

/** Arguments of {@link svgdDirection}: M fixed and K moved particles in each of B states. */
export interface SvgdDirectionArgs {
  /** x: where the score is taken, [B, M, A]. */
  readonly particles: Tensor
  /** y: what moves, [B, K, A]; the same particles or others. */
  readonly updated: Tensor
  /** α ∇ log p at `particles`: ∇_a Q(s, a) for the soft-optimal policy. [B, M, A] */
  readonly score: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: Alpha
  /** `{ kind: 'median' }` when absent. */
  readonly bandwidth?: Bandwidth
}

/**
 * The direction in which Stein variational gradient descent moves particles towards p ∝ exp(Q/α), with κ(x, y) = exp(−‖x − y‖²/h).
 * Haarnoja 2018 (thesis), Eq. 3.11; the estimate in appendix C.1 is printed without α on the second term:
 *
 *     Δ(y) = (1/M) Σᵢ ( κ(xᵢ, y) ∇Q(xᵢ) + α ∇_x κ(xᵢ, y) )
 *
 * Particles move along +Δ. The second term drives them apart.
 *
 * Shapes: B states, M and K particles of A dimensions; the result is [B, K, A]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, there is no particle, alpha is not positive, or the bandwidth is refused.
 */
export function svgdDirection(args: SvgdDirectionArgs): Tensor {
  const { particles: from, updated: to, score: slope, alpha, bandwidth } = args
  const { B, M, K, A } = checkShapes(
    'svgdDirection',
    { particles: ['B', 'M', 'A'], updated: ['B', 'K', 'A'], score: ['B', 'M', 'A'] },
    { particles: from, updated: to, score: slope },
  )
  checkSamples('svgdDirection', Math.min(M, K))
  checkAlpha('svgdDirection', alpha)
  const inputs = [from, to, slope]
  return heldConstant(
    typeof alpha === 'number' ? inputs : [...inputs, alpha],
    (particles, updated, score) => {
      // Around their centre the squares of distances keep their digits; the kernel does not depend on the origin.
      const centre = tf.mean(particles, 1, true)
      const x = tf.sub(particles, centre)
      const y = tf.sub(updated, centre)
      const distances = squaredDistances(x, y)
      const h = tf.reshape(rbfBandwidth(distances, bandwidth), [-1, 1, 1])
      const kernel = tf.exp(tf.mul(distances, tf.div(-1, h)))
      // Σᵢ κᵢⱼ ∇Q(xᵢ) + (2α/h) Σᵢ κᵢⱼ (yⱼ − xᵢ), with one product for all sums over i.
      const stiffness = tf.div(tf.mul(2, alpha), h)
      const terms = tf.concat([tf.sub(score, tf.mul(stiffness, x)), tf.ones([B, M, 1])], 2)
      const [pulled, mass] = tf.split(tf.matMul(kernel, terms, true, false), [A, 1], 2)
      return tf.div(tf.add(pulled, tf.mul(tf.mul(stiffness, y), mass)), M)
    },
  )
}
