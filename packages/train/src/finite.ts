import type { Observation, StepResult } from '@maxent/core/contracts'
import { leafPaths, leaves, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'

/** A number that is not finite came up where training cannot go on with it. */
export class NonFiniteError extends RangeError {
  /** Tells it from other errors. */
  override readonly name = 'NonFiniteError'
}

/** Finite as float32, which is how the replay and the algorithm have it. */
const isStorable = (value: number): boolean => Number.isFinite(Math.fround(value))

/** @throws NonFiniteError that names the first entry of `values` that is not finite. */
export function assertFinite(caller: string, name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (isStorable(values[i])) continue
    throw new NonFiniteError(`${caller}: ${name} must be finite in float32, got ${values[i]} at index ${i}`)
  }
}

/** @throws NonFiniteError that names the observation group and index. */
export function assertFiniteObservation(caller: string, observation: Observation): void {
  for (const name in observation) {
    const values = observation[name]
    for (let i = 0; i < values.length; i++) {
      if (!isStorable(values[i])) assertFinite(caller, `observation group "${name}"`, values)
    }
  }
}

/** @throws NonFiniteError that names the reward or the observation group. */
export function assertFiniteStep(caller: string, result: StepResult): void {
  if (!isStorable(result.reward)) {
    throw new NonFiniteError(`${caller}: reward must be finite in float32, got ${result.reward}`)
  }
  assertFiniteObservation(caller, result.observation)
}

/** The first leaf of a state with an entry that is not finite, in words, or `undefined`. */
export function describeNonFiniteLeaf(state: Tree<HostTensor>): string | undefined {
  const paths = leafPaths(state)
  for (const [i, { data, shape }] of leaves(state).entries()) {
    const at = data.findIndex((value) => !Number.isFinite(value))
    if (at >= 0) return `state leaf "${paths[i]}" [${shape.join(', ')}] holds ${data[at]} at index ${at}`
  }
  return undefined
}
