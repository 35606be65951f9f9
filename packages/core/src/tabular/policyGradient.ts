/** The entropy-regularised policy gradient of a tabular softmax policy, and the soft Q-learning update that equals it. */
import { magnitudeOf, roundingOf, supNorm, type Certified } from './bound.ts'
import { discountedVisits } from './chain.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { boltzmannPolicy } from './improvement.ts'
import { checkTable } from './mdp.ts'
import { checkStateDistribution } from './policy.ts'
import type { SoftProblem } from './problem.ts'

export interface PolicyGradient extends Certified {
  /** Of J(θ) = E_ρ₀[V^π(s)] by every entry of θ, [S·A]. */
  readonly gradient: Float64Array
  /** J(θ) */
  readonly objective: number
}

/**
 * Thesis B.15 = B.18 for the policy π = exp((Q_θ − V_θ)/α) of a table θ = Q_θ [S·A], with ρ the discounted visits from ρ₀ and Q̂ = Q^π:
 *
 *     ∇J = E_ρ[(∇Q_θ(s,a) − ∇V_θ(s))·(Q̂(s,a) − Q_θ(s,a))]/α
 *     ∂J/∂θ(s,a) = ρ(s)·π(a|s)·(δ(s,a) − E_π[δ(s,·)])/α,    δ = Q^π − Q_θ
 *
 * B.18 as printed is minus the gradient of the Bellman error B.16 (with Q̂ = Â + V_θ, Â held constant): both updates move θ the same
 * way, one ascending J, the other descending J_Q. No gradient flows through ρ or Q̂.
 */
export function policyGradient(
  problem: SoftProblem,
  theta: Float64Array,
  initial: Float64Array,
): PolicyGradient {
  const { mdp, alpha } = problem
  checkTable(mdp, { caller: 'policyGradient', name: 'theta', table: theta })
  checkStateDistribution(mdp, initial, 'policyGradient')
  const policy = boltzmannPolicy(problem, theta)
  const { q, v, error } = softPolicyEvaluation(problem, policy)
  const { visits, error: visitError } = discountedVisits(mdp, policy, initial)
  const gradient = new Float64Array(theta.length)
  let widest = 0
  for (let s = 0; s < mdp.states; s++) {
    let mean = 0
    for (let at = s * mdp.actions; at < (s + 1) * mdp.actions; at++) mean += policy[at] * (q[at] - theta[at])
    for (let at = s * mdp.actions; at < (s + 1) * mdp.actions; at++) {
      const difference = q[at] - theta[at] - mean
      gradient[at] = (visits[s] * policy[at] * difference) / alpha
      widest = Math.max(widest, Math.abs(difference))
    }
  }
  const most = supNorm(visits)
  // exp rounds π by as much, relatively, as its argument is rounded.
  const size = supNorm(q) + supNorm(theta) + (widest * magnitudeOf(problem, theta)) / alpha
  const rounding = roundingOf(mdp, most * size)
  return {
    gradient,
    objective: v.reduce((sum, x, s) => sum + initial[s] * x, 0),
    error: error + (2 * error * most + visitError * widest + rounding) / alpha,
  }
}
