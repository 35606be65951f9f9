import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { zipTrees, type Tree } from './tree.ts'
import { tidy } from './tidy.ts'

/**
 * The next target parameters: the average of online and target parameters with the weight `tau` on the online ones.
 * Lillicrap et al. 2015, "Continuous control with deep reinforcement learning", arXiv:1509.02971, Algorithm 1.
 *
 *   θ̄ ← τ θ + (1 − τ) θ̄
 *
 * `tau = 1` copies. A scalar tensor lets a traced program decide, as for hard updates every n steps.
 * @throws RangeError when `tau` is a number outside [0, 1] or the trees differ in structure.
 */
export function polyak<P extends Tree<Tensor>>(online: P, target: P, tau: number | Scalar): P {
  if (typeof tau === 'number' && !(tau >= 0 && tau <= 1)) {
    throw new RangeError(`polyak: tau must be in [0, 1], got ${tau}`)
  }
  return tidy(() => {
    const rest = typeof tau === 'number' ? 1 - tau : tf.sub(1, tau)
    return zipTrees<Tensor, Tensor, Tensor>(online, target, (a, b) => tf.add(tf.mul(a, tau), tf.mul(b, rest)))
  }) as P
}
