import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'
import { weightedMean } from './weightedMean.ts'

/** Arguments of {@link valueLoss}: B rows of a minibatch. */
export interface ValueLossArgs {
  /** V(s), [B]. */
  readonly value: Tensor
  /** The λ-return, [B]. */
  readonly target: Tensor
  /** 1 for the rows that count, 0 for others, [B]. */
  readonly weight: Tensor
}

/**
 * The squared error of the value network. Schulman et al. 2017 (arXiv:1707.06347), below Eq. 9.
 *
 *     L(θ) = E[ ( V(s) − V^targ )² ]
 *
 * Shapes: B rows; the result is a scalar, the mean over the rows that count. Gradient reaches `value` only.
 * @throws RangeError when a shape differs.
 */
export function valueLoss(args: ValueLossArgs): Scalar {
  const { value, target, weight } = args
  checkShapes('valueLoss', { value: ['B'], target: ['B'], weight: ['B'] }, { value, target, weight })
  return weightedMean(tf.square(tf.sub(value, stopGradient(target))), stopGradient(weight))
}
