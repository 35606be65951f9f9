import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { tidy } from '../tidy.ts'

/** A distribution over K choices. The last axis of `logits` are the choices, the others, [...], are independent. */
export interface Categorical {
  /** log p of every choice, [..., K]. */
  logProbs(): Tensor
  /** log p of the choices given as int32 [...]. */
  logProb(choice: Tensor): Tensor
  /** A choice per uniform number in [0, 1): int32, of the shape of `uniform`, [...]. No gradient flows. */
  sample(uniform: Tensor): Tensor
  /** The choice and its log p. */
  sampleWithLogProb(uniform: Tensor): { readonly sample: Tensor; readonly logProb: Tensor }
  /** Entropy in nats, [...]. */
  entropy(): Tensor
  /** The likeliest choice, int32 [...]. */
  mode(): Tensor
  /** KL(this ‖ other) in nats, [...]. */
  kl(other: { readonly logits: Tensor }): Tensor
}

/**
 * The distribution over K choices with p ∝ exp(logits), [..., K]. −∞ excludes a choice.
 *
 *   H = −Σₖ pₖ log pₖ        KL(p‖q) = Σₖ pₖ (log pₖ − log qₖ)
 *
 * @throws RangeError when there is no choice.
 */
export function categorical({ logits }: { readonly logits: Tensor }): Categorical {
  const K = logits.shape[logits.rank - 1] ?? 0
  if (K === 0)
    throw new RangeError(`categorical: logits must have shape [..., K], got [${logits.shape.join(', ')}]`)
  const events = logits.shape.slice(0, -1)
  const logProbs = (): Tensor => normalised(logits)
  const logProb = (choice: Tensor): Tensor => {
    checkShapes('logProb', { choice: events }, { choice })
    return tidy(() => tf.sum(masked(tf.oneHot(tf.cast(choice, 'int32'), K), logProbs()), -1))
  }
  const sample = (uniform: Tensor): Tensor => {
    checkShapes('sample', { uniform: events }, { uniform })
    return tidy(() => {
      // As many choices lie below the sample as have their cumulative mass at or below its number; `total` takes up what rounding left of one.
      const cumulative = tf.cumsum(tf.exp(logProbs()), events.length)
      const total = tf.max(cumulative, -1, true)
      const below = tf.lessEqual(cumulative, tf.mul(tf.expandDims(uniform, -1), total))
      return tf.sum(tf.cast(below, 'int32'), -1)
    })
  }
  return {
    logProbs: () => tidy(logProbs),
    logProb,
    sample,
    sampleWithLogProb: (uniform) => {
      const drawn = sample(uniform)
      return { sample: drawn, logProb: logProb(drawn) }
    },
    entropy: () =>
      tidy(() => {
        const logP = logProbs()
        return tf.neg(tf.sum(masked(tf.exp(logP), logP), -1))
      }),
    mode: () => tf.argMax(logits, -1),
    kl: (other) => {
      checkShapes('kl', { logits: logits.shape }, other)
      return tidy(() => {
        const logP = logProbs()
        return tf.sum(masked(tf.exp(logP), tf.sub(logP, normalised(other.logits))), -1)
      })
    },
  }
}

function normalised(logits: Tensor): Tensor {
  return tf.sub(logits, tf.expandDims(logSumExp(logits, -1), -1))
}

/** weight · x, and 0 where the weight is 0 whatever x is. */
function masked(weight: Tensor, x: Tensor): Tensor {
  const has = tf.greater(weight, 0)
  return tf.where(has, tf.mul(tf.cast(weight, 'float32'), tf.where(has, x, tf.zerosLike(x))), tf.zerosLike(x))
}
