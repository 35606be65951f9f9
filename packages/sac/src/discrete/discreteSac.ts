import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { categorical, choicesOf, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, NoiseSpec } from '@maxent/core'
import { optimizersOf } from '../optimizers.ts'
import { targetEntropyWarnings } from '../temperature.ts'
import { resolveDiscreteSacConfig, type DiscreteSacConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { initialState, type DiscreteSacState } from './state.ts'
import { update, type DiscreteSacParts } from './update.ts'

/** Share of the entropy of the uniform policy that the target is: Christodoulou 2019, appendix. */
const entropyShare = 0.98

/** 0.98 log N nats for N choices. */
export function discreteTargetEntropy(choices: number): number {
  return entropyShare * Math.log(choices)
}

/**
 * Soft actor-critic over choices: Christodoulou 2019, "Soft actor-critic for discrete action settings", arXiv:1910.07207. The expectations over
 * actions of the thesis' equations 4.2, 4.6 and 5.8 are sums, so targets, policy and temperature have no sampling noise.
 * @throws RangeError or TypeError when actions are no choices, or the config breaks a rule or does not fit the specification.
 */
export function discreteSac(
  spec: AlgorithmSpec,
  partial: Partial<DiscreteSacConfig> = {},
): Algorithm<DiscreteSacState> {
  const config = resolveDiscreteSacConfig(partial)
  const parts = createParts(spec, config)
  const { networks, choices } = parts
  const row = (rows: number): NoiseSpec => ({ shape: [rows], law: 'uniform' })
  const asAction = (choice: Tensor): Tensor2D => tf.reshape(tf.cast(choice, 'float32'), [-1, 1])
  return {
    id: 'sac-discrete',
    spec,
    warnings:
      config.temperature.kind === 'learned'
        ? targetEntropyWarnings('sac-discrete', parts.targetEntropy, [0, Math.log(choices)])
        : [],
    batch: transitionSpecs(spec, config.batchSize),
    noise: { act: row, update: {} },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const law = categorical({ logits: networks.logits(state.policy, observation) })
        // Rounding may leave the last choice one too high.
        return { action: tf.minimum(asAction(law.sample(noise as Tensor)), choices - 1) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: asAction(tf.argMax(networks.logits(state.policy, observation), 1)) })),
    update: (state, batch) => tidy(() => update(parts, state, batch)),
  }
}

function createParts(spec: AlgorithmSpec, config: DiscreteSacConfig): DiscreteSacParts {
  const { temperature } = config
  const choices = choicesOf('sac-discrete', spec.action)
  const targetEntropy = temperature.kind === 'learned' ? temperature.targetEntropy : undefined
  return {
    config,
    networks: createNetworks(spec, config, choices),
    optimizers: optimizersOf(config),
    choices,
    targetEntropy: targetEntropy ?? discreteTargetEntropy(choices),
  }
}
