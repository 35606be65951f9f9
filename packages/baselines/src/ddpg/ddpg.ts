import { actionScale, adam, explore, exploringMemory, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec } from '@maxent/core'
import { createNetworks } from '../shared/networks.ts'
import { resolveDdpgConfig } from './config.ts'
import type { DdpgConfig } from './config.ts'
import { initialState } from './state.ts'
import type { DdpgState } from './state.ts'
import { update } from './update.ts'
import type { DdpgParts } from './update.ts'

/**
 * Deep deterministic policy gradients (Lillicrap et al. 2015, arXiv:1509.02971) for an environment's specification: an
 * {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function ddpg(spec: AlgorithmSpec, config: Partial<DdpgConfig> = {}): Algorithm<DdpgState> {
  const parts = createParts(spec, resolveDdpgConfig(config))
  const { networks, scale } = parts
  const { batchSize, exploration } = parts.config
  const actions = spec.action.low.length
  const normal = (rows: number): NoiseSpec => ({ shape: [rows, actions], law: 'normal' })
  return {
    id: 'ddpg',
    spec,
    config: parts.config,
    batch: transitionSpecs(spec, batchSize),
    noise: { act: normal, update: {} },
    ...exploringMemory(exploration, actions),
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const action = networks.policy(state.policy, observation)
        const acted = explore(exploration, { action, noise, step: state.step })
        return { ...acted, action: scale.toEnvironment(acted.action) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: scale.toEnvironment(networks.policy(state.policy, observation)) })),
    update: (state, batch) => tidy(() => update(parts, state, batch)),
  }
}

function createParts(spec: AlgorithmSpec, config: DdpgConfig): DdpgParts {
  return {
    config,
    scale: actionScale(spec.action),
    networks: createNetworks('ddpg', spec, config),
    optimizers: {
      policy: adam({ learningRate: config.policyLearningRate }),
      critic: adam({ learningRate: config.criticLearningRate }),
    },
  }
}
