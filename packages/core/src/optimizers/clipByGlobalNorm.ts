import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { leaves, mapTree, type Tree } from '../tree.ts'
import type { Optimizer } from './optimizer.ts'
import { tidy } from '../tidy.ts'

/** The Euclidean norm of all numbers of a tree together. */
export function globalNorm(tree: Tree<Tensor>): Scalar {
  return tidy(() => tf.sqrt(tf.addN(leaves(tree).map((leaf) => tf.sum(tf.square(leaf))))))
}

/**
 * Scales the gradients down, all by one factor, so that their global norm is at most `max`; smaller gradients pass unchanged.
 * Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", arXiv:1211.5063, Algorithm 1.
 *
 *   g ← g · max / maximum(‖g‖, max)
 *
 * Used before an optimiser, in {@link chain}. It has no state.
 * @throws RangeError when `max` is not positive.
 */
export function clipByGlobalNorm(max: number): Optimizer<readonly never[]> {
  if (!(max > 0)) throw new RangeError(`clipByGlobalNorm: max must be positive, got ${describeValue(max)}`)
  return {
    init: () => [],
    update: <P extends Tree<Tensor>>(grads: P) => ({
      updates: tidy(() => {
        const factor = tf.div(max, tf.maximum(globalNorm(grads), max))
        return mapTree<Tree<Tensor>, Tensor, Tensor>(grads, (g) => tf.mul(g, factor))
      }) as P,
      state: [],
    }),
  }
}
