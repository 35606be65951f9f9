import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { LARGEST } from '../float32.ts'

/**
 * log Σ exp(xᵢ) over an axis or several, over all without one: m + log Σ exp(xᵢ − m) with m = max xᵢ.
 *
 * −∞ stands for log 0 and is a legal entry; the sum over nothing but −∞ is −∞. The gradient is softmax(x), whose entries add up to one at any
 * size of x, and zero where the sum is −∞.
 */
export function logSumExp(x: Tensor, axis?: number | number[]): Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape)
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
  const f = tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc]
    save([input])
    const { most, sum } = parts(input, axes)
    return {
      value: tf.squeeze(tf.add(most, tf.log(sum)), axes),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const again = parts(saved, axes)
        return tf.mul(tf.reshape(dy, kept), tf.div(again.powers, tf.maximum(again.sum, 1)))
      },
    }
  })
  return f(x)
}

/** exp(x − max) and its sum, which is at least one unless every entry is −∞. A compiled program computes them once for both passes. */
function parts(x: Tensor, axes: number[]): { most: Tensor; powers: Tensor; sum: Tensor } {
  const most = tf.clipByValue(tf.max(x, axes, true), -LARGEST, LARGEST)
  const powers = tf.exp(tf.sub(x, most))
  return { most, powers, sum: tf.sum(powers, axes, true) }
}
