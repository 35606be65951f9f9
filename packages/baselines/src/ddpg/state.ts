import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { DdpgParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type DdpgState = {
  /** θᵘ */
  readonly policy: Tensor1D
  /** The slow copy of the policy. */
  readonly policyTarget: Tensor1D
  /** θ₁ … θ_K, one after another. */
  readonly critic: Tensor1D
  /** The slow copies of the critics. */
  readonly criticTarget: Tensor1D
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState; readonly critic: AdamState }
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** The state before the first gradient step; the targets start as copies. */
export function initialState({ networks, optimizers }: DdpgParts, key: Key): DdpgState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  return {
    policy,
    policyTarget: tf.clone(policy),
    critic,
    criticTarget: tf.clone(critic),
    optimizer: { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) },
    step: tf.scalar(0, 'int32'),
  }
}
