import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { foldIn, minimumQ, observationGroups, ravelParams, samplerNetwork } from '@maxent/core'
import type { AlgorithmSpec, Key, ObservationBatch, SamplerNetworkParams } from '@maxent/core'
import type { SqlConfig } from './config.ts'

/** The sampling network and the critics as pure functions of one flat parameter vector each. Actions lie in [−1, 1]. */
export interface SqlNetworks {
  /** The sampler's parameters in one vector, drawn from a key. */
  readonly initPolicy: (key: Key) => Tensor1D
  /** f(ξ; s), before any squash, of K latents in each of B states: [B, K, A] for [B, K, N]. */
  readonly sampler: (parameters: Tensor1D, observation: ObservationBatch, latents: Tensor) => Tensor3D
  /** The critics' parameters in one vector, drawn from a key. */
  readonly initCritics: (key: Key) => Tensor1D
  /** Q_c(s,a) of all C critics for K actions in each of B states: [C, B, K] for [B, K, A]. */
  readonly critics: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor3D
  /** The least of the critics, [B, K]. */
  readonly leastQ: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => Tensor2D
}

/**
 * Builds the networks for a specification. The first layer of each has a kernel for the state and one for what comes with it, as in the
 * released code: what a state adds is computed once for all of its actions.
 * @throws RangeError when a configured observation group does not exist.
 */
export function createNetworks(spec: AlgorithmSpec, config: SqlConfig): SqlNetworks {
  const seenByPolicy = observationGroups('sql: policyGroups', spec.observation, config.policyGroups)
  const seenByCritic = observationGroups('sql: criticGroups', spec.observation, config.criticGroups)
  const actions = spec.action.low.length
  const { hidden, activation, latentSize = actions } = config
  const layers = { hidden, activation }
  const network = samplerNetwork({
    observation: seenByPolicy.size,
    action: actions,
    noise: latentSize,
    ...layers,
  })
  const policy = ravelParams((key) => network.init(key))
  const member = samplerNetwork({ observation: seenByCritic.size, action: 1, noise: actions, ...layers })
  const names = Array.from({ length: config.critics }, (_, i) => `q${i + 1}`)
  const all = ravelParams<Readonly<Record<string, SamplerNetworkParams>>>((key) =>
    Object.fromEntries(names.map((name) => [name, member.init(foldIn(key, name))])),
  )
  const critics: SqlNetworks['critics'] = (parameters, observation, action) => {
    const params = all.unravel(parameters)
    const state = seenByCritic.join(observation)
    const [B, K] = action.shape as [number, number]
    const rows = names.map((name) =>
      tf.reshape<tf.Rank.R3>(member.sample(params[name], state, action).preTanh, [1, B, K]),
    )
    return tf.concat3d(rows, 0)
  }
  return {
    initPolicy: (key) => policy.init(key),
    sampler: (parameters, observation, latents) =>
      network.sample(policy.unravel(parameters), seenByPolicy.join(observation), latents).preTanh,
    initCritics: (key) => all.init(key),
    critics,
    leastQ: (parameters, observation, action) => {
      const [B, K] = action.shape as [number, number]
      const q = critics(parameters, observation, action)
      return tf.reshape<tf.Rank.R2>(minimumQ(tf.reshape(q, [names.length, B * K])), [B, K])
    },
  }
}
