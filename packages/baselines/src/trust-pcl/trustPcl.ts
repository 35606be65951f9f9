import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { actionScale, adam, observationGroups, stepsSpecs, tidy } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec, StepsBatch } from '@maxent/core'
import { resolveTrustPclConfig } from './config.ts'
import type { TrustPclConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { initialState } from './state.ts'
import type { TrustPclState } from './state.ts'
import { update } from './update.ts'
import type { TrustPclParts } from './update.ts'

/**
 * Path consistency learning with a trust region (Nachum et al. 2018, arXiv:1707.01891), off-policy, for an environment's specification: an
 * {@link Algorithm} of pure functions that learns from stretches of steps.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function trustPcl(
  spec: AlgorithmSpec,
  config: Partial<TrustPclConfig> = {},
): Algorithm<TrustPclState, StepsBatch> {
  const parts = createParts(spec, resolveTrustPclConfig(config))
  const { networks, scale, seen } = parts
  const { batchSize, length, recency, divergence } = parts.config
  const episodes = divergence === undefined ? {} : { episodes: parts.config.episodes }
  const actions = spec.action.low.length
  return {
    id: 'trust-pcl',
    spec,
    config: parts.config,
    experience: { kind: 'sequences', length, ...(recency > 0 && { recency }), ...episodes },
    acting: { record: { preTanh: actions } },
    batch: stepsSpecs(spec, {
      length,
      rows: batchSize,
      record: { preTanh: actions },
      ...episodes,
    }),
    noise: { act: (rows): NoiseSpec => ({ shape: [rows, actions], law: 'normal' }), update: {} },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const policy = networks.policy(state.policy, seen.join(observation))
        const { action, preTanh } = policy.sampleWithLogProb(noise as Tensor)
        return { action: scale.toEnvironment(action), record: { preTanh } }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => {
        const action: Tensor2D = networks.policy(state.policy, seen.join(observation)).mode()
        return { action: scale.toEnvironment(action) }
      }),
    update: (state, batch) => tidy(() => update(parts, state, batch)),
  }
}

function createParts(spec: AlgorithmSpec, config: TrustPclConfig): TrustPclParts {
  const seen = observationGroups('trust-pcl: groups', spec.observation, config.groups)
  return {
    config,
    seen,
    scale: actionScale(spec.action),
    networks: createNetworks(config, { size: seen.size, actions: spec.action.low.length }),
    optimizers: {
      policy: adam({ learningRate: config.policyLearningRate }),
      value: adam({ learningRate: config.valueLearningRate }),
    },
  }
}
