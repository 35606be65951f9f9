import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * min(max(x, low), high), with a gradient that never pushes further out and never gets stuck: inside the bounds it is that of x; beyond a bound
 * only the part passes whose descent leads back. (The gradient of `tf.clipByValue` is zero there, and what has once left stays out.)
 *
 *   ∂/∂x = max(g, 0) · [x >= low] + min(g, 0) · [x <= high]      for an incoming gradient g
 *
 * @throws RangeError unless low <= high.
 */
export function clampSafe<T extends Tensor>(x: T, low: number, high: number): T {
  if (!(low <= high))
    throw new RangeError(`clampSafe: low must be at most high, got low=${low} and high=${high}`)
  const f = tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc]
    save([input])
    return {
      value: tf.clipByValue(input, low, high),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const down = tf.mul(tf.relu(dy), tf.cast(tf.greaterEqual(saved, low), 'float32'))
        const up = tf.mul(tf.relu(tf.neg(dy)), tf.cast(tf.lessEqual(saved, high), 'float32'))
        return tf.sub(down, up)
      },
    }
  })
  return f(x) as T
}
