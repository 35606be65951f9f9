import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * `x` as a constant: the same values, and a zero gradient to all that `x` was computed from.
 *
 * The zeros still walk back through what `x` was computed from, so constants are better computed outside of the differentiated function
 * where that is possible.
 */
export function stopGradient<T extends Tensor>(x: T): T {
  const constant = tf.customGrad((input) => ({
    value: (input as Tensor).clone(),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }))
  return constant(x) as T
}
