import * as tf from '@tensorflow/tfjs'
import type { Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { NewAlgorithmParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type NewAlgorithmState = {
  /** φ */
  readonly policy: Tensor1D
  /** θ₁ and θ₂, one after the other. */
  readonly critic: Tensor1D
  /** θ̄₁ and θ̄₂ */
  readonly criticTarget: Tensor1D
  readonly optimizer: { readonly policy: AdamState; readonly critic: AdamState }
}

/** The state before the first gradient step; the targets start as copies. */
export function initialState({ networks, optimizer }: NewAlgorithmParts, key: Key): NewAlgorithmState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  return {
    policy,
    critic,
    criticTarget: tf.clone(critic),
    optimizer: { policy: optimizer.init(policy), critic: optimizer.init(critic) },
  }
}
