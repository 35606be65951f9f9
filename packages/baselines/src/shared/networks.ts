import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { fanInUniform, mlp, observationGroups, ravel, ravelAll, uniformWithin } from '@maxent/core'
import type { Activation, AlgorithmSpec, Key, MlpOptions, Network, ObservationBatch } from '@maxent/core'
import { lateActionCritic } from './lateAction.ts'

/** What the networks of a deterministic actor-critic are made of. */
export interface NetworkConfig {
  readonly hidden: readonly number[]
  readonly activation: Activation
  /** Bound of the uniform initial weights of the output layers; without it that of all layers, 1/√(fan in). */
  readonly outputBound?: number
  readonly critics: number
  /** The affine layer, counted from 1, that the action enters the critics at; 1 when absent. */
  readonly actionLayer?: number
  readonly policyGroups?: readonly string[]
  readonly criticGroups?: readonly string[]
}

/** A deterministic policy and critics as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface DeterministicNetworks {
  readonly initPolicy: (key: Key) => Tensor1D
  /** π(s) = tanh(network(s)) for B states: [B, A]. */
  readonly policy: (parameters: Tensor1D, observation: ObservationBatch) => Tensor2D
  readonly initCritics: (key: Key) => Tensor1D
  /** Qₖ(s,a) of all K critics: [K, B]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor2D
  /** Q₁(s,a) of the first critic alone: [B]. */
  readonly firstCritic: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor1D
}

/**
 * Builds the networks for a specification; `id` is the algorithm's, for messages.
 * @throws RangeError when a configured observation group does not exist.
 */
export function createNetworks(
  id: string,
  spec: AlgorithmSpec,
  config: NetworkConfig,
): DeterministicNetworks {
  const seenByPolicy = observationGroups(`${id}: policyGroups`, spec.observation, config.policyGroups)
  const seenByCritic = observationGroups(`${id}: criticGroups`, spec.observation, config.criticGroups)
  const actions = spec.action.low.length
  const policy = ravel(mlp({ inputs: seenByPolicy.size, outputs: actions, ...layers(config) }))
  const member = critic(config, { observations: seenByCritic.size, actions })
  const names = Array.from({ length: config.critics }, (_, k) => `q${k + 1}`)
  const critics = ravelAll(Object.fromEntries(names.map((name) => [name, member])))
  return {
    initPolicy: (key) => policy.init(key),
    policy: (parameters, observation) => tf.tanh(policy.apply(parameters, seenByPolicy.join(observation))),
    initCritics: (key) => critics.init(key),
    critics: (parameters, observation, action) => {
      const q = critics.apply(parameters, seenByCritic.join(observation, action))
      const rows = names.map((name) => tf.reshape<tf.Rank.R2>(q[name], [1, -1]))
      return tf.concat2d(rows, 0)
    },
    firstCritic: (parameters, observation, action) => {
      const { q1 } = critics.unravel(parameters)
      return tf.reshape(member.apply(q1, seenByCritic.join(observation, action)), [-1])
    },
  }
}

function critic(
  config: NetworkConfig,
  { observations, actions }: { readonly observations: number; readonly actions: number },
): Network {
  const { actionLayer = 1 } = config
  return actionLayer === 1
    ? mlp({ inputs: observations + actions, outputs: 1, ...layers(config) })
    : lateActionCritic({ observations, actions, actionLayer, ...layers(config) })
}

/** Fan-in uniform kernels and biases; those of the output layer within their own bound, where there is one. */
export function layers({
  hidden,
  activation,
  outputBound,
}: Pick<NetworkConfig, 'hidden' | 'activation' | 'outputBound'>): Omit<MlpOptions, 'inputs' | 'outputs'> {
  const [kernel, bias] = [fanInUniform(), fanInUniform()]
  if (outputBound === undefined) return { hidden, activation, kernel, bias }
  const output = uniformWithin(outputBound)
  return { hidden, activation, kernel, bias, outputKernel: output, outputBias: output }
}
