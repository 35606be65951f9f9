import type { Tensor } from '@tensorflow/tfjs'
import { actionScale, adam, tidy } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec, TensorSpec, Tree } from '@maxent/core'
import { resolveSacConfig } from './config.ts'
import type { SacConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { initialState } from './state.ts'
import type { SacState } from './state.ts'
import { defaultTargetEntropy } from './temperature.ts'
import { update } from './update.ts'
import type { SacParts, UpdateInput } from './update.ts'

/**
 * Soft actor-critic (Haarnoja 2018, thesis, chapters 4 and 5) for an environment's specification: an {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function sac(spec: AlgorithmSpec, config: Partial<SacConfig> = {}): Algorithm<SacState> {
  const parts = createParts(spec, resolveSacConfig(config))
  const { networks, scale } = parts
  const { batchSize } = parts.config
  const actions = spec.action.low.length
  const normal = (rows: number): NoiseSpec => ({ shape: [rows, actions], law: 'normal' })
  return {
    id: 'sac',
    spec,
    batch: batchSpec(spec, batchSize),
    noise: { act: normal, update: { next: normal(batchSize), current: normal(batchSize) } },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const { action } = networks.policy(state.policy, observation).sampleWithLogProb(noise as Tensor)
        return { action: scale.toEnvironment(action) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({
        action: scale.toEnvironment(networks.policy(state.policy, observation).mode()),
      })),
    update: (state, batch, noise) =>
      tidy(() => update(parts, state, { batch, noise: noise as UpdateInput['noise'] })),
  }
}

function createParts(spec: AlgorithmSpec, config: SacConfig): SacParts {
  const { temperature, policyLearningRate, criticLearningRate } = config
  const learned = temperature.kind === 'learned' ? temperature : undefined
  return {
    config,
    networks: createNetworks(spec, config),
    scale: actionScale(spec.action),
    optimizers: {
      policy: adam({ learningRate: policyLearningRate }),
      critic: adam({ learningRate: criticLearningRate }),
      alpha: adam({ learningRate: learned?.learningRate ?? policyLearningRate }),
    },
    targetEntropy: learned?.targetEntropy ?? defaultTargetEntropy(spec),
  }
}

function batchSpec(spec: AlgorithmSpec, rows: number): Tree<TensorSpec> {
  const groups = Object.entries(spec.observation).map(([name, length]) => [name, { shape: [rows, length] }])
  const observation = Object.fromEntries(groups) as Record<string, TensorSpec>
  const perRow: TensorSpec = { shape: [rows] }
  return {
    observation,
    action: { shape: [rows, spec.action.low.length] },
    reward: perRow,
    discount: perRow,
    nextObservation: observation,
  }
}
