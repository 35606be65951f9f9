import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { foldIn, normal } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { SqlParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type SqlState = {
  /** φ */
  readonly policy: Tensor1D
  /** θ of every critic, one after another. */
  readonly critic: Tensor1D
  /** θ̄ */
  readonly criticTarget: Tensor1D
  /** ξ₁ …, [size, N], where latents come from a set. */
  readonly latents?: Tensor2D
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState; readonly critic: AdamState }
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** The state before the first gradient step; the target starts as a copy. */
export function initialState({ networks, optimizers, config, latentSize }: SqlParts, key: Key): SqlState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  const state: SqlState = {
    policy,
    critic,
    criticTarget: tf.clone(critic),
    optimizer: { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) },
    step: tf.scalar(0, 'int32'),
  }
  if (config.latents.kind === 'fresh') return state
  const { size } = config.latents
  return {
    ...state,
    latents: tf.tensor2d(normal(foldIn(key, 'latents'), size * latentSize), [size, latentSize]),
  }
}
