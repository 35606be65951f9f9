import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { tidy } from '../tidy.ts'
import { clampSafe } from './clampSafe.ts'

/** The largest float32 below one. */
const LIMIT = 1 - 2 ** -24

/**
 * artanh(y) for y in [−1, 1], with the bounds (which tanh reaches by rounding, from 9.01 on) taken for the nearest float32 inside: values lie
 * within ±8.67 and gradients within 2^23. Near the bounds y has lost the digits that matter: keep the value before the squash instead
 * where there is one. The gradient is 1 / ((1 − y)(1 + y)), where the customary 1 − y² would cancel.
 */
export function atanhSafe<T extends Tensor>(y: T): T {
  const f = tf.customGrad((...args) => {
    const [inside, save] = args as [Tensor, tf.GradSaveFunc]
    save([inside])
    return {
      value: tf.atanh(inside),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.div(dy, tf.mul(tf.sub(1, saved), tf.add(1, saved))),
    }
  })
  return tidy(() => f(clampSafe(y, -LIMIT, LIMIT))) as T
}
