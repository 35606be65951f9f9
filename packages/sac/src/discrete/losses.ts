import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'

/** Arguments of {@link expectedValue}: B states, N choices. */
export interface ExpectedValueArgs {
  /** Qₖ(s, ·), [K, B, N]. */
  readonly q: Tensor
  /** log π(·|s), [B, N]. */
  readonly logProbs: Tensor
  /** α, []. */
  readonly alpha: Tensor
}

/**
 * The soft value of a policy over N choices, exactly. Christodoulou 2019, "Soft actor-critic for discrete action settings", eq. 10:
 *
 *     V(s) = Σₐ π(a|s)·( minₖ Qₖ(s,a) − α·log π(a|s) )
 *
 * Shapes: B states, K critics; the result is [B].
 * @throws RangeError when a shape differs.
 */
export function expectedValue({ q, logProbs, alpha }: ExpectedValueArgs): Tensor1D {
  checkShapes(
    'expectedValue',
    { q: ['K', 'B', 'N'], logProbs: ['B', 'N'], alpha: [] },
    { q, logProbs, alpha },
  )
  return tf.sum(tf.mul(tf.exp(logProbs), tf.sub(least(q), tf.mul(alpha, logProbs))), 1)
}

/**
 * Qₖ(s, a) of the choices taken: [K, B, N] and one-hot [B, N] to [K, B].
 * @throws RangeError when a shape differs.
 */
export function takenQ(q: Tensor, taken: Tensor): Tensor2D {
  checkShapes('takenQ', { q: ['K', 'B', 'N'], taken: ['B', 'N'] }, { q, taken })
  return tf.sum(tf.mul(q, taken), 2)
}

/**
 * The policy loss with the expectation over choices taken exactly. Christodoulou 2019, eq. 12, with the minimum over critics:
 *
 *     J_π(φ) = E_s[ Σₐ π(a|s)·( α·log π(a|s) − minₖ Qₖ(s,a) ) ]
 *
 * The result is a scalar. Gradient reaches `logProbs` only.
 * @throws RangeError when a shape differs.
 */
export function discreteActorLoss({ q, logProbs, alpha }: ExpectedValueArgs): Scalar {
  return tf.neg(tf.mean<Scalar>(expectedValue({ q: stopGradient(q), logProbs, alpha: stopGradient(alpha) })))
}

/** E_a[log π(a|s)] of a policy over choices: [B, N] to [B]. */
export function negativeEntropy(logProbs: Tensor): Tensor1D {
  return tf.sum(tf.mul(tf.exp(logProbs), logProbs), 1)
}

/** The pointwise minimum over critics: [K, B, N] to [B, N]. */
function least(q: Tensor): Tensor2D {
  const [K, B, N] = q.shape
  const parts = K === 1 ? [q] : tf.split(q, K, 0)
  return tf.reshape(
    parts.reduce((lowest, part) => tf.minimum(lowest, part)),
    [B, N],
  )
}
