import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/**
 * f of some tensors as a constant. Unlike `stopGradient` of the result, nothing inside f is walked back through, so that f may hold kernels
 * without a gradient. Every input gets a gradient of zero.
 */
export function heldConstant(inputs: readonly Tensor[], f: (...inputs: Tensor[]) => Tensor): Tensor {
  const shapes = inputs.map((input) => input.shape)
  const constant = tf.customGrad((...args) => ({
    value: f(...(args.slice(0, -1) as Tensor[])),
    gradFunc: () => shapes.map((shape) => tf.zeros(shape)),
  }))
  return constant(...inputs)
}
