import type { AnyAlgorithm, Observation, StepResult } from '@maxent/core/contracts'
import { leafPaths, leaves, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'

/** A number that is not finite came up where training cannot go on with it. */
export class NonFiniteError extends RangeError {
  /** Tells it from other errors. */
  override readonly name = 'NonFiniteError'
  /** Whether it is a number that learning made, a metric or an entry of the state, rather than one of the environment or an action. */
  readonly isLearned: boolean

  /** As of every error, and whether learning made the number; it did not when absent. */
  constructor(
    message: string,
    { isLearned = false, ...options }: ErrorOptions & { isLearned?: boolean } = {},
  ) {
    super(message, options)
    this.isLearned = isLearned
  }
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

/** @throws NonFiniteError that names the first metric that is not finite. */
export function assertFiniteMetrics(caller: string, metrics: Readonly<Record<string, number>>): void {
  for (const name in metrics) {
    if (Number.isFinite(metrics[name])) continue
    throw new NonFiniteError(`${caller}: metric "${name}" must be finite, got ${metrics[name]}`, {
      isLearned: true,
    })
  }
}

/** @throws NonFiniteError that names the first leaf of a state that is not finite. */
export function assertFiniteState(caller: string, state: Tree<HostTensor>): void {
  const leaf = describeNonFiniteLeaf(state)
  if (leaf !== undefined)
    throw new NonFiniteError(`${caller}: state must be finite, got ${leaf}`, { isLearned: true })
}

/** What to try, with the algorithm's own remedy first where learning made the number. */
export function remedyFor(
  error: NonFiniteError,
  { remedy }: Pick<AnyAlgorithm, 'remedy'>,
  source: string,
): string {
  const usual = `check the numbers of the ${source}, or try a smaller learning rate`
  return error.isLearned && remedy !== undefined ? `${remedy}; else ${usual}` : usual
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
