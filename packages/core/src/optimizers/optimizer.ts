import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import type { Schedule } from '../schedules/index.ts'
import { zipTrees, type Tree } from '../tree.ts'
import { tidy } from '../tidy.ts'

/** A transformation of gradients with a state of its own, as a pair of pure functions (optax's pair). */
export interface Optimizer<S extends Tree<Tensor> = Tree<Tensor>> {
  /** The state before the first update. */
  init(params: Tree<Tensor>): S
  /** What to add to the parameters, in their structure, and the next state. */
  update<P extends Tree<Tensor>>(grads: P, state: S, params: P): { readonly updates: P; readonly state: S }
}

/** A learning rate: a number, or a function of the number of updates made before. */
export type LearningRate = number | Schedule

/** The parameters after an update: params + updates, leaf by leaf. */
export function applyUpdates<P extends Tree<Tensor>>(params: P, updates: P): P {
  return tidy(() => zipTrees<Tensor, Tensor, Tensor>(params, updates, (p, u) => tf.add(p, u))) as P
}

/** The learning rate at a step, as something that scalars can be multiplied with. */
export function rateAt(learningRate: LearningRate, step: Scalar): number | Scalar {
  return typeof learningRate === 'number' ? learningRate : learningRate(step)
}

/** @throws RangeError when a constant learning rate is negative or not finite. */
export function checkLearningRate(caller: string, learningRate: LearningRate): void {
  if (typeof learningRate === 'function' || (learningRate >= 0 && Number.isFinite(learningRate))) return
  throw new RangeError(
    `${caller}: learningRate must be a finite number of at least 0 or a schedule, got ${describeValue(learningRate)}`,
  )
}

/** @throws RangeError when a decay rate is outside [0, 1). */
export function checkDecay(caller: string, name: string, value: number): void {
  if (value >= 0 && value < 1) return
  throw new RangeError(`${caller}: ${name} must be in [0, 1), got ${describeValue(value)}`)
}
