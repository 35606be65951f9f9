import type { Tensor } from '@tensorflow/tfjs'
import { actionScale, adam, explore, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, GradientStep, NoiseSpec, TransitionBatch } from '@maxent/core'
import { createNetworks } from '../shared/networks.ts'
import { resolveTd3Config } from './config.ts'
import type { Td3Config } from './config.ts'
import { initialState } from './state.ts'
import type { Td3State } from './state.ts'
import { update, updateCritics } from './update.ts'
import type { Td3Parts } from './update.ts'

/**
 * Twin delayed deterministic policy gradients (Fujimoto et al. 2018, arXiv:1802.09477) for an environment's specification: an
 * {@link Algorithm} of pure functions. `update` is the whole step; the schedule has d − 1 steps of the critics alone before each.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function td3(spec: AlgorithmSpec, config: Partial<Td3Config> = {}): Algorithm<Td3State> {
  const parts = createParts(spec, resolveTd3Config(config))
  const { networks, scale } = parts
  const { batchSize, policyDelay, explorationNoise } = parts.config
  const actions = spec.action.low.length
  const normal = (rows: number): NoiseSpec => ({ shape: [rows, actions], law: 'normal' })
  const whole: GradientStep<Td3State, TransitionBatch> = {
    update: (state, batch, noise) => tidy(() => update(parts, state, { batch, noise: noise as Tensor })),
  }
  const critics: GradientStep<Td3State, TransitionBatch> = {
    update: (state, batch, noise) =>
      tidy(() => updateCritics(parts, state, { batch, noise: noise as Tensor })),
  }
  return {
    id: 'td3',
    spec,
    config: parts.config,
    batch: transitionSpecs(spec, batchSize),
    noise: { act: normal, update: normal(batchSize) },
    schedule: Array.from({ length: policyDelay }, (_, i) => (i === policyDelay - 1 ? whole : critics)),
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const mean = networks.policy(state.policy, observation)
        const { action } = explore({ kind: 'gaussian', sigma: explorationNoise }, { action: mean, noise })
        return { action: scale.toEnvironment(action) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: scale.toEnvironment(networks.policy(state.policy, observation)) })),
    update: whole.update,
  }
}

function createParts(spec: AlgorithmSpec, config: Td3Config): Td3Parts {
  return {
    config,
    scale: actionScale(spec.action),
    networks: createNetworks('td3', spec, { ...config, critics: 2 }),
    optimizers: {
      policy: adam({ learningRate: config.policyLearningRate }),
      critic: adam({ learningRate: config.criticLearningRate }),
    },
  }
}
