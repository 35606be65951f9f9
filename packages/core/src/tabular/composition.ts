/** The composed soft Q-function of several tasks, and how far it and its policy are from the optimum of the mixed reward. */
import { actionValues, softValues } from './backup.ts'
import {
  contractionBound,
  magnitudeOf,
  residualBound,
  roundingOf,
  supDistance,
  supNorm,
  type Certified,
} from './bound.ts'
import { discountedSums } from './chain.ts'
import { boltzmannPolicy } from './improvement.ts'
import { checkTables, mixTables, type FiniteMdp } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'
import { checkConvex } from './weights.ts'

export interface Composition extends Certified {
  /** Q_Σ = Σ w_i·Q_i*, [S·A]: an upper bound on Q_C*. */
  readonly q: Float64Array
  /** V_Σ = α·log Σ m·exp(Q_Σ/α), [S]: an upper bound on V_C*. */
  readonly v: Float64Array
  /** π_Σ ∝ m·exp(Q_Σ/α), [S·A]. */
  readonly policy: Policy
  /** P(s) = Σ w_i·V_i*(s) − V_Σ(s) >= 0, [S]: how much the tasks' policies disagree. */
  readonly penalty: Float64Array
  /** C*, [S·A]: Q_Σ − C* is a lower bound on Q_C*. */
  readonly gap: Float64Array
  /** D*, [S·A]: Q_C* − D* is a lower bound on the value of π_Σ. */
  readonly regret: Float64Array
}

/**
 * Lemma 5 and theorem 3 of the thesis (6.2 to 6.6, B.24 to B.31) for any number of tasks, convex weights, temperature and measure.
 * `q` are the optimal soft values Q_i* of the tasks; the mixed task is r_C = Σ w_i·r_i.
 *
 *     P(s)   = −α·log Σ_a Π_i π_i(a|s)^{w_i}, with a measure −α·log Σ_a m·Π_i (π_i / m)^{w_i}
 *     C(s,a) = γ·E[P(s') + max_a' C(s',a')]                             Q_Σ >= Q_C* >= Q_Σ − C
 *     D(s,a) = γ·E[E_{π_Σ}[C(s',a') + D(s',a')]]                        Q_C^{π_Σ} >= Q_C* − D
 *
 * For two tasks of equal weight P = (α/2)·D_½(π_1‖π_2): thesis B.28 with the factor α; 6.4 as printed lacks both the α, without which
 * the bound fails, and the one half, without which it is loose. `weights` are equal when absent.
 *
 * `error` is the largest numerical error of the tables as functions of the given `q`.
 * @throws RangeError for no tasks, or weights that are not convex: the rule Q = Σ Q_i is not covered by lemma 5.
 */
export function compose(
  problem: SoftProblem,
  q: readonly Float64Array[],
  weights?: readonly number[],
): Composition {
  checkTables(problem.mdp, { caller: 'compose', name: 'q', tables: q })
  const w = weights ?? q.map(() => 1 / q.length)
  checkConvex('compose', w, q.length)
  const { mdp } = problem
  const composed = mixTables(q, w)
  const v = softValues(problem, composed)
  const mean = mixTables(
    q.map((table) => softValues(problem, table)),
    w,
  )
  const penalty = mean.map((x, s) => Math.max(0, x - v[s]))
  const policy = boltzmannPolicy(problem, composed)
  const gap = largestSum(mdp, penalty)
  const regret = regretOf(mdp, policy, gap.table)
  const rounding = roundingOf(mdp, magnitudeOf(problem, v))
  // C sums P, and D sums C: an error of what is summed grows by at most 1/(1 − γ).
  const gapError = gap.error + residualBound(mdp, 2 * rounding)
  const regretError =
    regret.error +
    residualBound(mdp, gapError + roundingOf(mdp, supNorm(gap.table) + magnitudeOf(problem, v)))
  return {
    q: composed,
    v,
    policy,
    penalty,
    gap: gap.table,
    regret: regret.table,
    error: Math.max(gapError, regretError),
  }
}

interface CertifiedTable extends Certified {
  readonly table: Float64Array
}

/** C(s,a) = γ·E[b(s') + max_a' C(s',a')] by policy iteration, [S·A]: the most b that any policy collects from the next state on. */
export function largestSum(mdp: FiniteMdp, b: Float64Array): CertifiedTable {
  const { states, actions } = mdp
  const none = new Float64Array(states * actions)
  const choice = new Int32Array(states)
  for (;;) {
    const [sum] = discountedSums({ mdp, policy: deterministic(mdp, choice) }, [b]).sums
    const table = actionValues(mdp, none, sum)
    const rounding = roundingOf(mdp, supNorm(b) + supNorm(sum))
    const best = new Float64Array(states)
    let improved = false
    for (let s = 0; s < states; s++) {
      const row = table.subarray(s * actions, (s + 1) * actions)
      const most = row.reduce((x, y) => Math.max(x, y), -Infinity)
      best[s] = b[s] + most
      // An action is given up for a gain beyond rounding only, so that the loop ends.
      if (most <= row[choice[s]] + 4 * rounding) continue
      choice[s] = row.indexOf(most)
      improved = true
    }
    if (!improved)
      return {
        table: actionValues(mdp, none, best),
        error: contractionBound(mdp, supDistance(best, sum), rounding) + rounding,
      }
  }
}

function deterministic(mdp: FiniteMdp, choice: Int32Array): Policy {
  const policy = new Float64Array(mdp.states * mdp.actions)
  for (let s = 0; s < mdp.states; s++) policy[s * mdp.actions + choice[s]] = 1
  return policy
}

/** D(s,a) = γ·E[E_π[C(s',a') + D(s',a')]], [S·A]. */
function regretOf(mdp: FiniteMdp, policy: Policy, gap: Float64Array): CertifiedTable {
  const b = new Float64Array(mdp.states)
  for (let at = 0; at < gap.length; at++) b[Math.floor(at / mdp.actions)] += policy[at] * gap[at]
  const { sums, error } = discountedSums({ mdp, policy }, [b])
  return { table: actionValues(mdp, new Float64Array(gap.length), sums[0]), error }
}
