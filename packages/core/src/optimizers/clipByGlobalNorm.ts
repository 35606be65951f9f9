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
 * Gradients whose norm float32 does not have, from some 1e19 on, become 0.
 * @throws RangeError when `max` is not positive and finite in float32.
 */
export function clipByGlobalNorm(max: number): Optimizer<readonly never[]> {
  if (!(Math.fround(max) > 0 && Math.fround(max) < Infinity)) {
    throw new RangeError(
      `clipByGlobalNorm: max must be positive and finite in float32, got ${describeValue(max)}; leave the clipping out where nothing is to be clipped`,
    )
  }
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
