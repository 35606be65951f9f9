/** The discounted maximum-entropy objective of a policy. */
import type { Certified } from './bound.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { checkStateDistribution, nextStateDistribution, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

/** Where {@link discountedObjective} starts, and how far its outer sum runs. */
export interface DiscountedObjectiveOptions {
  /** The outer sum runs over t = 0..steps − 1. */
  readonly steps: number
  /** p(s₀), [S] */
  readonly initial: Float64Array
}

/**
 * J(π) of thesis A.1, B.2: from every state and action visited, weighted by how often the policy visits it, without discount, the
 * discounted sum of rewards and entropies that follow.
 *
 *     J(π) = Σ_t E_ρ[Σ_{l>=t} γ^{l−t}·E[r(s_l,a_l) + α·h(s_l)]] = Σ_t E_ρ[V^π(s_t)]
 *
 * A.1 as printed has r(s_t,a_t) and H(π(·|s_t)) under the inner sum, which makes each term (r + α·h)/(1 − γ). The outer sum is cut at
 * `steps`, since it grows for ever where no episode ends. V^π counts the entropy of its own state.
 */
export function discountedObjective(
  problem: SoftProblem,
  policy: Policy,
  { steps, initial }: DiscountedObjectiveOptions,
): Certified & { readonly value: number } {
  if (!(Number.isInteger(steps) && steps >= 1))
    throw new RangeError(`discountedObjective: steps must be a positive integer, got ${steps}`)
  checkStateDistribution(problem.mdp, initial, 'discountedObjective')
  const { v, error } = softPolicyEvaluation(problem, policy)
  let state = initial
  let value = 0
  let size = 0
  for (let t = 0; t < steps; t++) {
    for (let s = 0; s < v.length; s++) {
      value += state[s] * v[s]
      size += state[s] * Math.abs(v[s])
    }
    state = nextStateDistribution(problem.mdp, policy, state)
  }
  return { value, error: steps * error + Number.EPSILON * (steps + 2) * v.length * size }
}
