import * as tf from '@tensorflow/tfjs'
import type { Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { Key } from '@maxent/core'
import type { SacState } from '../state.ts'
import { withInitialTemperature } from '../temperature.ts'
import type { DiscreteSacParts } from './update.ts'

/** All that a gradient step reads and writes, as in {@link SacState}. */
export type DiscreteSacState = Omit<SacState, 'criticTarget' | 'value' | 'valueTarget'> & {
  /** θ̄₁ … θ̄_K */
  readonly criticTarget: Tensor1D
}

/** The state before the first gradient step; the targets start as copies. */
export function initialState({ config, networks, optimizers }: DiscreteSacParts, key: Key): DiscreteSacState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  const optimizer = { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) }
  const state = { policy, critic, criticTarget: tf.clone(critic), optimizer, step: tf.scalar(0, 'int32') }
  return withInitialTemperature<DiscreteSacState>(state, {
    temperature: config.temperature,
    optimizer: optimizers.alpha,
  })
}
