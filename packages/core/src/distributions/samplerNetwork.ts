import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { checkInteger, checkShapes } from '../check.ts'
import { foldIn, type Key } from '../keys/index.ts'
import { linear, mlp, xavierUniform } from '../networks/index.ts'
import type { Activation, LinearParams, MlpParams } from '../networks/index.ts'
import { activations } from '../networks/mlp.ts'
import { tidy } from '../tidy.ts'

/** Sizes of a sampler network. */
export interface SamplerNetworkOptions {
  /** O, the size of what the action is chosen by. */
  readonly observation: number
  /** A, action dimensions. */
  readonly action: number
  /** N, dimensions of the noise; those of the action when absent, as in the published code. */
  readonly noise?: number
  /** Widths of the hidden layers, at least one; two of 200 when absent, as in thesis appendix C.1. */
  readonly hidden?: readonly number[]
  /** `relu` when absent, as in thesis appendix C.1. */
  readonly activation?: Activation
}

/** The first layer has a kernel for each of its two inputs, [O, H] and [N, H], and one bias [H]. */
export type SamplerNetworkParams = {
  /** Kernel [O, H] of the observation, and the bias [H] of the layer. */
  readonly observation: LinearParams
  /** Kernel [N, H] of the noise. */
  readonly noise: { readonly kernel: Tensor2D }
  /** The layers after the first. */
  readonly rest: MlpParams
}

/** K actions per state. */
export interface SampledActions {
  /** tanh of `preTanh`, [B, K, A]. */
  readonly action: Tensor3D
  /** [B, K, A] */
  readonly preTanh: Tensor3D
}

/** A distribution over actions that can be sampled from and has no density. */
export interface SamplerNetwork {
  /** Parameters drawn from a key. The tensors are the caller's to dispose. */
  init(key: Key): SamplerNetworkParams
  /**
   * f(ξ; s) for K noises ξ [B, K, N], N(0, I) or of any other law, in each state s [B, O]. Gradients flow to all arguments.
   * @throws RangeError when a shape differs.
   */
  sample(params: SamplerNetworkParams, observation: Tensor, noise: Tensor): SampledActions
}

/**
 * A network from noise to action, conditioned on the state: an implicit density model. Haarnoja 2018 (thesis), section 3.3 and appendix C.1:
 *
 *     a = tanh f(ξ; s),   ξ ~ N(0, I)
 *
 * {@link svgdDirection} and its losses need only samples and their gradients, so that it can stand for any distribution; there is no log-probability
 * and no entropy. The thesis does not say how actions are bounded; tanh is the published code's. What states add to the first layer is computed once
 * per state, not once per sample.
 * @throws RangeError when a size is not a positive integer, or there is no hidden layer.
 */
export function samplerNetwork(options: SamplerNetworkOptions): SamplerNetwork {
  const { observation: O, action: A, noise: N = A, hidden = [200, 200], activation = 'relu' } = options
  const sizes = { observation: O, action: A, noise: N }
  for (const [name, value] of Object.entries(sizes))
    checkInteger({ caller: 'samplerNetwork', name, value, min: 1 })
  const [width, ...others] = hidden
  if (width === undefined)
    throw new RangeError('samplerNetwork: hidden must have at least one layer, got none')
  const observationLayer = linear({ inputs: O, outputs: width })
  const rest = mlp({ inputs: width, hidden: others, outputs: A, activation })
  return {
    init: (key) => {
      const kernel = xavierUniform()(foldIn(key, 'noise'), N * width, { in: N, out: width })
      return {
        observation: observationLayer.init(foldIn(key, 'observation')),
        noise: { kernel: tf.tensor2d(kernel, [N, width]) },
        rest: rest.init(foldIn(key, 'rest')),
      }
    },
    sample: (params, observation, noise) => {
      const shapes = { observation: ['B', O], noise: ['B', 'K', N] }
      const { B, K } = checkShapes('sample', shapes, { observation, noise })
      return tidy(() => {
        const perState = observationLayer.apply(params.observation, observation)
        const perSample = tf.matMul(tf.reshape(noise, [B * K, N]), params.noise.kernel)
        const sum = tf.add(tf.expandDims(perState, 1), tf.reshape(perSample, [B, K, width]))
        const first = tf.reshape(activations[activation](sum), [B * K, width])
        const preTanh = tf.reshape<tf.Rank.R3>(rest.apply(params.rest, first), [B, K, A])
        return { action: tf.tanh(preTanh), preTanh }
      })
    },
  }
}
