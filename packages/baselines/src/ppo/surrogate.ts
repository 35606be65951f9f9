import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, stopGradient } from '@maxent/core'
import { weightedMean } from './weightedMean.ts'

/** exp of more would leave float32 soon; no step that the clipping allows comes near. */
const MAX_LOG_RATIO = 20

/** Arguments of {@link clippedSurrogate}: B rows of a minibatch. */
export interface SurrogateArgs {
  /** log π(a|s), [B]. */
  readonly logProb: Tensor
  /** log π_old(a|s), [B]. */
  readonly oldLogProb: Tensor
  /** Â, [B]. */
  readonly advantage: Tensor
  /** 1 for the rows that count, 0 for others, [B]. */
  readonly weight: Tensor
  /** ε. */
  readonly clip: number
}

/**
 * The clipped surrogate objective, as a loss. Schulman et al. 2017 (arXiv:1707.06347), Eq. 7.
 *
 *     L(θ) = −E[ min( ρ·Â, clip(ρ, 1 − ε, 1 + ε)·Â ) ],        ρ = π(a|s) / π_old(a|s)
 *
 * Shapes: B rows; the result is a scalar, the mean over the rows that count. Gradient reaches `logProb` only.
 * @throws RangeError when a shape differs.
 */
export function clippedSurrogate(args: SurrogateArgs): Scalar {
  const { logProb, oldLogProb, advantage, weight, clip } = args
  checkShapes(
    'clippedSurrogate',
    { logProb: ['B'], oldLogProb: ['B'], advantage: ['B'], weight: ['B'] },
    { logProb, oldLogProb, advantage, weight },
  )
  const logRatio = tf.clipByValue(tf.sub(logProb, stopGradient(oldLogProb)), -MAX_LOG_RATIO, MAX_LOG_RATIO)
  const ratio = tf.exp(logRatio)
  const held = stopGradient(advantage)
  const cut = tf.clipByValue(ratio, 1 - clip, 1 + clip)
  return tf.neg(weightedMean(tf.minimum(tf.mul(ratio, held), tf.mul(cut, held)), stopGradient(weight)))
}
