import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'
import { checkAlpha } from './alpha.ts'
import { heldConstant } from '../heldConstant.ts'
import { accumulate, checkStretch, shifted, type Stretch } from './stretch.ts'

export interface VtraceArgs extends Stretch {
  /** V(s_t), [T, B]. */
  readonly value: Tensor
  /** V(s_{t+1}), [T, B]: that of row t + 1 but where the stretch, the task or the time ended. */
  readonly nextValue: Tensor
  /**
   * KL(π ‖ π₀) at s_{t+1} where a new latent is drawn there, 0 elsewhere, [T, B]: with period p, where (t + 1 − 1) mod p = 0 for steps counted
   * from 1. Zero when absent.
   */
  readonly nextKl?: Tensor
  /** log π(a_t|s_t) − log μ(a_t|s_t), [T, B]. */
  readonly logRatio: Tensor
  /** Weight of the KL divergence. */
  readonly alpha: number
  /** c̄ >= 0, which truncates the traces; 1 when absent. */
  readonly traceLimit?: number
  /** ρ̄ >= c̄, which truncates the steps and decides whose value is learned; 1 when absent. */
  readonly stepLimit?: number
}

/** What {@link vtrace} gives. */
export interface Vtrace {
  /** v_t, [T, B]. */
  readonly target: Tensor
  /** ρ_t (r_t + γ d_t (v_{t+1} − α KL_{t+1}) − V_t), [T, B]: what multiplies ∇ log π(a_t|s_t). */
  readonly advantage: Tensor
}

/**
 * V-trace targets with KL terms. Espeholt et al. 2018; Tirumala et al. 2019, Eqs. 20 to 22:
 *
 *     v_s = V_s + Σ_{t≥s} γ^{t−s} (Π_{i=s..t−1} d_i c_i) δ_t,        c_i = min(c̄, w_i),  ρ_i = min(ρ̄, w_i),  w_i = π(a_i|s_i) / μ(a_i|s_i)
 *     δ_t = ρ_t (r_t + γ d_t (V_{t+1} − α KL_{t+1}) − V_t)
 *
 * Eqs. 21 and 22 are printed without α, and with an indicator "t mod p = 1" that is never true for p = 1.
 *
 * Shapes: T steps, B pieces; the results are [T, B] and constants: no gradient flows.
 * @throws RangeError when shapes differ, gamma is outside [0, 1], alpha is not positive, or not 0 <= c̄ <= ρ̄.
 */
export function vtrace(args: VtraceArgs): Vtrace {
  const { value, nextValue, nextKl, logRatio, alpha, gamma, reward, discount, continues } = args
  const { traceLimit = 1, stepLimit = 1 } = args
  const rows = { value, nextValue, nextKl, logRatio }
  const { B } = checkStretch({ caller: 'vtrace', stretch: args, rows })
  checkAlpha('vtrace', alpha)
  if (!(traceLimit >= 0 && traceLimit <= stepLimit))
    throw new RangeError(
      `vtrace: traceLimit must be in [0, stepLimit = ${stepLimit}], got ${describeValue(traceLimit)}`,
    )
  const inputs = [value, nextValue, logRatio, reward, discount, nextKl, continues].filter(
    (x) => x !== undefined,
  )
  const decay = (): Tensor => tf.mul(gamma, discount)
  const clipped = (limit: number): Tensor => tf.exp(tf.minimum(logRatio, Math.log(limit)))
  const ahead = (next: Tensor): Tensor => {
    const penalised = nextKl === undefined ? next : tf.sub(next, tf.mul(alpha, nextKl))
    return tf.mul(clipped(stepLimit), tf.sub(tf.add(reward, tf.mul(decay(), penalised)), value))
  }
  return tidy(() => {
    const gain = heldConstant(inputs, () => {
      const trace = tf.mul(decay(), traceLimit === 0 ? tf.zerosLike(logRatio) : clipped(traceLimit))
      return accumulate(ahead(nextValue), continues === undefined ? trace : tf.mul(trace, continues))
    })
    const advantage = heldConstant([...inputs, gain], () => {
      const nextGain = shifted(gain, tf.zeros([1, B]))
      return ahead(tf.add(nextValue, continues === undefined ? nextGain : tf.mul(nextGain, continues)))
    })
    const target = heldConstant([value, gain], (v, g) => tf.add(v, g))
    return { target, advantage }
  })
}
