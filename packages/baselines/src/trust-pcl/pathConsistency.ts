import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'

/** Arguments of {@link pathErrors}: T steps of B stretches. */
export interface PathErrorsArgs {
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
  /** V(s_t), [T, B]. */
  readonly value: Tensor
  /** V(s_{t+1}), [T, B]: read where a stretch ends. */
  readonly nextValue: Tensor
  /** γ */
  readonly gamma: number
  /** α, the paper's τ. */
  readonly alpha: number
  /** λ, a number or []. */
  readonly lambda: number | Scalar
}

/**
 * How far experience is from the consistency that holds on every path under the optimal policy and value, whoever acted: on the paths from each
 * step of a stretch to its end. Nachum et al. 2018 (arXiv:1707.01891), Eqs. 18 and 19.
 *
 *     C_t = −V(s_t) + γᵈ⁻ᵗ·V(s_d) + Σ_{t≤k<d} γᵏ⁻ᵗ·( r_k − (α + λ)·log π(a_k|s_k) + λ·log π̃(a_k|s_k) )
 *
 * d is the number of steps of the stretch, and V(s_d) counts as 0 where the task ended. After the end of a stretch C is 0.
 *
 * Shapes: T steps, B stretches; the result is [T, B]. Gradient reaches `logProb`, `value` and `nextValue`; the lagged policy is held constant.
 * @throws RangeError when a shape differs.
 */
export function pathErrors(args: PathErrorsArgs): Tensor2D {
  const { reward, discount, valid, continues, logProb, laggedLogProb, value, nextValue } = args
  const { gamma, alpha, lambda } = args
  const steps = ['T', 'B'] as const
  const { T } = checkShapes(
    'pathErrors',
    {
      reward: steps,
      discount: steps,
      valid: steps,
      continues: steps,
      logProb: steps,
      laggedLogProb: steps,
      value: steps,
      nextValue: steps,
    },
    { reward, discount, valid, continues, logProb, laggedLogProb, value, nextValue },
  )
  const relative = tf.sub(
    tf.mul(lambda, tf.sub(stopGradient(laggedLogProb), logProb)),
    tf.mul(alpha, logProb),
  )
  const ends = tf.mul(valid, tf.sub(1, continues))
  const last = tf.mul(tf.mul(ends, discount), tf.mul(gamma, nextValue))
  const rows: Tensor2D = tf.add(tf.mul(valid, tf.add(reward, relative)), last)
  // Row t weighs what follows by γ, γ², …
  const powers = Array.from({ length: T }, (_, t) =>
    Array.from({ length: T }, (__, k) => (k < t ? 0 : gamma ** (k - t))),
  )
  return tf.sub<Tensor2D>(tf.matMul(tf.tensor2d(powers), rows), tf.mul(valid, value))
}

/** Arguments of {@link pathConsistencyLoss}. */
export interface PathConsistencyLossArgs {
  /** C, [T, B]. */
  readonly error: Tensor
  /** 1 for paths that count, 0 for others, [T, B]. */
  readonly counted: Tensor
  /** δ > 0; absent: no limit. */
  readonly limit?: number
}

/**
 * The loss of both networks: the mean of ½C² over the paths that count. Nachum et al. 2018 (arXiv:1707.01891), Eq. 20, whose gradients are Eqs. 21 and 22.
 * With a limit δ it is linear beyond, so that the error in those gradients is cut to [−δ, δ], as the released code does:
 *
 *     L = mean ½·m·(2|C| − m),     m = min(|C|, δ)
 *
 * @throws RangeError when a shape differs.
 */
export function pathConsistencyLoss({ error, counted, limit }: PathConsistencyLossArgs): Scalar {
  const steps = ['T', 'B'] as const
  checkShapes('pathConsistencyLoss', { error: steps, counted: steps }, { error, counted })
  return tf.div(
    tf.sum(tf.mul(counted, limit === undefined ? tf.square(error) : cutSquare(error, limit))),
    tf.mul(2, tf.maximum(tf.sum(counted), 1)),
  )
}

/** C² up to the limit, and its tangent beyond. */
function cutSquare(error: Tensor, limit: number): Tensor {
  const size = tf.abs(error)
  const cut = stopGradient(tf.minimum(size, limit))
  return tf.mul(cut, tf.sub(tf.mul(2, size), cut))
}
