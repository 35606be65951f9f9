import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { mlp, observationGroups, ravel } from '@maxent/core'
import type { AlgorithmSpec, Key, ObservationBatch } from '@maxent/core'
import type { SacConfig } from './config.ts'
import { criticEnsemble } from './criticEnsemble.ts'
import { layers } from './layers.ts'
import { ownPolicyNetwork } from './ownPolicy.ts'
import type { ActionLaw, OwnPolicy, PolicyTraits } from './policy.ts'
import { policyNetwork } from './policyNetwork.ts'

/** The policy and the critics as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface SacNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** π(·|s) for B states. */
  readonly policy: (parameters: Tensor1D, observation: ObservationBatch) => ActionLaw
  readonly traits: PolicyTraits
  readonly initCritics: (key: Key) => Tensor1D
  /** Qₖ(s,a) of all K critics: [K, B]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor2D
  readonly initValue: (key: Key) => Tensor1D
  /** V(s), [B]. */
  readonly value: (parameters: Tensor1D, observation: ObservationBatch) => Tensor1D
}

/**
 * Builds the networks for a specification.
 * @throws RangeError when a configured observation group does not exist, or a policy of the caller's own does not fit the config.
 */
export function createNetworks(spec: AlgorithmSpec, config: SacConfig, own?: OwnPolicy): SacNetworks {
  const seenByPolicy = observationGroups('sac: policyGroups', spec.observation, config.policyGroups)
  const seenByCritic = observationGroups('sac: criticGroups', spec.observation, config.criticGroups)
  const actions = spec.action.low.length
  const sizes = { inputs: seenByPolicy.size, actions }
  const policy = own === undefined ? policyNetwork(config, sizes) : ownPolicyNetwork(own, config, sizes)
  const critics = criticEnsemble(config, { inputs: seenByCritic.size + actions, outputs: 1 })
  const value = ravel(mlp({ inputs: seenByCritic.size, outputs: 1, ...layers(config) }))
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, observation) => policy.law(parameters, seenByPolicy.join(observation)),
    traits: policy,
    initCritics: (key) => critics.init(key),
    critics: (parameters, observation, action) => {
      const q = critics.apply(parameters, seenByCritic.join(observation, action))
      return tf.concat2d(
        q.map((one) => tf.reshape<tf.Rank.R2>(one, [1, -1])),
        0,
      )
    },
    initValue: (key) => value.init(key),
    value: (parameters, observation) =>
      tf.reshape(value.apply(parameters, seenByCritic.join(observation)), [-1]),
  }
}
