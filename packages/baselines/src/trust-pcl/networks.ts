import * as tf from '@tensorflow/tfjs'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { clampSafe, fanInUniform, mlp, ravel, tanhGaussian } from '@maxent/core'
import type { Key, TanhGaussian } from '@maxent/core'
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
export function createNetworks(
  { hidden, activation, logStdRange: [low, high] }: TrustPclConfig,
  { size, actions }: { readonly size: number; readonly actions: number },
): TrustPclNetworks {
  const layers = { inputs: size, hidden, activation, kernel: fanInUniform(), bias: fanInUniform() }
  const policy = ravel(mlp({ ...layers, outputs: 2 * actions }))
  const value = ravel(mlp({ ...layers, outputs: 1 }))
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, input) => {
      const [mean, logStd] = tf.split<Tensor2D>(policy.apply(parameters, input), 2, 1)
      return tanhGaussian({ mean, logStd: clampSafe(logStd, low, high) })
    },
    initValue: (key) => value.init(key),
    value: (parameters, input) => tf.reshape(value.apply(parameters, input), [-1]),
  }
}
