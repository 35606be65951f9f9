import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkAlpha } from './alpha.ts'
import { heldConstant } from '../heldConstant.ts'
import { accumulate, checkStretch, checkUnit, shifted, type Stretch } from './stretch.ts'

export interface RetraceArgs extends Stretch {
  /** Q(a_t, s_t) of the stored actions, [T, B]. */
  readonly q: Tensor
  /** E_π[Q(a, s_{t+1})] without any KL or entropy, [T, B]. */
  readonly nextValue: Tensor
  /** KL(π ‖ π₀) at s_{t+1}, [T, B]; minus the entropy where π₀ is none. Zero when absent. */
  readonly nextKl?: Tensor
  /** log π(a_t|s_t) − log μ(a_t|s_t) with the policy μ that acted, [T, B]. */
  readonly logRatio: Tensor
  /** Weight of the KL divergence. */
  readonly alpha: number
  /** λ in [0, 1]. */
  readonly lambda: number
}

/**
 * Retrace targets with KL terms. Munos et al. 2016; Tirumala et al. 2019, Eq. 19:
 *
 *     Q̂_t = Q_t + Σ_{s≥t} γ^{s−t} (Π_{i=t+1..s} d_{i−1} c_i) δ_s,        c_i = λ min(1, π(a_i|s_i) / μ(a_i|s_i))
 *     δ_s = r_s + γ d_s (V_{s+1} − α KL_{s+1}) − Q_s
 *
 * The product is printed from s down to t, which cuts nothing, and without its 1; Algorithm 2 there counts the KL twice, and forgets that its l
 * is a logarithm. The KL of step t is no part of Q̂_t: it belongs in the policy's loss. For policies with latents, draw these on-policy and give
 * the ratio of the flat policies given the draw.
 *
 * Shapes: T steps, B pieces; the result is [T, B]. It is a constant: no gradient flows.
 * @throws RangeError when shapes differ, gamma or lambda is outside [0, 1], or alpha is not positive.
 */
export function retrace(args: RetraceArgs): Tensor {
  const { q, nextValue, nextKl, logRatio, alpha, gamma, lambda, reward, discount, continues } = args
  const rows = { q, nextValue, nextKl, logRatio }
  const { T, B } = checkStretch({ caller: 'retrace', stretch: args, rows })
  checkUnit('retrace', 'lambda', lambda)
  checkAlpha('retrace', alpha)
  const inputs = [q, nextValue, logRatio, reward, discount, nextKl, continues].filter((x) => x !== undefined)
  return heldConstant(inputs, () => {
    const decay = tf.mul(gamma, discount)
    const next = nextKl === undefined ? nextValue : tf.sub(nextValue, tf.mul(alpha, nextKl))
    const delta = tf.sub(tf.add(reward, tf.mul(decay, next)), q)
    const trace = tf.mul(lambda, tf.exp(tf.minimum(logRatio, 0)))
    const nextTrace = shifted(trace, tf.zeros([1, B]))
    const factor = tf.mul(decay, continues === undefined ? nextTrace : tf.mul(continues, nextTrace))
    return tf.add(q, T === 1 ? delta : accumulate(delta, factor))
  })
}
