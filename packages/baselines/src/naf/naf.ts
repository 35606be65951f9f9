import { actionScale, adam, explore, exploringMemory, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec } from '@maxent/core'
import { resolveNafConfig } from './config.ts'
import type { NafConfig } from './config.ts'
import { createNetwork } from './network.ts'
import { initialState } from './state.ts'
import type { NafState } from './state.ts'
import { update } from './update.ts'
import type { NafParts } from './update.ts'

/**
 * Q-learning with normalised advantage functions (Gu et al. 2016, arXiv:1603.00748) for an environment's specification: an
 * {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function naf(spec: AlgorithmSpec, config: Partial<NafConfig> = {}): Algorithm<NafState> {
  const resolved = resolveNafConfig(config)
  const parts: NafParts = {
    config: resolved,
    scale: actionScale(spec.action),
    network: createNetwork(spec, resolved),
    optimizer: adam({ learningRate: resolved.learningRate }),
  }
  const { network, scale } = parts
  const { batchSize, exploration } = resolved
  const actions = spec.action.low.length
  return {
    id: 'naf',
    spec,
    config: resolved,
    batch: transitionSpecs(spec, batchSize),
    noise: { act: (rows): NoiseSpec => ({ shape: [rows, actions], law: 'normal' }), update: {} },
    ...exploringMemory(exploration, actions),
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const { mean } = network.apply(state.network, observation)
        const acted = explore(exploration, { action: mean, noise, step: state.step })
        return { ...acted, action: scale.toEnvironment(acted.action) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: scale.toEnvironment(network.apply(state.network, observation).mean) })),
    update: (state, batch) => tidy(() => update(parts, state, batch)),
  }
}
