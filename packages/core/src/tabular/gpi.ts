/** Policies composed from the soft values of others: generalised policy improvement and its optimistic rival. */
import { boltzmannPolicy } from './improvement.ts'
import { checkTables, mixTables } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'
import { checkConvex } from './weights.ts'

/**
 * π(a|s) ∝ exp(max_i Q^i(s,a)/α), Hunt theorem 3.1: at least as good as every policy whose values, on the problem's task, are given.
 * Each of `q` is [S·A].
 */
export function gpiPolicy(problem: SoftProblem, q: readonly Float64Array[]): Policy {
  checkTables(problem.mdp, { caller: 'gpiPolicy', name: 'q', tables: q })
  return boltzmannPolicy(problem, upperEnvelope(q))
}

/** max_i Q^i(s,a). [S·A] */
export function upperEnvelope(q: readonly Float64Array[]): Float64Array {
  return q[0].map((_, at) => q.reduce((most, table) => Math.max(most, table[at]), -Infinity))
}

/**
 * π^Opt(a|s) ∝ exp(Σ w_i·Q^i(s,a)/α), Hunt 4: acts as if the optimal returns of all tasks could be had together. `q` are the values of
 * each task's own policy on its own task.
 * @throws RangeError when w is not convex.
 */
export function optimisticPolicy(
  problem: SoftProblem,
  q: readonly Float64Array[],
  weights: readonly number[],
): Policy {
  checkTables(problem.mdp, { caller: 'optimisticPolicy', name: 'q', tables: q })
  checkConvex('optimisticPolicy', weights, q.length)
  return boltzmannPolicy(problem, mixTables(q, weights))
}
