import * as tf from '@tensorflow/tfjs'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { diagonalGaussian, fanInUniform, mlp, ravelAll, uniformWithin } from '@maxent/core'
import type { DiagonalGaussian, Key, Network } from '@maxent/core'
import type { PpoConfig } from './config.ts'

/** The policy and the value network over one input, as pure functions of one flat parameter vector. */
export interface PpoNetworks {
  readonly init: (key: Key) => Tensor1D
  /** π(·|s) before its actions are cut to [−1, 1], and V(s), for input [B, size]. */
  readonly apply: (
    parameters: Tensor1D,
    input: Tensor2D,
  ) => { readonly policy: DiagonalGaussian<Tensor2D>; readonly value: Tensor1D }
}

/** Bound of the policy's last weights: its first actions hardly depend on the state. */
const POLICY_BOUND = 0.01

/** Builds the networks for inputs of `size` numbers and `actions` action dimensions. */
export function createNetworks(
  config: Pick<PpoConfig, 'hidden' | 'activation' | 'initialLogStd'>,
  { size, actions }: { readonly size: number; readonly actions: number },
): PpoNetworks {
  const { hidden, activation, initialLogStd } = config
  const layers = { inputs: size, hidden, activation, kernel: fanInUniform(), bias: fanInUniform() }
  const small = uniformWithin(POLICY_BOUND)
  const logStd: Network<{ readonly logStd: Tensor1D }> = {
    init: () => ({ logStd: tf.fill([actions], initialLogStd) }),
    apply: (params) => tf.reshape(params.logStd, [1, actions]),
  }
  const networks = ravelAll({
    policy: mlp({ ...layers, outputs: actions, outputKernel: small, outputBias: small }),
    logStd,
    value: mlp({ ...layers, outputs: 1 }),
  })
  return {
    init: (key) => networks.init(key),
    apply: (parameters, input) => {
      const outputs = networks.apply(parameters, input)
      return {
        policy: diagonalGaussian({
          mean: outputs.policy,
          logStd: tf.reshape<tf.Rank.R1>(outputs.logStd, [actions]),
        }),
        value: tf.reshape(outputs.value, [-1]),
      }
    },
  }
}
