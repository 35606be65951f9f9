import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import {
  actionScale,
  adam,
  chain,
  clipByGlobalNorm,
  linearSchedule,
  normalizer,
  observationGroups,
  tidy,
} from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec, TensorSpec } from '@maxent/core'
import { resolvePpoConfig } from './config.ts'
import type { PpoConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { normalized, prepare } from './prepare.ts'
import { initialState } from './state.ts'
import type { PpoState } from './state.ts'
import { update } from './update.ts'
import type { PpoBatch, PpoParts } from './update.ts'

/** PPO, which always prepares its rollouts. */
export type PpoAlgorithm = Algorithm<PpoState, PpoBatch> &
  Required<Pick<Algorithm<PpoState, PpoBatch>, 'prepare'>>

/**
 * Proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347) for an environment's specification: an {@link Algorithm} of pure
 * functions that learns from rollouts of several environments.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function ppo(spec: AlgorithmSpec, config: Partial<PpoConfig> = {}): PpoAlgorithm {
  const parts = createParts(spec, resolvePpoConfig(config))
  const { networks, scale, seen } = parts
  const { batchSize, environments, length, epochs } = parts.config
  const actions = spec.action.low.length
  const cut = (action: Tensor2D): Tensor2D => scale.toEnvironment(tf.clipByValue(action, -1, 1))
  const perRow: TensorSpec = { shape: [batchSize] }
  return {
    id: 'ppo',
    spec,
    config: parts.config,
    experience: { kind: 'rollouts', environments, length, epochs },
    acting: { record: { sample: actions } },
    batch: {
      observation: { shape: [batchSize, seen.size] },
      sample: { shape: [batchSize, actions] },
      logProb: perRow,
      advantage: perRow,
      target: perRow,
      weight: perRow,
    },
    noise: { act: (rows): NoiseSpec => ({ shape: [rows, actions], law: 'normal' }), update: {} },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const rows = normalized(parts, state, seen.join(observation))
        const sample = networks.apply(state.parameters, rows).policy.sample(noise as Tensor)
        return { action: cut(sample), record: { sample } }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => {
        const rows = normalized(parts, state, seen.join(observation))
        return { action: cut(networks.apply(state.parameters, rows).policy.mode()) }
      }),
    prepare: (state, rollout) => tidy(() => prepare(parts, state, rollout)),
    update: (state, batch) => tidy(() => update(parts, state, batch)),
  }
}

function createParts(spec: AlgorithmSpec, config: PpoConfig): PpoParts {
  const { learningRate: from, annealSteps } = config
  const seen = observationGroups('ppo: groups', spec.observation, config.groups)
  const learningRate = annealSteps === undefined ? from : linearSchedule({ from, to: 0, steps: annealSteps })
  return {
    config,
    seen,
    scale: actionScale(spec.action),
    networks: createNetworks(config, { size: seen.size, actions: spec.action.low.length }),
    normalizers: { observations: normalizer({ size: seen.size }), returns: normalizer({ size: 1 }) },
    optimizer: chain(clipByGlobalNorm(config.maxGradNorm), adam({ learningRate, epsilon: 1e-5 })),
  }
}
