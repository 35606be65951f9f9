/** Soft Q-iteration: repeated soft Bellman backups. */
import { actionValues, softMaximum } from './backup.ts'
import { contractionBound, fixedMagnitude, roundingOf } from './bound.ts'
import type { SoftValue } from './evaluation.ts'
import { boltzmannPolicy } from './improvement.ts'
import { checkTables, expectNext, expectNextOfAll, sideBySide } from './mdp.ts'
import type { Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

export interface SoftSolution extends SoftValue {
  /** π*, [S·A] */
  readonly policy: Policy
  /** Backups of the whole table (Q-iteration) or improvements (policy iteration). */
  readonly iterations: number
}

/** Where iteration starts and when it stops. */
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
  const { mdp, reward } = problem
  const { initial } = options
  if (initial !== undefined && initial.length !== mdp.states) {
    throw new RangeError(
      `softQIteration: initial must have length states = ${mdp.states}, got ${initial.length}`,
    )
  }
  const bad = initial?.findIndex((v) => !Number.isFinite(v)) ?? -1
  if (initial !== undefined && bad >= 0)
    throw new RangeError(`softQIteration: initial must be finite, got ${initial[bad]} at state ${bad}`)
  return iterate('softQIteration', problem, { ...options, rewards: [reward] })[0]
}

/**
 * `softQIteration` of several rewards [S·A] at once, each a task of its own on the same process: one sweep reads every transition once
 * for all of them. The problem's own reward is not read; its measure and α hold for every task. One solution per reward, with an error
 * of its own.
 * @throws RangeError for no rewards, or one that is not a finite [S·A].
 */
export function softQIterationOfTasks(
  problem: SoftProblem,
  rewards: readonly Float64Array[],
  options: Omit<QIterationOptions, 'initial'> = {},
): readonly SoftSolution[] {
  checkTables(problem.mdp, { caller: 'softQIterationOfTasks', name: 'rewards', tables: rewards })
  return iterate('softQIterationOfTasks', problem, { ...options, rewards })
}

/** What is known of one task after a sweep. */
interface Progress {
  /** The problem with the task's reward. */
  readonly problem: SoftProblem
  readonly fixed: number
  change: number
  least: number
  rounding: number
}

function iterate(
  caller: string,
  problem: SoftProblem,
  {
    rewards,
    tolerance = 1e-10,
    maxSweeps = Infinity,
    initial,
  }: QIterationOptions & { readonly rewards: readonly Float64Array[] },
): SoftSolution[] {
  const { mdp } = problem
  if (!(tolerance > 0)) throw new RangeError(`${caller}: tolerance must be positive, got ${tolerance}`)
  if (!(maxSweeps >= 1)) throw new RangeError(`${caller}: maxSweeps must be at least 1, got ${maxSweeps}`)
  const unit = roundingOf(mdp, 1)
  const tasks = rewards.map((reward): Progress => {
    const own = { ...problem, reward }
    return { problem: own, fixed: fixedMagnitude(own), change: Infinity, least: Infinity, rounding: 0 }
  })
  const table = sideBySide(rewards)
  let values = Float64Array.from(initial ?? new Float64Array(mdp.states * tasks.length))
  let next = new Float64Array(values.length)
  let iterations = 0
  for (let going = true; going && iterations < maxSweeps;) {
    const { changes, largest } = sweep(tasks, table, { values, next })
    ;[values, next] = [next, values]
    iterations++
    going = false
    for (const [k, task] of tasks.entries()) {
      task.change = changes[k]
      task.rounding = unit * (task.fixed + 2 * largest[k])
      const hidden = task.change <= task.rounding && task.change >= task.least
      going ||= contractionBound(mdp, task.change, task.rounding) > tolerance && !hidden
      task.least = Math.min(task.least, task.change)
    }
  }
  return tasks.map((task, k) => {
    const v = Float64Array.from({ length: mdp.states }, (_, s) => values[s * tasks.length + k])
    const q = actionValues(mdp, task.problem.reward, v)
    return {
      q,
      v,
      policy: boltzmannPolicy(task.problem, q),
      iterations,
      error: contractionBound(mdp, task.change, task.rounding) + task.rounding,
    }
  })
}

/** One backup of the values [S·K] of all tasks, with rewards [S·A·K], into `next`; the largest change and entry of each. */
function sweep(
  tasks: readonly Progress[],
  rewards: Float64Array,
  { values, next }: { readonly values: Float64Array; readonly next: Float64Array },
): { changes: Float64Array; largest: Float64Array } {
  const count = tasks.length
  const { mdp } = tasks[0].problem
  const { states, actions, gamma } = mdp
  const changes = new Float64Array(count)
  const largest = new Float64Array(count)
  const expected = new Float64Array(actions * count)
  const q = new Float64Array(actions)
  const into = { value: values, values, count, out: expected }
  const expect = count === 1 ? expectNext : expectNextOfAll
  for (let s = 0, at = 0; s < states; s++) {
    const first = s * actions
    expect(mdp, s, into)
    for (let k = 0; k < count; k++, at++) {
      for (let a = 0, from = k; a < actions; a++, from += count)
        q[a] = rewards[first * count + from] + gamma * expected[from]
      const v = softMaximum(tasks[k].problem, q, first)
      next[at] = v
      changes[k] = Math.max(changes[k], Math.abs(v - values[at]))
      largest[k] = Math.max(largest[k], Math.abs(v))
    }
  }
  return { changes, largest }
}
