import type { AlgorithmSpec, TensorSpec, Tree } from '@maxent/core'

/** The shapes of a batch of transitions. */
export function transitionSpecs(spec: AlgorithmSpec, rows: number): Tree<TensorSpec> {
  const groups = Object.entries(spec.observation).map(([name, length]) => [name, { shape: [rows, length] }])
  const observation = Object.fromEntries(groups) as Record<string, TensorSpec>
  const perRow: TensorSpec = { shape: [rows] }
  return {
    observation,
    action: { shape: [rows, spec.action.low.length] },
    reward: perRow,
    discount: perRow,
    nextObservation: observation,
  }
}
