import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { fanInUniform, mlp, observationGroups, ravel, ravelAll, tanhGaussian } from '@maxent/core'
import type { AlgorithmSpec, Key, ObservationBatch, TanhGaussian } from '@maxent/core'
import type { NewAlgorithmConfig } from './config.ts'

/** The policy and two critics as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface NewAlgorithmNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** π(·|s) for B states. */
  readonly policy: (parameters: Tensor1D, observation: ObservationBatch) => TanhGaussian<Tensor2D>
  readonly initCritics: (key: Key) => Tensor1D
  /** Qₖ(s,a) of both critics, [2, B]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor2D
}

/** Bounds of log σ, as in the released code of SAC. */
const logStdRange = [-20, 2] as const

/** Builds the networks for a specification. */
export function createNetworks(spec: AlgorithmSpec, config: NewAlgorithmConfig): NewAlgorithmNetworks {
  const { hidden } = config
  const groups = observationGroups('newAlgorithm', spec.observation, undefined)
  const actions = spec.action.low.length
  const layers = { hidden, activation: 'relu', kernel: fanInUniform(), bias: fanInUniform() } as const
  const policy = ravel(mlp({ inputs: groups.size, outputs: 2 * actions, ...layers }))
  const member = mlp({ inputs: groups.size + actions, outputs: 1, ...layers })
  const critics = ravelAll({ q1: member, q2: member })
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, observation) => {
      const [mean, logStd] = tf.split<Tensor2D>(policy.apply(parameters, groups.join(observation)), 2, 1)
      return tanhGaussian({ mean, logStd: tf.clipByValue(logStd, ...logStdRange) })
    },
    initCritics: (key) => critics.init(key),
    critics: (parameters, observation, action) => {
      const { q1, q2 } = critics.apply(parameters, groups.join(observation, action))
      return tf.transpose(tf.concat2d([q1, q2], 1))
    },
  }
}
