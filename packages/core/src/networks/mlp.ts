import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger } from '../check.ts'
import { foldIn } from '../keys/index.ts'
import type { Initializer } from './initializers.ts'
import { layerNorm, type LayerNormParams } from './layerNorm.ts'
import { linear, type LinearParams } from './linear.ts'
import type { Network } from './network.ts'
import { tidy } from '../tidy.ts'

/** What stands between layers. */
export type Activation = 'relu' | 'tanh' | 'elu'

/** Sizes of a multilayer perceptron and laws of its initial parameters. */
export interface MlpOptions {
  /** Length of an input row. */
  readonly inputs: number
  /** Widths of the hidden layers; empty for a linear map. */
  readonly hidden: readonly number[]
  /** Length of an output row. */
  readonly outputs: number
  /** After every hidden layer; `relu` when absent. */
  readonly activation?: Activation
  /** Of the hidden kernels; Xavier uniform when absent. */
  readonly kernel?: Initializer
  /** Of all biases; zeros when absent. */
  readonly bias?: Initializer
  /** Of the last kernel; `kernel` when absent. */
  readonly outputKernel?: Initializer
  /** Of the last bias; `bias` when absent. */
  readonly outputBias?: Initializer
  /** Which hidden layers are normalised between the affine map and the activation; `none` when absent. */
  readonly layerNorm?: 'none' | 'first' | 'all'
}

/** One entry per affine layer, first to last; `norm` where the layer is normalised. */
export type MlpParams = readonly (LinearParams & { readonly norm?: LayerNormParams })[]

/** The functions that the words stand for. */
export const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  relu: tf.relu,
  tanh: tf.tanh,
  elu: tf.elu,
}

/**
 * A multi-layer perceptron: affine layers with an activation between them and none after the last.
 * @throws RangeError when a size is not a positive integer, or `activation` or `layerNorm` is not one of its words.
 */
export function mlp(options: MlpOptions): Network<MlpParams> {
  const { inputs, hidden, outputs, activation = 'relu', layerNorm: normalized = 'none' } = options
  for (const value of hidden) checkInteger({ caller: 'mlp', name: 'hidden', value, min: 1 })
  checkWord('activation', activation, ['relu', 'tanh', 'elu'])
  checkWord('layerNorm', normalized, ['none', 'first', 'all'])
  const widths = [inputs, ...hidden, outputs]
  const layers = widths.slice(1).map((width, i) => {
    const last = i === hidden.length
    const kernel = last ? (options.outputKernel ?? options.kernel) : options.kernel
    const bias = last ? (options.outputBias ?? options.bias) : options.bias
    const hasNorm = !last && (normalized === 'all' || (normalized === 'first' && i === 0))
    return {
      affine: linear({ inputs: widths[i], outputs: width, ...(kernel && { kernel }), ...(bias && { bias }) }),
      norm: hasNorm ? layerNorm({ size: width }) : undefined,
      activate: last ? undefined : activations[activation],
    }
  })
  return {
    init: (key) =>
      layers.map(({ affine, norm }, i) => {
        const layerKey = foldIn(key, i)
        return { ...affine.init(layerKey), ...(norm && { norm: norm.init(layerKey) }) }
      }),
    apply: (params, input) =>
      tidy(() =>
        layers.reduce<Tensor>((x, { affine, norm, activate }, i) => {
          const { norm: normParams } = params[i]
          const sum = affine.apply(params[i], x)
          const normal = norm && normParams ? norm.apply(normParams, sum) : sum
          return activate ? activate(normal) : normal
        }, input),
      ) as Tensor2D,
  }
}

function checkWord(name: string, value: string, words: readonly string[]): void {
  if (words.includes(value)) return
  throw new RangeError(`mlp: ${name} must be one of ${words.join(', ')}, got '${value}'`)
}
