import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * log(1 + exp(x)), to full relative precision for every x: exp(x) far on the left, x far on the right. The gradient is sigmoid(x).
 *
 * The naive form overflows at x = 88 and is zero below −17. The kernels of tfjs branch there; compiled programs compute
 * max(x, 0) + log1p(exp(−|x|)), after Mächler 2012, "Accurately computing log(1 − exp(−|a|))".
 */
export function softplus<T extends Tensor>(x: T): T {
  return tf.softplus(x)
}
