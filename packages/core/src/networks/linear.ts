import * as tf from '@tensorflow/tfjs'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger } from '../check.ts'
import { foldIn } from '../keys/index.ts'
import { xavierUniform, zeros, type Initializer } from './initializers.ts'
import type { Network } from './network.ts'
import { tidy } from '../tidy.ts'

/** Sizes of a linear layer and laws of its initial parameters. */
export interface LinearOptions {
  /** Length of an input row. */
  readonly inputs: number
  /** Length of an output row. */
  readonly outputs: number
  /** {@link xavierUniform} when absent. */
  readonly kernel?: Initializer
  /** {@link zeros} when absent. */
  readonly bias?: Initializer
}

/** `kernel` [inputs, outputs], `bias` [outputs]. */
export type LinearParams = { readonly kernel: Tensor2D; readonly bias: Tensor1D }

/**
 * An affine layer: x W + b.
 * @throws RangeError when a size is not a positive integer.
 */
export function linear(options: LinearOptions): Network<LinearParams> {
  const { inputs, outputs, kernel = xavierUniform(), bias = zeros() } = options
  checkInteger({ caller: 'linear', name: 'inputs', value: inputs, min: 1 })
  checkInteger({ caller: 'linear', name: 'outputs', value: outputs, min: 1 })
  const fan = { in: inputs, out: outputs }
  return {
    init: (key) => ({
      kernel: tf.tensor2d(kernel(foldIn(key, 'kernel'), inputs * outputs, fan), [inputs, outputs]),
      bias: tf.tensor1d(bias(foldIn(key, 'bias'), outputs, fan)),
    }),
    apply: (params, input) => tidy(() => tf.add(tf.matMul(input, params.kernel), params.bias)),
  }
}
