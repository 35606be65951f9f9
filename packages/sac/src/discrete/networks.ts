import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { mlp, observationGroups, ravel } from '@maxent/core'
import type { AlgorithmSpec, Key, ObservationBatch } from '@maxent/core'
import { criticEnsemble } from '../criticEnsemble.ts'
import { layers } from '../layers.ts'
import type { DiscreteSacConfig } from './config.ts'

/** The policy and the critics over N choices as pure functions of one flat parameter vector each. */
export interface DiscreteSacNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** Logits of π(·|s), [B, N]. */
  readonly logits: (parameters: Tensor1D, observation: ObservationBatch) => Tensor2D
  readonly initCritics: (key: Key) => Tensor1D
  /** Qₖ(s, ·) of all K critics, [K, B, N]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch) => Tensor
}

/**
 * Builds the networks for N choices.
 * @throws RangeError when a configured observation group does not exist.
 */
export function createNetworks(
  { observation: groups }: AlgorithmSpec,
  config: DiscreteSacConfig,
  choices: number,
): DiscreteSacNetworks {
  const seenByPolicy = observationGroups('sac-discrete: policyGroups', groups, config.policyGroups)
  const seenByCritic = observationGroups('sac-discrete: criticGroups', groups, config.criticGroups)
  const policy = ravel(mlp({ inputs: seenByPolicy.size, outputs: choices, ...layers(config) }))
  const critics = criticEnsemble(config, { inputs: seenByCritic.size, outputs: choices })
  return {
    initPolicy: (key) => policy.init(key),
    logits: (parameters, observation) => policy.apply(parameters, seenByPolicy.join(observation)),
    initCritics: (key) => critics.init(key),
    critics: (parameters, observation) =>
      tf.stack([...critics.apply(parameters, seenByCritic.join(observation))]),
  }
}
