import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import type { Key, NormalizerState, Tree } from '@maxent/core'
import type { PpoParts } from './update.ts'

/** All that rollouts and gradient steps read and write. Both networks are one flat vector. */
export type PpoState = {
  /** θ */
  readonly parameters: Tensor1D
  /** Of the norm's cut, which has none, and of Adam. */
  readonly optimizer: readonly Tree<Tensor>[]
  /** Statistics of observations. */
  readonly observations: NormalizerState
  /** Statistics of returns. */
  readonly returns: NormalizerState
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** The state before the first rollout. */
export function initialState({ networks, optimizer, normalizers }: PpoParts, key: Key): PpoState {
  const parameters = networks.init(key)
  return {
    parameters,
    optimizer: optimizer.init(parameters),
    observations: normalizers.observations.init(),
    returns: normalizers.returns.init(),
    step: tf.scalar(0, 'int32'),
  }
}
