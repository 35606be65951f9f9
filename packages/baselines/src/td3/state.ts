import * as tf from '@tensorflow/tfjs'
import type { Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { Td3Parts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type Td3State = {
  /** φ */
  readonly policy: Tensor1D
  /** φ′ */
  readonly policyTarget: Tensor1D
  /** θ₁, θ₂ one after another. */
  readonly critic: Tensor1D
  /** θ′₁, θ′₂ */
  readonly criticTarget: Tensor1D
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState; readonly critic: AdamState }
}

/** The state before the first gradient step; the targets start as copies. */
export function initialState({ networks, optimizers }: Td3Parts, key: Key): Td3State {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  return {
    policy,
    policyTarget: tf.clone(policy),
    critic,
    criticTarget: tf.clone(critic),
    optimizer: { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) },
  }
}
