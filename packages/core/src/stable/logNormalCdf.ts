import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Press et al., "Numerical Recipes", erfcc: log(erfc(z)/t) + z² as a polynomial in t = 1/(1 + z/2), lowest power first. */
const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]

/**
 * log Φ(x) with Φ the distribution function of the standard normal distribution, to 2e-7 of Φ at every size of x, far to the left included, where Φ
 * itself is zero in float32. The polynomial is that of Numerical Recipes' `erfcc`, taken for the logarithm.
 *
 * The gradient is φ(x)/Φ(x), about −x far on the left.
 */
export function logNormalCdf<T extends Tensor>(x: T): T {
  const f = tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, tf.GradSaveFunc]
    const value = evaluate(input)
    save([input, value])
    return {
      value,
      gradFunc: (dy: Tensor, [at, logCdf]: Tensor[]) => {
        const logDensity = tf.sub(tf.mul(tf.square(at), -0.5), LOG_ROOT_TWO_PI)
        return tf.mul(dy, tf.exp(tf.sub(logDensity, logCdf)))
      },
    }
  })
  return f(x) as T
}

function evaluate(x: Tensor): Tensor {
  const size = tf.abs(x)
  const t = tf.div(1, tf.add(1, tf.mul(size, 0.5 * Math.SQRT1_2)))
  const polynomial = coefficients.reduceRight<Tensor>((sum, c) => tf.add(tf.mul(sum, t), c), tf.zerosLike(x))
  // log Φ(−|x|)
  const left = tf.add(tf.sub(polynomial, tf.mul(tf.square(x), 0.5)), tf.sub(tf.log(t), Math.LN2))
  const right = tf.log1p(tf.neg(tf.exp(left)))
  return tf.where(tf.greater(x, 0), right, left)
}
