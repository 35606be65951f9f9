import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'

/** Arguments of {@link pathError}: T steps of B stretches. */
export interface PathErrorArgs {
  /** r_t, [T, B]. */
  readonly reward: Tensor
  /** 0 where the task ended at step t, 1 elsewhere, [T, B]. */
  readonly discount: Tensor
  /** 1 for a step of the stretch, 0 for rows after its end, [T, B]. The first row is a step. */
  readonly valid: Tensor
  /** 1 where row t + 1 is the next step of the stretch, [T, B]. */
  readonly continues: Tensor
  /** log π(a_t|s_t), [T, B]. */
  readonly logProb: Tensor
  /** log π̃(a_t|s_t) of the lagged policy, [T, B]. */
  readonly laggedLogProb: Tensor
  /** V(s_0), [B]. */
  readonly value: Tensor
  /** V(s_{t+1}), [T, B]: read where a stretch ends. */
  readonly nextValue: Tensor
  /** γ */
  readonly gamma: number
  /** α, the paper's τ. */
  readonly alpha: number
  /** λ */
  readonly lambda: number
}

/**
 * How far stretches of experience are from the consistency that holds on every path under the optimal policy and value, whoever acted.
 * Nachum et al. 2018 (arXiv:1707.01891), Eqs. 18 and 19.
 *
 *     C = −V(s_0) + γᵈ·V(s_d) + Σ_{t<d} γᵗ·( r_t − (α + λ)·log π(a_t|s_t) + λ·log π̃(a_t|s_t) )
 *
 * d is the number of steps of each stretch, and V(s_d) counts as 0 where the task ended.
 *
 * Shapes: T steps, B stretches; the result is [B]. Gradient reaches `logProb`, `value` and `nextValue`; the lagged policy is held constant.
 * @throws RangeError when a shape differs.
 */
export function pathError(args: PathErrorArgs): Tensor1D {
  const { reward, discount, valid, continues, logProb, laggedLogProb, value, nextValue } = args
  const { gamma, alpha, lambda } = args
  const steps = ['T', 'B'] as const
  const { T } = checkShapes(
    'pathError',
    {
      reward: steps,
      discount: steps,
      valid: steps,
      continues: steps,
      logProb: steps,
      laggedLogProb: steps,
      value: ['B'],
      nextValue: steps,
    },
    { reward, discount, valid, continues, logProb, laggedLogProb, value, nextValue },
  )
  const powers = tf.tensor2d(Array.from({ length: T }, (_, t) => [gamma ** t]))
  const relative = tf.add(tf.mul(-(alpha + lambda), logProb), tf.mul(lambda, stopGradient(laggedLogProb)))
  const ends = tf.mul(valid, tf.sub(1, continues))
  const last = tf.mul(tf.mul(ends, discount), tf.mul(gamma, nextValue))
  const rows = tf.add(tf.mul(valid, tf.add(reward, relative)), last)
  return tf.sub<Tensor1D>(tf.sum(tf.mul(rows, powers), 0), value)
}

/**
 * The loss of both networks: the mean over stretches of ½C². Nachum et al. 2018 (arXiv:1707.01891), Eq. 20, whose gradients are Eqs. 21 and
 * 22.
 * @throws RangeError when `error` is not [B].
 */
export function pathConsistencyLoss(error: Tensor): Scalar {
  checkShapes('pathConsistencyLoss', { error: ['B'] }, { error })
  return tf.mul(0.5, tf.mean(tf.square(error)))
}
