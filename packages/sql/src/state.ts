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

/** The part of a state that the sampling network needs to act and to learn. */
export type SamplerState = Pick<SqlState, 'policy' | 'latents' | 'step'> & {
  /** Adam's moments. */
  readonly optimizer: Pick<SqlState['optimizer'], 'policy'>
}

/** The state before the first gradient step; the target starts as a copy. */
export function initialState({ networks, optimizers, config, latentSize }: SqlParts, key: Key): SqlState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  return {
    policy,
    critic,
    criticTarget: tf.clone(critic),
    optimizer: { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) },
    step: tf.scalar(0, 'int32'),
    ...initialLatents({ config, latentSize }, key),
  }
}

/** ξ₁ …, where latents come from a set. */
export function initialLatents(
  { config, latentSize }: Pick<SqlParts, 'config' | 'latentSize'>,
  key: Key,
): Pick<SqlState, 'latents'> {
  if (config.latents.kind === 'fresh') return {}
  const { size } = config.latents
  return { latents: tf.tensor2d(normal(foldIn(key, 'latents'), size * latentSize), [size, latentSize]) }
}
