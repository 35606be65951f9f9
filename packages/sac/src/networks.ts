import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  fanInUniform,
  mlp,
  observationGroups,
  ravel,
  ravelAll,
  tanhGaussian,
  xavierUniform,
  zeros,
} from '@maxent/core'
import type { AlgorithmSpec, Key, MlpOptions, ObservationBatch, TanhGaussian } from '@maxent/core'
import type { SacConfig } from './config.ts'

/** The policy and the critics as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface SacNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** π(·|s) for B states. */
  readonly policy: (parameters: Tensor1D, observation: ObservationBatch) => TanhGaussian
  readonly initCritics: (key: Key) => Tensor1D
  /** Qₖ(s,a) of all K critics: [K, B]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor2D
}

/**
 * Builds the networks for a specification.
 * @throws RangeError when a configured observation group does not exist.
 */
export function createNetworks(spec: AlgorithmSpec, config: SacConfig): SacNetworks {
  const seenByPolicy = observationGroups('sac: policyGroups', spec.observation, config.policyGroups)
  const seenByCritic = observationGroups('sac: criticGroups', spec.observation, config.criticGroups)
  const actions = spec.action.low.length
  const [low, high] = config.logStdRange
  const policy = ravel(mlp({ inputs: seenByPolicy.size, outputs: 2 * actions, ...layers(config) }))
  const member = mlp({ inputs: seenByCritic.size + actions, outputs: 1, ...layers(config) })
  const names = Array.from({ length: config.critics }, (_, k) => `q${k + 1}`)
  const critics = ravelAll(Object.fromEntries(names.map((name) => [name, member])))
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, observation) => {
      const [mean, logStd] = tf.split(policy.apply(parameters, seenByPolicy.join(observation)), 2, 1)
      return tanhGaussian({ mean, logStd: tf.clipByValue(logStd, low, high) })
    },
    initCritics: (key) => critics.init(key),
    critics: (parameters, observation, action) => {
      const q = critics.apply(parameters, seenByCritic.join(observation, action))
      const rows = names.map((name) => tf.reshape<tf.Rank.R2>(q[name], [1, -1]))
      return tf.concat2d(rows, 0)
    },
  }
}

function layers(config: SacConfig): Pick<MlpOptions, 'hidden' | 'activation' | 'kernel' | 'bias'> {
  const { hidden, activation, initializer } = config
  return initializer === 'fanInUniform'
    ? { hidden, activation, kernel: fanInUniform(), bias: fanInUniform() }
    : { hidden, activation, kernel: xavierUniform(), bias: zeros() }
}
