import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'

/** Arguments of {@link entropyDual}: B states. */
export interface EntropyDualArgs {
  /** What stands before the surplus of entropy: α itself, or log α. [] */
  readonly multiplier: Tensor
  /** log π(a|s) of actions from the current policy, [B]; held constant. */
  readonly logProb: Tensor
  /** H̄ in nats. */
  readonly targetEntropy: number
}

/**
 * The dual of the constraint that the policy's entropy be at least H̄. Haarnoja 2018 (thesis), Eqs. 5.7 and 5.8:
 *
 *     J(m) = E[ −m log π(a|s) − m H̄ ],        ∂J/∂m = H − H̄  with  H = −E log π
 *
 * With m = α these are the equations as printed. With m = log α, as in the released code, the steps of log α do not die out as α gets small.
 *
 * Shapes: B states; the result is a scalar. Gradient reaches `multiplier` only.
 * @throws RangeError when shapes differ or targetEntropy is not finite.
 */
export function entropyDual({ multiplier, logProb, targetEntropy }: EntropyDualArgs): tf.Scalar {
  checkShapes('entropyDual', { multiplier: [], logProb: ['B'] }, { multiplier, logProb })
  if (!Number.isFinite(targetEntropy))
    throw new RangeError(`entropyDual: targetEntropy must be finite, got ${describeValue(targetEntropy)}`)
  return tidy(() => tf.neg(tf.mul(multiplier, tf.add(stopGradient(tf.mean(logProb)), targetEntropy))))
}
