import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { TrustPclParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type TrustPclState = {
  /** θ */
  readonly policy: Tensor1D
  /** θ̃ */
  readonly laggedPolicy: Tensor1D
  /** φ */
  readonly value: Tensor1D
  /** φ̃ */
  readonly laggedValue: Tensor1D
  /** λ, []. */
  readonly lambda: Scalar
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState; readonly value: AdamState }
}

/** The state before the first gradient step; the lagged parameters start as copies. */
export function initialState({ config, networks, optimizers }: TrustPclParts, key: Key): TrustPclState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const value = networks.initValue(foldIn(key, 'value'))
  return {
    policy,
    laggedPolicy: tf.clone(policy),
    value,
    laggedValue: tf.clone(value),
    lambda: tf.scalar(config.lambda),
    optimizer: { policy: optimizers.policy.init(policy), value: optimizers.value.init(value) },
  }
}
