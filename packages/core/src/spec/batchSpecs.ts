import type { AlgorithmSpec, TensorSpec } from '../contracts.ts'
import type { Tree } from '../tree.ts'

/** The shapes of a batch of `rows` transitions. */
export function transitionSpecs(spec: AlgorithmSpec, rows: number): Tree<TensorSpec> {
  const observation = named(spec.observation, [rows])
  const perRow: TensorSpec = { shape: [rows] }
  return {
    observation,
    action: { shape: [rows, spec.action.low.length] },
    reward: perRow,
    discount: perRow,
    nextObservation: observation,
  }
}

/** How much experience a batch of steps holds. */
export interface StepsSize {
  /** T, successive steps. */
  readonly length: number
  /** B, pieces of experience side by side. */
  readonly rows: number
  /** What `Algorithm.acting.record` keeps beside each step; nothing when absent. */
  readonly record?: Readonly<Record<string, number>>
  /** N, the episodes that the batch tells of; none when absent. */
  readonly episodes?: number
}

/** The shapes of T steps of B pieces of experience. */
export function stepsSpecs(spec: AlgorithmSpec, size: StepsSize): Tree<TensorSpec> {
  const { length, rows, record = {}, episodes } = size
  const observation = named(spec.observation, [length, rows])
  const perStep: TensorSpec = { shape: [length, rows] }
  return {
    observation,
    action: { shape: [length, rows, spec.action.low.length] },
    reward: perStep,
    discount: perStep,
    nextObservation: observation,
    continues: perStep,
    valid: perStep,
    record: named(record, [length, rows]),
    ...(episodes !== undefined && {
      episodes: { returns: { shape: [episodes] }, lengths: { shape: [episodes] } },
    }),
  }
}

function named(
  lengths: Readonly<Record<string, number>>,
  outer: readonly number[],
): Record<string, TensorSpec> {
  return Object.fromEntries(Object.entries(lengths).map(([name, n]) => [name, { shape: [...outer, n] }]))
}
