import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { tidy } from '../tidy.ts'
import { softplus } from './softplus.ts'

/**
 * log(exp(a) + exp(b)) = max(a, b) + softplus(−|a − b|), element by element with broadcasting.
 *
 * −∞ stands for log 0 and is a legal argument, on both sides as well. The gradients are sigmoid(a − b) and sigmoid(b − a): they add up to one,
 * and are one half each where a = b, which the gradients of max and |·| would miss.
 */
export function logAddExp(a: Tensor, b: Tensor): Tensor {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
  const f = tf.customGrad((...args) => {
    const [first, second, save] = args as [Tensor, Tensor, tf.GradSaveFunc]
    save([first, second])
    const value = tf.add(tf.maximum(first, second), softplus(tf.neg(tf.abs(difference(first, second)))))
    return {
      value,
      gradFunc: (dy: Tensor, [x, y]: Tensor[]) => [
        tf.mul(dy, tf.sigmoid(difference(x, y))),
        tf.mul(dy, tf.sigmoid(difference(y, x))),
      ],
    }
  })
  return tidy(() => f(spread(a, shape), spread(b, shape)))
}

/** a − b, and 0 where the two are equal, −∞ included. */
function difference(a: Tensor, b: Tensor): Tensor {
  return tf.where(tf.equal(a, b), tf.zerosLike(a), tf.sub(a, b))
}

function spread(x: Tensor, shape: number[]): Tensor {
  return tf.util.arraysEqual(x.shape, shape) ? x : tf.broadcastTo(x, shape)
}
