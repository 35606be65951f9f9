import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'

/** The uniform distribution on a box of A dimensions. */
export interface UniformBox {
  /** log of its volume: the entropy in nats, and minus the log density everywhere inside. */
  readonly logVolume: number
  /** low + (high − low) · uniform, for uniform numbers in [0, 1), [..., A]. */
  sample(uniform: Tensor): Tensor
  /** The sample and its log density. */
  sampleWithLogProb(uniform: Tensor): { readonly sample: Tensor; readonly logProb: Tensor }
  /** −logVolume inside and on the bounds, −∞ outside, [...] for x [..., A]. */
  logProb(x: Tensor): Tensor
}

/**
 * The uniform distribution on the box [low₁, high₁] × … × [low_A, high_A]: the proposal of soft Q-learning (Haarnoja 2018, thesis, section 3.3).
 * @throws RangeError when there is no dimension, lengths differ, or bounds are not finite and in order.
 */
export function uniformBox({
  low,
  high,
}: {
  readonly low: readonly number[]
  readonly high: readonly number[]
}): UniformBox {
  if (low.length === 0 || low.length !== high.length)
    throw new RangeError(
      `uniformBox: low and high must have one number per dimension, got ${low.length} and ${high.length}`,
    )
  const widths = low.map((bound, i) => high[i] - bound)
  const bad = widths.findIndex((width) => !(width > 0 && width < Infinity))
  if (bad >= 0)
    throw new RangeError(
      `uniformBox: low must be below high, both finite, got ${describeValue(low[bad])} and ${describeValue(high[bad])} in dimension ${bad}`,
    )
  const logVolume = widths.reduce((sum, width) => sum + Math.log(width), 0)
  const check = (name: string, x: Tensor): void => {
    if (x.shape[x.rank - 1] !== low.length)
      throw new RangeError(
        `uniformBox: ${name} must have shape [..., ${low.length}], got [${x.shape.join(', ')}]`,
      )
  }
  const sample = (uniform: Tensor): Tensor => {
    check('uniform', uniform)
    return tidy(() => tf.add(tf.mul(uniform, tf.tensor1d(widths)), tf.tensor1d([...low])))
  }
  return {
    logVolume,
    sample,
    sampleWithLogProb: (uniform) => ({
      sample: sample(uniform),
      logProb: tf.fill(uniform.shape.slice(0, -1), -logVolume),
    }),
    logProb: (x) => {
      check('x', x)
      return tidy(() => {
        const above = tf.greaterEqual(x, tf.tensor1d([...low]))
        const inside = tf.all(tf.logicalAnd(above, tf.lessEqual(x, tf.tensor1d([...high]))), -1)
        return tf.where(inside, tf.fill(inside.shape, -logVolume), tf.fill(inside.shape, -Infinity))
      })
    },
  }
}
