import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { checkSamples } from './samples.ts'
import { softMean } from './softMean.ts'

/** Arguments of {@link klDual}: K samples of the default policy in each of B states. */
export interface KlDualArgs {
  /** α, []. */
  readonly alpha: Tensor
  /** Q(s, aₖ) of K actions drawn from the prior π₀(·|s), [B, K]; held constant. */
  readonly q: Tensor
  /** ε > 0 in nats. */
  readonly epsilon: number
}

/**
 * The dual of maximising E[Q] under E_s KL(π ‖ π₀) <= ε. Galashov et al. 2020, Eq. 8, which is printed without its max; as in REPS and MPO:
 *
 *     g(α) = α ε + α E_s log (1/K) Σₖ exp(Q(s, aₖ)/α),        ∂g/∂α = ε − E_s KL(q̂ ‖ 1/K)
 *
 * The divergence of a distribution over K samples is at most log K: an ε from log K on can never bind, and descent then drives α to 0. (The
 * paper's 30, 50 and 100 are in another unit, that of its printed backup.)
 *
 * Shapes: B states, K samples; the result is a scalar. Gradient reaches `alpha` only.
 * @throws RangeError when shapes differ, there is no sample or epsilon is not positive and finite.
 */
export function klDual({ alpha, q, epsilon }: KlDualArgs): tf.Scalar {
  const { K } = checkShapes('klDual', { alpha: [], q: ['B', 'K'] }, { alpha, q })
  checkSamples('klDual', K)
  if (!(epsilon > 0 && epsilon < Infinity))
    throw new RangeError(`klDual: epsilon must be positive and finite, got ${describeValue(epsilon)}`)
  return tidy(() => tf.add<tf.Scalar>(tf.mul(alpha, epsilon), tf.mean(softMean(stopGradient(q), alpha))))
}
