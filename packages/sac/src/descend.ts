import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { applyUpdates } from '@maxent/core'
import type { AdamState, Optimizer } from '@maxent/core'
import type { TargetConfig } from './config.ts'

/** Parameters and optimiser state after one step down the gradient. */
export function descend<P extends Tensor>(
  optimizer: Optimizer<AdamState>,
  grads: P,
  [parameters, before]: readonly [P, AdamState],
): { readonly parameters: P; readonly state: AdamState } {
  const { updates, state } = optimizer.update(grads, before, parameters)
  return { parameters: applyUpdates(parameters, updates), state }
}

/** The share of the critics in the new targets: τ, or 1 at every `interval`-th step and 0 between. */
export function targetShare(target: TargetConfig, step: Scalar): number | Scalar {
  if (target.kind === 'soft') return target.tau
  const since = tf.mod(step, tf.scalar(target.interval, 'int32'))
  return tf.cast(tf.equal(since, tf.scalar(0, 'int32')), 'float32')
}
