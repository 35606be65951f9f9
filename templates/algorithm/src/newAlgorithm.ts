import type { Tensor } from '@tensorflow/tfjs'
import { actionScale, adam, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec } from '@maxent/core'
import { resolveNewAlgorithmConfig } from './config.ts'
import type { NewAlgorithmConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { initialState } from './state.ts'
import type { NewAlgorithmState } from './state.ts'
import { update } from './update.ts'
import type { NewAlgorithmParts, UpdateInput } from './update.ts'

/**
 * NewAlgorithm for an environment's specification: an {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function newAlgorithm(
  spec: AlgorithmSpec,
  config: Partial<NewAlgorithmConfig> = {},
): Algorithm<NewAlgorithmState> {
  const parts = createParts(spec, resolveNewAlgorithmConfig(config))
  const { networks, scale } = parts
  const { batchSize } = parts.config
  const normal = (rows: number): NoiseSpec => ({ shape: [rows, spec.action.low.length], law: 'normal' })
  return {
    id: 'new-algorithm',
    spec,
    batch: transitionSpecs(spec, batchSize),
    noise: { act: normal, update: { next: normal(batchSize), current: normal(batchSize) } },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const { action } = networks.policy(state.policy, observation).sampleWithLogProb(noise as Tensor)
        return { action: scale.toEnvironment(action) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: scale.toEnvironment(networks.policy(state.policy, observation).mode()) })),
    update: (state, batch, noise) =>
      tidy(() => update(parts, state, { batch, noise: noise as UpdateInput['noise'] })),
  }
}

function createParts(spec: AlgorithmSpec, config: NewAlgorithmConfig): NewAlgorithmParts {
  return {
    config,
    networks: createNetworks(spec, config),
    scale: actionScale(spec.action),
    optimizer: adam({ learningRate: config.learningRate }),
  }
}
