import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes } from '@maxent/core'

/** Arguments of {@link smoothedAction}: B states, A action dimensions. */
export interface SmoothedActionArgs {
  /** π̄(s′) in [−1, 1], [B, A]. */
  readonly action: Tensor
  /** ε, standard normal, [B, A]. */
  readonly noise: Tensor
  /** σ̃. */
  readonly sigma: number
  /** c. */
  readonly clip: number
}

/**
 * Target policy smoothing. Fujimoto et al. 2018 (arXiv:1802.09477), Eqs. 14 and 15, with the cut to the box of Algorithm 1's code.
 *
 *     ã = clip( π̄(s′) + clip(σ̃·ε, −c, c), −1, 1 )
 *
 * Shapes: B states; the result is [B, A].
 * @throws RangeError when the shapes differ.
 */
export function smoothedAction(args: SmoothedActionArgs): Tensor2D {
  const { action, noise, sigma, clip } = args
  checkShapes('smoothedAction', { action: ['B', 'A'], noise: ['B', 'A'] }, { action, noise })
  const shift = tf.clipByValue(tf.mul(noise, sigma), -clip, clip)
  return tf.clipByValue<Tensor2D>(tf.add(action, shift), -1, 1)
}
