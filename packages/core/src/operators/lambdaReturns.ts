import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkAlpha } from './alpha.ts'
import { heldConstant } from '../heldConstant.ts'
import { accumulate, checkStretch, checkUnit, type Stretch } from './stretch.ts'

export interface LambdaReturnsArgs extends Stretch {
  /** E_π[Q(a, s_{t+1})] without entropy, [T, B]. */
  readonly nextValue: Tensor
  /** Entropy of π at s_{t+1}, or its estimate −log π(a|s_{t+1}), [T, B]. Zero when absent. */
  readonly nextEntropy?: Tensor
  /** α, the weight of the entropy. */
  readonly alpha: number
  /** λ in [0, 1]. */
  readonly lambda: number
}

/**
 * Soft λ-returns: the mean of the n-step returns with weights (1 − λ) λ^{n−1}, the last one taking what is left. Sutton & Barto 2018, Eq. 12.18,
 * with entropies:
 *
 *     G_t = r_t + γ d_t (α H_{t+1} + (1 − λ) E_π[Q(a, s_{t+1})] + λ G_{t+1}),        G_T = E_π[Q(a, s_T)]
 *
 * For targets of V(s_t), pass r_t + α H_t as reward, the soft value as `nextValue`, and no entropy.
 *
 * Shapes: T steps, B pieces; the result is [T, B]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, gamma or lambda is outside [0, 1], or alpha is not positive.
 */
export function lambdaReturns(args: LambdaReturnsArgs): Tensor {
  const { reward, discount, continues, gamma, alpha, lambda, nextValue, nextEntropy } = args
  const { T, B } = checkStretch({ caller: 'lambdaReturns', stretch: args, rows: { nextValue, nextEntropy } })
  checkUnit('lambdaReturns', 'lambda', lambda)
  checkAlpha('lambdaReturns', alpha)
  const inputs = [nextValue, reward, discount, nextEntropy, continues].filter((x) => x !== undefined)
  return heldConstant(inputs, () => {
    const decay = tf.mul(gamma, discount)
    const mask = tf.mul(lambda, tf.concat([tf.ones([T - 1, B]), tf.zeros([1, B])]))
    const carried = continues === undefined ? mask : tf.mul(mask, continues)
    const kept = tf.mul(tf.sub(1, carried), nextValue)
    const bonus = nextEntropy === undefined ? kept : tf.add(kept, tf.mul(alpha, nextEntropy))
    return accumulate(tf.add(reward, tf.mul(decay, bonus)), tf.mul(decay, carried))
  })
}
