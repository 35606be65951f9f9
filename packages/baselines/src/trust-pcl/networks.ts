import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { clampSafe, fanInUniform, mlp, ravel, ravelAll, tanhGaussian } from '@maxent/core'
import type { Key, MlpOptions, Network, TanhGaussian } from '@maxent/core'
import type { TrustPclConfig } from './config.ts'

/** The policy and the value network as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface TrustPclNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** π(·|s) for input [B, size]. */
  readonly policy: (parameters: Tensor1D, input: Tensor2D) => TanhGaussian<Tensor2D>
  readonly initValue: (key: Key) => Tensor1D
  /** V(s), [B]. */
  readonly value: (parameters: Tensor1D, input: Tensor2D) => Tensor1D
}

/** Builds the networks for inputs of `size` numbers and `actions` action dimensions. */
export function createNetworks(config: TrustPclConfig, sizes: NetworkSizes): TrustPclNetworks {
  const [low, high] = config.logStdRange
  const policy = policyOutputs(config, sizes)
  const value = ravel(mlp({ ...layersOf(config, sizes), outputs: 1 }))
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, input) => {
      const { mean, logStd } = policy.apply(parameters, input)
      return tanhGaussian({ mean, logStd: clampSafe(logStd, low, high) })
    },
    initValue: (key) => value.init(key),
    value: (parameters, input) => tf.reshape(value.apply(parameters, input), [-1]),
  }
}

/** Numbers that the networks see, and actions. */
export interface NetworkSizes {
  readonly size: number
  readonly actions: number
}

/** What makes the policy's distribution, from one flat parameter vector. */
interface PolicyOutputs {
  readonly init: (key: Key) => Tensor1D
  /** `mean` [B, A]; `logStd` [B, A], or [A] where all states share it. */
  readonly apply: (
    parameters: Tensor1D,
    input: Tensor2D,
  ) => { readonly mean: Tensor2D; readonly logStd: Tensor }
}

function policyOutputs(config: TrustPclConfig, sizes: NetworkSizes): PolicyOutputs {
  const { sharedLogStd } = config
  const { actions } = sizes
  const layers = layersOf(config, sizes)
  if (sharedLogStd === undefined) {
    const both = ravel(mlp({ ...layers, outputs: 2 * actions }))
    return {
      init: (key) => both.init(key),
      apply: (parameters, input) => {
        const [mean, logStd] = tf.split<Tensor2D>(both.apply(parameters, input), 2, 1)
        return { mean, logStd }
      },
    }
  }
  const shared: Network<{ readonly logStd: Tensor1D }> = {
    init: () => ({ logStd: tf.fill([actions], sharedLogStd) }),
    apply: (params) => tf.reshape(params.logStd, [1, actions]),
  }
  const networks = ravelAll({ mean: mlp({ ...layers, outputs: actions }), logStd: shared })
  return {
    init: (key) => networks.init(key),
    apply: (parameters, input) => {
      const { mean, logStd } = networks.apply(parameters, input)
      return { mean, logStd: tf.reshape(logStd, [actions]) }
    },
  }
}

function layersOf(
  { hidden, activation }: TrustPclConfig,
  { size }: NetworkSizes,
): Omit<MlpOptions, 'outputs'> {
  return { inputs: size, hidden, activation, kernel: fanInUniform(), bias: fanInUniform() }
}
