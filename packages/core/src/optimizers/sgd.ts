import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { mapTree, zipTrees, type Tree } from '../tree.ts'
import { checkDecay, checkLearningRate, rateAt, type LearningRate, type Optimizer } from './optimizer.ts'
import { tidy } from '../tidy.ts'

/** Settings of {@link sgd}. */
export interface SgdOptions {
  /** Length of a step: a number, or a schedule of the step. */
  readonly learningRate: LearningRate
  /** μ in [0, 1), the decay of the running sum of gradients; no running sum is kept when absent. */
  readonly momentum?: number
}

/** `step` counts the updates made; `trace` is the running sum of gradients, with momentum only. */
export type SgdState = { readonly step: Scalar; readonly trace?: Tree<Tensor> }

/**
 * Stochastic gradient descent, with Polyak's momentum where asked for.
 *
 *   u ← μ u + g         update = −η u
 *
 * @throws RangeError when an option is outside of its range.
 */
export function sgd(options: SgdOptions): Optimizer<SgdState> {
  const { learningRate, momentum } = options
  checkLearningRate('sgd', learningRate)
  if (momentum !== undefined) checkDecay('sgd', 'momentum', momentum)
  return {
    init: (params) =>
      tidy(() => ({
        step: tf.scalar(0),
        ...(momentum !== undefined && {
          trace: mapTree<Tree<Tensor>, Tensor, Tensor>(params, (leaf) => tf.zerosLike(leaf)),
        }),
      })),
    update: <P extends Tree<Tensor>>(grads: P, state: SgdState) =>
      tidy(() => {
        const step: Scalar = tf.add(state.step, 1)
        const rate = tf.neg(rateAt(learningRate, state.step))
        const trace =
          momentum === undefined || state.trace === undefined
            ? undefined
            : zipTrees<Tensor, Tensor, Tensor>(state.trace, grads, (u, g) => tf.add(tf.mul(u, momentum), g))
        const updates = mapTree<Tree<Tensor>, Tensor, Tensor>(trace ?? grads, (u) => tf.mul(u, rate))
        return { updates: updates as P, state: { step, ...(trace !== undefined && { trace }) } }
      }),
  }
}
