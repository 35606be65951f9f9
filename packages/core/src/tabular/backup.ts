/** The two soft Bellman backups on tables. */
import { expectNext, type FiniteMdp } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

/**
 * Q(s,a) = r(s,a) + γ·E[V(s')], thesis 3.5, 3.6, 4.1. V [S] to Q [S·A].
 */
export function actionValues(mdp: FiniteMdp, reward: Float64Array, value: Float64Array): Float64Array {
  const { states, actions, gamma } = mdp
  const q = new Float64Array(states * actions)
  const out = new Float64Array(actions)
  for (let s = 0; s < states; s++) {
    expectNext(mdp, s, { value, out })
    for (let a = 0; a < actions; a++) q[s * actions + a] = reward[s * actions + a] + gamma * out[a]
  }
  return q
}

/** V(s) = α·log Σ_a m(a|s)·exp(Q(s,a)/α), thesis 3.3, 3.7, Tirumala 4. Q [S·A] to V [S]. */
export function softValues(problem: SoftProblem, q: Float64Array): Float64Array {
  const { states, actions } = problem.mdp
  const v = new Float64Array(states)
  for (let s = 0; s < states; s++)
    v[s] = softMaximum(problem, q.subarray(s * actions, (s + 1) * actions), s * actions)
  return v
}

/** α·log Σ_a m(a)·exp(q(a)/α) of one state whose row of the measure starts at `first`; minus infinity where no action has measure. */
export function softMaximum({ alpha, logMeasure }: SoftProblem, q: Float64Array, first: number): number {
  let most = -Infinity
  if (logMeasure === undefined) {
    for (let a = 0; a < q.length; a++) if (q[a] > most) most = q[a]
    let sum = 0
    for (let a = 0; a < q.length; a++) sum += q[a] === most ? 1 : Math.exp((q[a] - most) / alpha)
    return most + alpha * Math.log(sum)
  }
  for (let a = 0; a < q.length; a++) most = Math.max(most, q[a] + alpha * logMeasure[first + a])
  let sum = 0
  for (let a = 0; a < q.length; a++) sum += Math.exp((q[a] + alpha * logMeasure[first + a] - most) / alpha)
  return most + alpha * Math.log(sum)
}

/** h(s) = −Σ_a π(a|s)·log(π(a|s)/m(a|s)): the entropy, or minus the KL divergence from a default policy. [S] */
export function policyEntropy(
  { mdp, logMeasure }: Omit<SoftProblem, 'alpha' | 'reward'>,
  policy: Policy,
): Float64Array {
  const entropy = new Float64Array(mdp.states)
  for (let s = 0, at = 0; s < mdp.states; s++) {
    for (let a = 0; a < mdp.actions; a++, at++) {
      if (policy[at] > 0) entropy[s] -= policy[at] * (Math.log(policy[at]) - (logMeasure?.[at] ?? 0))
    }
  }
  return entropy
}

/** V(s) = E_π[Q(s,a)] + α·h(s), thesis 4.2, with h from `policyEntropy`. [S] */
export function policyValues(problem: SoftProblem, policy: Policy, q: Float64Array): Float64Array {
  const { mdp, alpha } = problem
  const v = policyEntropy(problem, policy)
  for (let s = 0, at = 0; s < mdp.states; s++) {
    v[s] *= alpha
    for (let a = 0; a < mdp.actions; a++, at++) if (policy[at] > 0) v[s] += policy[at] * q[at]
  }
  return v
}

/** 𝒯Q, thesis B.10 with α: the backup whose fixed point is Q*. [S·A] to [S·A]. */
export function softBackup(problem: SoftProblem, q: Float64Array): Float64Array {
  return actionValues(problem.mdp, problem.reward, softValues(problem, q))
}

/** 𝒯^π Q, thesis 4.1, 4.2, Galashov 3: the backup whose fixed point is Q^π. [S·A] to [S·A]. */
export function policyBackup(problem: SoftProblem, policy: Policy, q: Float64Array): Float64Array {
  return actionValues(problem.mdp, problem.reward, policyValues(problem, policy, q))
}
