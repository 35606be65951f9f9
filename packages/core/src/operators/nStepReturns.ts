import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkInteger } from '../check.ts'
import { checkAlpha } from './alpha.ts'
import { heldConstant } from '../heldConstant.ts'
import { checkStretch, lastRow, shifted, type Stretch } from './stretch.ts'

export interface NStepReturnsArgs extends Stretch {
  /** E_π[Q(a, s_{t+1})] without entropy, [T, B]. */
  readonly nextValue: Tensor
  /** Entropy of π at s_{t+1}, or its estimate −log π(a|s_{t+1}), [T, B]. Zero when absent. */
  readonly nextEntropy?: Tensor
  /** α, the weight of the entropy. */
  readonly alpha: number
  /** n >= 1; fewer steps where the stretch ends before. */
  readonly steps: number
}

/**
 * Soft returns over n steps, the on-policy targets of Q(s_t, a_t). Thesis 3.2 written over n steps:
 *
 *     G⁽ⁿ⁾_t = r_t + γ d_t (α H_{t+1} + G⁽ⁿ⁻¹⁾_{t+1}),        G⁽⁰⁾_{t+1} = E_π[Q(a, s_{t+1})]
 *
 * For targets of V(s_t), pass r_t + α H_t as reward, the soft value as `nextValue`, and no entropy.
 *
 * Shapes: T steps, B pieces; the result is [T, B]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, gamma is outside [0, 1], alpha is not positive, or steps is not a positive integer.
 */
export function nStepReturns(args: NStepReturnsArgs): Tensor {
  const { reward, discount, continues, gamma, alpha, nextValue, nextEntropy, steps } = args
  checkInteger({ caller: 'nStepReturns', name: 'steps', value: steps, min: 1 })
  const { T } = checkStretch({ caller: 'nStepReturns', stretch: args, rows: { nextValue, nextEntropy } })
  checkAlpha('nStepReturns', alpha)
  const inputs = [nextValue, reward, discount, nextEntropy, continues].filter((x) => x !== undefined)
  return heldConstant(inputs, () => {
    const decay = tf.mul(gamma, discount)
    const bonus = nextEntropy === undefined ? nextValue : tf.add(nextValue, tf.mul(alpha, nextEntropy))
    const one = tf.add(reward, tf.mul(decay, bonus))
    let result = one
    for (let n = 1; n < Math.min(steps, T); n++) {
      // What the value at s_{t+1} is mistaken by, where the return from there is known.
      const surplus = tf.sub(shifted(result, lastRow(nextValue)), nextValue)
      const known = continues === undefined ? surplus : tf.mul(surplus, continues)
      result = tf.add(one, tf.mul(decay, known))
    }
    return result
  })
}
