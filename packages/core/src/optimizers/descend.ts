import type { Tensor } from '@tensorflow/tfjs'
import type { AdamState } from './adam.ts'
import { applyUpdates, type Optimizer } from './optimizer.ts'

/** Parameters, and the state of their optimiser, after one step down the gradient. */
export function descend<P extends Tensor>(
  optimizer: Optimizer<AdamState>,
  grads: P,
  [parameters, before]: readonly [P, AdamState],
): { readonly parameters: P; readonly state: AdamState } {
  const { updates, state } = optimizer.update(grads, before, parameters)
  return { parameters: applyUpdates(parameters, updates), state }
}
