/** Maximum-entropy successor features. */
import { actionValues } from './backup.ts'
import { magnitudeOf, roundingOf, type Certified } from './bound.ts'
import { discountedSums, type ChainOptions } from './chain.ts'
import { entropyOf, expectedReward } from './evaluation.ts'
import { mixTables } from './mdp.ts'
import { checkPolicy, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'
import { checkConvex } from './weights.ts'

export interface SuccessorFeatures extends Certified {
  /** ψ, one [S·A] per feature. */
  readonly psi: readonly Float64Array[]
  /** Υ, one [S] per feature. */
  readonly upsilon: readonly Float64Array[]
}

/**
 * ψ and Υ of a policy, with the process's reward tables as features φ (Hunt 5, 6):
 *
 *     ψ(s,a) = φ(s,a) + γ·E[Υ(s')],    Υ(s) = E_π[ψ(s,a)] + α·1·h(s)
 *
 * All features share one factorisation. The problem's own reward is not read.
 */
export function successorFeatures(
  problem: SoftProblem,
  policy: Policy,
  options: ChainOptions = {},
): SuccessorFeatures {
  const { mdp, alpha } = problem
  checkPolicy(mdp, policy, 'successorFeatures')
  const entropy = entropyOf(problem, policy, 'successorFeatures')
  const rhs = mdp.rewards.map((feature) =>
    expectedReward(mdp, policy, feature).map((x, s) => x + alpha * entropy[s]),
  )
  const { sums, error } = discountedSums({ mdp, policy, ...options }, rhs)
  const magnitude = Math.max(...sums.map((v, i) => magnitudeOf({ ...problem, reward: mdp.rewards[i] }, v)))
  return {
    psi: sums.map((v, i) => actionValues(mdp, mdp.rewards[i], v)),
    upsilon: sums,
    error: error + roundingOf(mdp, magnitude),
  }
}

/**
 * Q_w(s,a) = ψ(s,a)·w: the soft value of the policy on the task r_w = φ·w, for convex w. [S·A]
 * @throws RangeError when w is not convex.
 */
export function successorValue({ psi }: SuccessorFeatures, weights: readonly number[]): Float64Array {
  checkConvex('successorValue', weights, psi.length)
  return mixTables(psi, weights)
}
