/** Soft Q-iteration: repeated soft Bellman backups. */
import { actionValues, softMaximum } from './backup.ts'
import { contractionBound, magnitudeOf, roundingOf } from './bound.ts'
import type { SoftValue } from './evaluation.ts'
import { boltzmannPolicy } from './improvement.ts'
import { expectNext } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

export interface SoftSolution extends SoftValue {
  /** π*, [S·A] */
  readonly policy: Policy
  /** Backups of the whole table (Q-iteration) or improvements (policy iteration). */
  readonly iterations: number
}

export interface QIterationOptions {
  /** Stop once the error is proved to be at most this. Default 1e-10. */
  readonly tolerance?: number
  /** Stop after this many sweeps; the error is then what those prove. No limit when absent. */
  readonly maxSweeps?: number
  /** V to start from, [S]. Zero when absent. */
  readonly initial?: Float64Array
}

/**
 * Q* and V* by thesis 3.6, 3.7 (theorem 1), with a default policy Tirumala 2 to 4. One sweep backs V up in every state:
 *
 *     V(s) <- α·log Σ_a m(a|s)·exp((r(s,a) + γ·E[V(s')])/α)
 *
 * so that no table of Q is kept between sweeps. Stops at the tolerance, at the sweep limit, or when rounding hides further progress;
 * `error` holds in each case.
 */
export function softQIteration(problem: SoftProblem, options: QIterationOptions = {}): SoftSolution {
  const { tolerance = 1e-10, maxSweeps = Infinity, initial } = options
  const { mdp, reward } = problem
  if (!(tolerance > 0)) throw new RangeError(`softQIteration: tolerance must be positive, got ${tolerance}`)
  if (initial !== undefined && initial.length !== mdp.states) {
    throw new RangeError(
      `softQIteration: initial must have length states = ${mdp.states}, got ${initial.length}`,
    )
  }
  let v = Float64Array.from(initial ?? new Float64Array(mdp.states))
  let next = new Float64Array(mdp.states)
  let change = Infinity
  let least = Infinity
  let rounding = 0
  let iterations = 0
  while (iterations < maxSweeps) {
    change = sweep(problem, v, next)
    ;[v, next] = [next, v]
    iterations++
    rounding = roundingOf(mdp, magnitudeOf(problem, v))
    if (contractionBound(mdp, change, rounding) <= tolerance || (change <= rounding && change >= least)) break
    least = Math.min(least, change)
  }
  const q = actionValues(mdp, reward, v)
  return {
    q,
    v,
    policy: boltzmannPolicy(problem, q),
    iterations,
    error: contractionBound(mdp, change, rounding) + rounding,
  }
}

/** One backup of V into `next`; gives the largest change. */
function sweep(problem: SoftProblem, value: Float64Array, next: Float64Array): number {
  const { mdp, reward } = problem
  const { states, actions, gamma } = mdp
  const out = new Float64Array(actions)
  const into = { value, out }
  let change = 0
  for (let s = 0, at = 0; s < states; s++) {
    const first = at
    expectNext(mdp, s, into)
    for (let a = 0; a < actions; a++, at++) out[a] = reward[at] + gamma * out[a]
    next[s] = softMaximum(problem, out, first)
    change = Math.max(change, Math.abs(next[s] - value[s]))
  }
  return change
}
