import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { heldConstant } from '../heldConstant.ts'
import { accumulate, checkStretch, checkUnit, type Stretch } from './stretch.ts'

export interface GaeArgs extends Stretch {
  /** V(s_t), [T, B]. */
  readonly value: Tensor
  /** V(s_{t+1}), [T, B]: that of row t + 1 but where the stretch, the task or the time ended. */
  readonly nextValue: Tensor
  /** λ in [0, 1]. */
  readonly lambda: number
}

/**
 * Generalised advantage estimates. Schulman et al. 2016, Eq. 16:
 *
 *     A_t = Σ_{s≥t} (γλ)^{s−t} (Π_{i=t..s−1} d_i) δ_s,        δ_s = r_s + γ d_s V(s_{s+1}) − V(s_s)
 *
 * A_t + V(s_t) is the λ-return. For soft values, pass r_t + α H_t as reward.
 *
 * Shapes: T steps, B pieces; the result is [T, B]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, or gamma or lambda is outside [0, 1].
 */
export function gae(args: GaeArgs): Tensor {
  const { reward, discount, continues, gamma, lambda, value, nextValue } = args
  checkStretch({ caller: 'gae', stretch: args, rows: { value, nextValue } })
  checkUnit('gae', 'lambda', lambda)
  const inputs = [value, nextValue, reward, discount, continues].filter((x) => x !== undefined)
  return heldConstant(inputs, () => {
    const decay = tf.mul(gamma, discount)
    const delta = tf.sub(tf.add(reward, tf.mul(decay, nextValue)), value)
    const carried = tf.mul(lambda, decay)
    return accumulate(delta, continues === undefined ? carried : tf.mul(carried, continues))
  })
}
