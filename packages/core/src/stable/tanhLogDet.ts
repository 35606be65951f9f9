import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { softplus } from './softplus.ts'

/**
 * log |d tanh(u) / du| = log(1 − tanh²(u)), element by element, finite for every finite u: 2 (log 2 − u − softplus(−2u)).
 * The gradient is −2 tanh(u), which a compiled program shares with the tanh of the action.
 */
export function tanhLogDet<T extends Tensor>(u: T): T {
  const f = tf.customGrad((input, save) => {
    const a = input as Tensor
    ;(save as tf.GradSaveFunc)([a])
    const sum = tf.add(a, softplus(tf.mul(a, -2)))
    return {
      value: tf.mul(tf.sub(Math.LN2, sum), 2),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, tf.mul(tf.tanh(saved[0]), -2)),
    }
  })
  return f(u) as T
}
