import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * log(1 − exp(x)) for x <= 0: the log probability of the complement of an event with log probability x.
 * Mächler 2012, "Accurately computing log(1 − exp(−|a|))", Eq. 7: log(−expm1(x)) near zero, log1p(−exp(x)) below −log 2.
 *
 * −∞ at x = 0, NaN above. The gradient is −1 / expm1(−x): −∞ at zero, where the function has none, and finite below.
 */
export function log1mExp<T extends Tensor>(x: T): T {
  const f = tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc]
    save([input])
    return {
      value: tf.where(
        tf.greater(input, -Math.LN2),
        tf.log(tf.neg(tf.expm1(input))),
        tf.log1p(tf.neg(tf.exp(input))),
      ),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.neg(tf.div(dy, tf.expm1(tf.neg(saved)))),
    }
  })
  return f(x) as T
}
