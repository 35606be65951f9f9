import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import type { AdamState, Key } from '@maxent/core'
import type { NafParts } from './update.ts'

/** All that a gradient step reads and writes. The network, and each moment of its optimiser, is one flat vector. */
export type NafState = {
  /** θ */
  readonly network: Tensor1D
  /** The slow copy of the network. */
  readonly target: Tensor1D
  /** Adam's moments. */
  readonly optimizer: AdamState
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** The state before the first gradient step; the target starts as a copy. */
export function initialState({ network: { init }, optimizer }: NafParts, key: Key): NafState {
  const network = init(key)
  return {
    network,
    target: tf.clone(network),
    optimizer: optimizer.init(network),
    step: tf.scalar(0, 'int32'),
  }
}
