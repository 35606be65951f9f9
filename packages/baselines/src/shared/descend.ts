import type { Tensor } from '@tensorflow/tfjs'
import { applyUpdates } from '@maxent/core'
import type { AdamState, Optimizer } from '@maxent/core'

/** Parameters, and the state of their optimiser, after one step down the gradient. */
export function descend<P extends Tensor>(
  optimizer: Optimizer<AdamState>,
  grads: P,
  [parameters, before]: readonly [P, AdamState],
): { readonly parameters: P; readonly state: AdamState } {
  const { updates, state } = optimizer.update(grads, before, parameters)
  return { parameters: applyUpdates(parameters, updates), state }
}
