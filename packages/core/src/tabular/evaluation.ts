/** Soft policy evaluation: the soft values of a given policy. */
import { actionValues, policyEntropy } from './backup.ts'
import { magnitudeOf, roundingOf, type Certified } from './bound.ts'
import { discountedSums, type ChainOptions } from './chain.ts'
import { checkPolicy, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

export interface SoftValue extends Certified {
  /** Q, [S·A] */
  readonly q: Float64Array
  /** V, [S] */
  readonly v: Float64Array
}

/**
 * Q^π and V^π, the fixed point of 𝒯^π (thesis 4.1, 4.2, lemma 3; with a default policy Galashov 3).
 *
 *     V(s) = Σ_a π(a|s)·r(s,a) + α·h(s) + γ·E_π[V(s')],    Q(s,a) = r(s,a) + γ·E[V(s')]
 *
 * V is found from the linear system directly up to 400 states, by iteration beyond.
 * @throws RangeError when a row of the policy is no distribution, or gives mass to an action that the measure excludes.
 */
export function softPolicyEvaluation(
  problem: SoftProblem,
  policy: Policy,
  options: ChainOptions = {},
): SoftValue {
  checkPolicy(problem.mdp, policy, 'softPolicyEvaluation')
  const { mdp, reward, alpha } = problem
  const b = expectedReward(mdp, policy, reward)
  const entropy = entropyOf(problem, policy, 'softPolicyEvaluation')
  for (let s = 0; s < mdp.states; s++) b[s] += alpha * entropy[s]
  const { sums, error } = discountedSums({ mdp, policy, ...options }, [b])
  const q = actionValues(mdp, reward, sums[0])
  return { q, v: sums[0], error: error + roundingOf(mdp, magnitudeOf(problem, sums[0])) }
}

/** Σ_a π(a|s)·r(s,a). [S] */
export function expectedReward(mdp: SoftProblem['mdp'], policy: Policy, reward: Float64Array): Float64Array {
  const mean = new Float64Array(mdp.states)
  for (let s = 0, at = 0; s < mdp.states; s++) {
    for (let a = 0; a < mdp.actions; a++, at++) mean[s] += policy[at] * reward[at]
  }
  return mean
}

/** `policyEntropy` that refuses policies whose divergence from the measure is infinite. */
export function entropyOf(problem: SoftProblem, policy: Policy, caller: string): Float64Array {
  const entropy = policyEntropy(problem, policy)
  const bad = entropy.findIndex((h) => h === -Infinity)
  if (bad >= 0) {
    throw new RangeError(
      `${caller}: policy must be zero where the default policy is zero, got an infinite divergence at state ${bad}`,
    )
  }
  return entropy
}
