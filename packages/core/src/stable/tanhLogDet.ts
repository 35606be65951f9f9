import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { softplus } from './softplus.ts'

/**
 * log |d tanh(u) / du| = log(1 − tanh²(u)), element by element, finite for every finite u: 2 (log 2 − u − softplus(−2u)).
 * The form is that of TensorFlow Probability's tanh bijector. Haarnoja 2018 (thesis), Eq. C.2 has the left side, which is −∞ from |u| = 9.01 on;
 * the customary log(1 − a² + 1e-6) is wrong by nats from there on, and its gradient vanishes.
 *
 * The gradient is −2 tanh(u), which a compiled program shares with the tanh of the action.
 */
export function tanhLogDet<T extends Tensor>(u: T): T {
  const f = tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc]
    save([input])
    return {
      value: tf.mul(tf.sub(Math.LN2, tf.add(input, softplus(tf.mul(input, -2)))), 2),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, tf.mul(tf.tanh(saved), -2)),
    }
  })
  return f(u) as T
}
