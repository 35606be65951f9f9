/** Soft policy iteration: evaluation and improvement in turn. */
import { softValues } from './backup.ts'
import { magnitudeOf, residualBound, roundingOf, supDistance } from './bound.ts'
import { softPolicyEvaluation, type SoftValue } from './evaluation.ts'
import { boltzmannPolicy, checkSets, restrictedImprovement, type PolicySets } from './improvement.ts'
import { contraction } from './mdp.ts'
import { uniformPolicy, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'
import type { SoftSolution } from './qIteration.ts'

/** Where policy iteration starts, among which policies it looks, and when it stops. */
export interface PolicyIterationOptions {
  /** Stop once the error is proved to be at most this. Default 1e-10. */
  readonly tolerance?: number
  /** π to start from, [S·A]. The measure itself, or uniform, when absent. Must be in the sets where sets are given. */
  readonly initial?: Policy
  /** The class Π as one set of distributions per state; the whole simplex when absent. */
  readonly sets?: PolicySets
}

/**
 * The best policy of a class and its values (thesis 4.3, theorem 2). For the whole simplex that is Q*, π*, reached by Newton's method
 * in a few steps; for per-state sets the best choice of one distribution per state.
 *
 * `error` comes from the optimality residual: ‖V − V*‖ <= ‖𝒯V − V‖/(1 − γ), with the maximum in 𝒯 over the class.
 */
export function softPolicyIteration(
  problem: SoftProblem,
  options: PolicyIterationOptions = {},
): SoftSolution {
  const { tolerance = 1e-10, sets } = options
  if (!(tolerance > 0))
    throw new RangeError(`softPolicyIteration: tolerance must be positive, got ${tolerance}`)
  if (sets !== undefined) checkSets(problem.mdp, sets, 'softPolicyIteration')
  let policy = options.initial ?? startingPolicy(problem, sets)
  let before: SoftValue | undefined
  for (let iterations = 1; ; iterations++) {
    const value = softPolicyEvaluation(problem, policy, {
      tolerance: (tolerance * (1 - contraction(problem.mdp))) / 8,
    })
    const { improved, v } = improve(problem, value, sets)
    const error = optimalityBound(problem, value, v)
    // Values rise from step to step until the errors of evaluation hide it.
    const stalled = before !== undefined && supDistance(value.v, before.v) <= value.error + before.error
    if (error <= tolerance || stalled) return { ...value, policy: improved, iterations, error }
    before = value
    policy = improved
  }
}

function improve(
  problem: SoftProblem,
  { q }: SoftValue,
  sets: PolicySets | undefined,
): { improved: Policy; v: Float64Array } {
  if (sets === undefined) return { improved: boltzmannPolicy(problem, q), v: softValues(problem, q) }
  const { policy, v } = restrictedImprovement(problem, sets, q)
  return { improved: policy, v }
}

function optimalityBound(problem: SoftProblem, { v }: SoftValue, backedUp: Float64Array): number {
  const { mdp } = problem
  const rounding = roundingOf(mdp, magnitudeOf(problem, v))
  return residualBound(mdp, supDistance(backedUp, v) + rounding)
}

function startingPolicy({ mdp, logMeasure }: SoftProblem, sets: PolicySets | undefined): Policy {
  const policy = uniformPolicy(mdp)
  if (sets !== undefined) {
    for (let s = 0; s < mdp.states; s++) policy.set(sets[s][0], s * mdp.actions)
  } else if (logMeasure !== undefined) {
    for (let s = 0; s < mdp.states; s++) {
      const row = logMeasure.subarray(s * mdp.actions, (s + 1) * mdp.actions).map(Math.exp)
      const sum = row.reduce((total, x) => total + x, 0)
      for (let a = 0; a < mdp.actions; a++) policy[s * mdp.actions + a] = row[a] / sum
    }
  }
  return policy
}
