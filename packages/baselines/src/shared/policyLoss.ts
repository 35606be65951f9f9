import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '@maxent/core'

/** Arguments of {@link policyLoss}: B states. */
export interface PolicyLossArgs {
  /** Q(s, π(s)), [B], differentiable in the action. */
  readonly q: Tensor
}

/**
 * The loss of a deterministic policy. Its gradient is the deterministic policy gradient: Lillicrap et al. 2015 (arXiv:1509.02971), Eq. 6;
 * Fujimoto et al. 2018 (arXiv:1802.09477), Algorithm 1.
 *
 *     J(φ) = −E[ Q(s, π(s)) ]
 *
 * Shapes: B states; the result is a scalar. Gradient reaches `q`, so the policy through its action; the critics' parameters are held
 * constant as long as the caller differentiates with respect to the policy's alone.
 * @throws RangeError when `q` is not [B].
 */
export function policyLoss({ q }: PolicyLossArgs): Scalar {
  checkShapes('policyLoss', { q: ['B'] }, { q })
  return tf.neg(tf.mean<Scalar>(q))
}
