/** Soft policy improvement: the policy that is greedy for soft values, in the simplex or in given sets. */
import { softMaximum } from './backup.ts'
import { checkTable, ROW_TOLERANCE, type FiniteMdp } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

/**
 * π(a|s) = m(a|s)·exp((Q(s,a) − V(s))/α), V = α·log Σ m·exp(Q/α): thesis 3.4, 4.3, B.3, Galashov 4, Tirumala 2. [S·A]
 */
export function boltzmannPolicy(problem: SoftProblem, q: Float64Array): Policy {
  const { mdp, alpha, logMeasure } = problem
  const policy = new Float64Array(q.length)
  for (let s = 0; s < mdp.states; s++) {
    const first = s * mdp.actions
    const v = softMaximum(problem, q.subarray(first, first + mdp.actions), first)
    let sum = 0
    for (let at = first; at < first + mdp.actions; at++) {
      policy[at] = Math.exp((q[at] - v) / alpha + (logMeasure?.[at] ?? 0))
      sum += policy[at]
    }
    for (let at = first; at < first + mdp.actions; at++) policy[at] /= sum
  }
  return policy
}

/** The policies allowed: any choice, in each state, of one of that state's distributions. `sets[s][k]` is [A]. */
export type PolicySets = readonly (readonly Float64Array[])[]

/** The best choice within the sets, state by state. */
export interface RestrictedImprovement {
  /** [S·A] */
  readonly policy: Policy
  /** The index chosen in each state. [S] */
  readonly choice: Int32Array
  /** max_k E_{π_k}[Q + α·h], [S] */
  readonly v: Float64Array
}

/** @throws RangeError when a state has no distribution, or a member is none. */
export function checkSets(mdp: FiniteMdp, sets: PolicySets, caller: string): void {
  if (sets.length !== mdp.states || sets.some((set) => set.length === 0)) {
    throw new RangeError(
      `${caller}: sets must hold at least one distribution for each of ${mdp.states} states, got ${sets.length} sets`,
    )
  }
  for (const [s, set] of sets.entries()) {
    for (const [k, member] of set.entries()) {
      const sum = member.reduce((total, p) => total + p, 0)
      if (member.length === mdp.actions && !member.some((p) => p < 0) && Math.abs(sum - 1) <= ROW_TOLERANCE)
        continue
      throw new RangeError(
        `${caller}: sets must hold distributions over ${mdp.actions} actions, got ${member.length} entries of sum ${sum} at state ${s}, member ${k}`,
      )
    }
  }
}

/**
 * π_new(·|s) = argmin over the state's own set of KL(π' ‖ exp(Q(s,·)/α)/Z), thesis 4.3, B.20, which is argmax E_π'[Q] + α·h(π').
 * Lemma 4 and theorem 2 need such per-state sets: with parameters shared between states the argmin of all states together need not
 * exist.
 */
export function restrictedImprovement(
  problem: SoftProblem,
  sets: PolicySets,
  q: Float64Array,
): RestrictedImprovement {
  const { mdp, alpha, logMeasure } = problem
  checkTable(mdp, { caller: 'restrictedImprovement', name: 'q', table: q })
  checkSets(mdp, sets, 'restrictedImprovement')
  const policy = new Float64Array(q.length)
  const choice = new Int32Array(mdp.states)
  const v = new Float64Array(mdp.states).fill(-Infinity)
  for (let s = 0; s < mdp.states; s++) {
    const first = s * mdp.actions
    for (const [k, candidate] of sets[s].entries()) {
      let value = 0
      for (let a = 0; a < mdp.actions; a++) {
        if (candidate[a] === 0) continue
        value +=
          candidate[a] * (q[first + a] - alpha * (Math.log(candidate[a]) - (logMeasure?.[first + a] ?? 0)))
      }
      if (value > v[s]) {
        v[s] = value
        choice[s] = k
      }
    }
    policy.set(sets[s][choice[s]], first)
  }
  return { policy, choice, v }
}
