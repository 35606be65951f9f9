import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { mapTree, zipTrees, type Tree } from '../tree.ts'
import { checkDecay, checkLearningRate, rateAt, type LearningRate, type Optimizer } from './optimizer.ts'
import { tidy } from '../tidy.ts'

/** Settings of {@link adam}. */
export interface AdamOptions {
  /** Length of a step: a number, or a schedule of the step. */
  readonly learningRate: LearningRate
  /** β₁, decay of the mean of the gradients; 0.9 when absent. */
  readonly b1?: number
  /** β₂, decay of the mean of their squares; 0.999 when absent. */
  readonly b2?: number
  /** ε, added to the root; 1e-8 when absent. */
  readonly epsilon?: number
}

/** `step` counts the updates made, in float32: exact to 2^24, from where on a schedule stands still. */
export type AdamState<P extends Tree<Tensor> = Tree<Tensor>> = {
  /** t, updates so far, []. */
  readonly step: Scalar
  /** First moments, in the structure of the parameters. */
  readonly mean: P
  /** Second moments, in the structure of the parameters. */
  readonly square: P
}

/**
 * Adam, with ε outside of the root as in torch and optax. Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1.
 *
 *   m ← β₁ m + (1 − β₁) g         v ← β₂ v + (1 − β₂) g²
 *   update = −η · (m / c₁) / (√(v / c₂) + ε) = −(η √c₂ / c₁) · m / (√v + ε √c₂),   cᵢ = 1 − βᵢᵗ
 *
 * The second form, which is computed, keeps both bias corrections in scalars (section 2 of the paper), so that they cost no pass over the
 * parameters.
 * @throws RangeError when an option is outside of its range.
 */
export function adam(options: AdamOptions): Optimizer<AdamState> {
  const { learningRate, b1 = 0.9, b2 = 0.999, epsilon = 1e-8 } = options
  checkLearningRate('adam', learningRate)
  checkDecay('adam', 'b1', b1)
  checkDecay('adam', 'b2', b2)
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new RangeError(`adam: epsilon must be positive and finite, got ${describeValue(epsilon)}`)
  }
  return {
    init: (params) => tidy(() => ({ step: tf.scalar(0), mean: zerosOf(params), square: zerosOf(params) })),
    update: <P extends Tree<Tensor>>(grads: P, state: AdamState) =>
      tidy(() => {
        const step: Scalar = tf.add(state.step, 1)
        const rootOfSecond = tf.sqrt(biasCorrection(b2, step))
        const stepSize = tf.div(
          tf.mul(rootOfSecond, tf.neg(rateAt(learningRate, state.step))),
          biasCorrection(b1, step),
        )
        const offset = tf.mul(rootOfSecond, epsilon)
        const mean = zipTrees<Tensor, Tensor, Tensor>(state.mean, grads, (m, g) => decay(b1, m, g))
        const square = zipTrees<Tensor, Tensor, Tensor>(state.square, grads, (v, g) =>
          decay(b2, v, tf.square(g)),
        )
        const updates = zipTrees<Tensor, Tensor, Tensor>(mean, square, (m, v) =>
          tf.mul(tf.div(m, tf.add(tf.sqrt(v), offset)), stepSize),
        )
        return { updates: updates as P, state: { step, mean, square } }
      }),
  }
}

/** β x + (1 − β) y. */
function decay(rate: number, x: Tensor, y: Tensor): Tensor {
  return tf.add(tf.mul(x, rate), tf.mul(y, 1 - rate))
}

/**
 * 1 − βᵗ, as 2h / (1 + h) with h = tanh(−t ln β / 2): subtracting a float32 power from 1 would lose five digits in the first steps of
 * β = 0.999.
 */
function biasCorrection(rate: number, step: Scalar): Scalar {
  if (rate === 0) return tf.scalar(1)
  const h = tf.tanh(tf.mul(step, -Math.log(rate) / 2))
  return tf.div(tf.mul(h, 2), tf.add(h, 1))
}

function zerosOf(params: Tree<Tensor>): Tree<Tensor> {
  return mapTree<Tree<Tensor>, Tensor, Tensor>(params, (leaf) => tf.zerosLike(leaf))
}
