/** Finite-horizon control with a lower bound on the expected entropy of every step. */
import { softValues, policyEntropy } from './backup.ts'
import type { Certified } from './bound.ts'
import { boltzmannPolicy } from './improvement.ts'
import { checkTable, expectNext, type FiniteMdp } from './mdp.ts'
import { checkPolicy, checkStateDistribution, nextStateDistribution, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

/** A problem of finite horizon with a least entropy at every step. */
export interface EntropyConstrainedProblem {
  /** γ is not read: thesis 5.1 does not discount. */
  readonly mdp: FiniteMdp
  /** r, [S·A] */
  readonly reward: Float64Array
  /** T: steps t = 0..T. */
  readonly horizon: number
  /** H̄ < log A, the least expected entropy of each step; with a default policy H̄ < 0. */
  readonly targetEntropy: number
  /** π₀, [S·A]. When given, −KL(π_t‖π₀) takes the entropy's place: the expected divergence of each step is at most −H̄. */
  readonly defaultPolicy?: Policy
}

/** What solves it: a policy and a temperature per step. */
export interface EntropyConstrainedPlan {
  /** π_t, T + 1 tables [S·A]. */
  readonly policies: readonly Policy[]
  /** α_t >= 0, [T + 1] */
  readonly alphas: Float64Array
  /** Q_t, T + 1 tables [S·A]. */
  readonly q: readonly Float64Array[]
  /** V_t(s) = E_π[Q_t] + α_t·H, T + 1 tables [S]. */
  readonly v: readonly Float64Array[]
}

export interface EntropyConstrainedSolution extends EntropyConstrainedPlan, Certified {
  /** E_ρ[H(π_t(·|s_t))] under the plan's own state distribution, [T + 1]. */
  readonly entropies: Float64Array
  /** E_π[Σ r], the plan's return. */
  readonly expectedReturn: number
  /** E[V_0] − H̄·Σ α_t: no policy that meets the constraints has a larger return. */
  readonly dual: number
  /** The most that any step's entropy falls short of the target. */
  readonly violation: number
}

/** Limits of log α. */
const COLD = -20
const HOT = 40
const STEPS = 200

/**
 * One backward sweep of thesis 5.2 to 5.7: for t = T..0
 *
 *     Q_t(s,a) = r(s,a) + E[V_{t+1}(s')]                                          (5.5)
 *     α_t = argmin_{α >= 0} E_{s~ρ_t}[V_t(s; α)] − α·H̄                            (5.7)
 *     π_t(·|s) ∝ exp(Q_t(s,·)/α_t),   V_t = α_t·log Σ exp(Q_t/α_t)
 *
 * This is approximate dynamic programming: 5.1 constrains the entropy expected under the policy's own state distribution ρ_t, which
 * the sweep, going backwards, does not know yet. The caller gives ρ_t, one [S] per step; `entropyConstrained` finds the ρ_t that the
 * plan itself brings about.
 */
export function entropyConstrainedSweep(
  problem: EntropyConstrainedProblem,
  states: readonly Float64Array[],
): EntropyConstrainedPlan {
  checkProblem('entropyConstrainedSweep', problem)
  const { horizon, targetEntropy } = problem
  if (states.length !== horizon + 1) {
    throw new RangeError(
      `entropyConstrainedSweep: states must have one distribution per step = ${horizon + 1}, got ${states.length}`,
    )
  }
  for (const state of states) checkStateDistribution(problem.mdp, state, 'entropyConstrainedSweep')
  const measured = withMeasure(problem)
  const alphas = new Float64Array(horizon + 1)
  for (let t = horizon; t >= 0; t--) {
    const { q } = backward(measured, alphas)
    alphas[t] = solveAlpha(targetEntropy, 1, (alpha) =>
      meanEntropy(measured, greedy(measured, q[t], alpha), states[t]),
    )
  }
  return backward(measured, alphas)
}

/**
 * The exact solution of thesis 5.1. The dual g(α_0..α_T) = E[V_0] − H̄·Σ α_t (5.3, 5.6 with minus before α_T·H̄; the thesis prints plus)
 * is convex in all temperatures together, ∂g/∂α_t = E_ρ[H(π_t)] − H̄ with the plan's own ρ_t, and there is no duality gap since
 * conditional entropy is concave in the visits. It is minimised by sweeping over the steps, each temperature by bisection.
 *
 * `error` bounds how far `expectedReturn` is from the optimum, by dual − expectedReturn, as far as `violation` is zero.
 * @throws RangeError when H̄ is log A or more, 0 or more with a default policy, which no finite temperature reaches.
 */
export function entropyConstrained(
  constrained: EntropyConstrainedProblem,
  initial: Float64Array,
  { tolerance = 1e-9, maxPasses = 200 }: { readonly tolerance?: number; readonly maxPasses?: number } = {},
): EntropyConstrainedSolution {
  checkProblem('entropyConstrained', constrained)
  checkStateDistribution(constrained.mdp, initial, 'entropyConstrained')
  const problem = withMeasure(constrained)
  const uniform = new Float64Array(problem.mdp.states).fill(1 / problem.mdp.states)
  const start = Array.from({ length: problem.horizon + 1 }, (_, t) => (t === 0 ? initial : uniform))
  const { alphas } = entropyConstrainedSweep(problem, start)
  let best: EntropyConstrainedSolution | undefined
  for (let pass = 0; pass < maxPasses; pass++) {
    for (let t = problem.horizon; t >= 0; t--) {
      alphas[t] = solveAlpha(problem.targetEntropy, alphas[t], (alpha) => {
        const trial = Float64Array.from(alphas)
        trial[t] = alpha
        return entropiesOf(problem, backward(problem, trial), initial)[t]
      })
    }
    const solution = assess(problem, backward(problem, alphas), initial)
    best = solution
    if (Math.abs(solution.dual - solution.expectedReturn) + solution.violation <= tolerance) break
  }
  if (best === undefined)
    throw new RangeError(`entropyConstrained: maxPasses must be at least 1, got ${maxPasses}`)
  return best
}

function checkProblem(
  caller: string,
  { mdp, reward, horizon, targetEntropy, defaultPolicy }: EntropyConstrainedProblem,
): void {
  checkTable(mdp, { caller, name: 'reward', table: reward })
  if (!(Number.isInteger(horizon) && horizon >= 0))
    throw new RangeError(`${caller}: horizon must be a non-negative integer, got ${horizon}`)
  if (defaultPolicy !== undefined) {
    checkPolicy(mdp, defaultPolicy, caller)
    if (!(targetEntropy < 0))
      throw new RangeError(
        `${caller}: targetEntropy must be below 0 beside a defaultPolicy, got ${targetEntropy}, it is minus the divergence allowed`,
      )
  }
  if (!(targetEntropy < Math.log(mdp.actions))) {
    throw new RangeError(
      `${caller}: targetEntropy must be below log(actions) = ${Math.log(mdp.actions)}, got ${targetEntropy}, the uniform policy has no more`,
    )
  }
}

/** The problem with log π₀, [S·A], beside it. */
interface Measured extends EntropyConstrainedProblem {
  readonly logMeasure?: Float64Array
}

function withMeasure(problem: EntropyConstrainedProblem): Measured {
  const { defaultPolicy } = problem
  return defaultPolicy === undefined ? problem : { ...problem, logMeasure: defaultPolicy.map(Math.log) }
}

/** The plan for given temperatures. */
function backward(problem: Measured, alphas: Float64Array): EntropyConstrainedPlan {
  const { mdp, reward, horizon } = problem
  const policies: Policy[] = []
  const q: Float64Array[] = []
  const v: Float64Array[] = []
  let next: Float64Array = new Float64Array(mdp.states)
  const out = new Float64Array(mdp.actions)
  for (let t = horizon; t >= 0; t--) {
    const table = Float64Array.from(reward)
    for (let s = 0; s < mdp.states; s++) {
      expectNext(mdp, s, { value: next, out })
      for (let a = 0; a < mdp.actions; a++) table[s * mdp.actions + a] += out[a]
    }
    const policy = greedy(problem, table, alphas[t])
    next = valuesAt(problem, table, alphas[t])
    q.unshift(table)
    v.unshift(next)
    policies.unshift(policy)
  }
  return { policies, alphas: Float64Array.from(alphas), q, v }
}

/** α·log Σ π₀·exp(Q/α), at α = 0 the largest Q. [S] */
function valuesAt(problem: Measured, q: Float64Array, alpha: number): Float64Array {
  if (alpha > 0) return softValues(softAt(problem, alpha), q)
  return Float64Array.from({ length: problem.mdp.states }, (_, s) => hardest(problem, q, s))
}

function softAt({ mdp, reward, logMeasure }: Measured, alpha: number): SoftProblem {
  return logMeasure === undefined ? { mdp, reward, alpha } : { mdp, reward, alpha, logMeasure }
}

/** The largest Q of a state, of the actions that π₀ may take. */
function hardest({ mdp, logMeasure }: Measured, q: Float64Array, state: number): number {
  let most = -Infinity
  for (let at = state * mdp.actions; at < (state + 1) * mdp.actions; at++)
    if (logMeasure === undefined || logMeasure[at] > -Infinity) most = Math.max(most, q[at])
  return most
}

/** Softmax at α; at α = 0 the best actions, each as π₀ or else uniformly. */
function greedy(problem: Measured, q: Float64Array, alpha: number): Policy {
  if (alpha > 0) return boltzmannPolicy(softAt(problem, alpha), q)
  const { mdp, logMeasure } = problem
  const policy = new Float64Array(q.length)
  for (let s = 0; s < mdp.states; s++) {
    const most = hardest(problem, q, s)
    const first = s * mdp.actions
    let sum = 0
    for (let at = first; at < first + mdp.actions; at++)
      if (q[at] === most) sum += policy[at] = Math.exp(logMeasure?.[at] ?? 0)
    for (let at = first; at < first + mdp.actions; at++) policy[at] /= sum
  }
  return policy
}

/**
 * The α at which a rising entropy reaches its target, from a guess; 0 where it is above from the start. False position with Illinois'
 * halving in log α, bisection where that stalls.
 */
function solveAlpha(target: number, guess: number, entropyAt: (alpha: number) => number): number {
  if (entropyAt(0) >= target) return 0
  const excess = (x: number): number => entropyAt(Math.exp(x)) - target
  const middle = Math.log(guess > 0 ? guess : 1)
  let [low, high] = bracket(excess, middle)
  let side = 0
  for (let i = 0; high.x - low.x > 1e-14 * Math.max(1, Math.abs(low.x)) && i < STEPS; i++) {
    const straight = low.x + ((high.x - low.x) * low.y) / (low.y - high.y)
    const x = i % 4 === 3 || !(straight > low.x && straight < high.x) ? (low.x + high.x) / 2 : straight
    const y = excess(x)
    if (Math.abs(y) < 1e-13) return Math.exp(x)
    if (y > 0) {
      high = { x, y }
      if (side === 1) low = { x: low.x, y: low.y / 2 }
      side = 1
    } else {
      low = { x, y }
      if (side === -1) high = { x: high.x, y: high.y / 2 }
      side = -1
    }
  }
  return Math.exp(high.x)
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Two points around the root of a rising function, from steps that double. */
function bracket(excess: (x: number) => number, middle: number): [Point, Point] {
  let low = { x: middle, y: excess(middle) }
  let high = low
  for (let width = 0.5; low.y > 0 && low.x > COLD; width *= 2) {
    high = low
    low = { x: low.x - width, y: excess(low.x - width) }
  }
  for (let width = 0.5; high.y < 0 && high.x < HOT; width *= 2) {
    low = high
    high = { x: high.x + width, y: excess(high.x + width) }
  }
  return [low, high]
}

function meanEntropy(problem: Measured, policy: Policy, state: Float64Array): number {
  const entropy = policyEntropy(problem, policy)
  return entropy.reduce((sum, h, s) => sum + state[s] * h, 0)
}

function entropiesOf(
  problem: Measured,
  { policies }: EntropyConstrainedPlan,
  initial: Float64Array,
): Float64Array {
  let state = initial
  return Float64Array.from(policies, (policy) => {
    const entropy = meanEntropy(problem, policy, state)
    state = nextStateDistribution(problem.mdp, policy, state)
    return entropy
  })
}

function assess(
  problem: Measured,
  plan: EntropyConstrainedPlan,
  initial: Float64Array,
): EntropyConstrainedSolution {
  const { mdp, reward, targetEntropy } = problem
  const entropies = entropiesOf(problem, plan, initial)
  let state = initial
  let expectedReturn = 0
  for (const policy of plan.policies) {
    for (let at = 0; at < policy.length; at++)
      expectedReturn += state[Math.floor(at / mdp.actions)] * policy[at] * reward[at]
    state = nextStateDistribution(mdp, policy, state)
  }
  const start = plan.v[0].reduce((sum, x, s) => sum + initial[s] * x, 0)
  const dual = start - targetEntropy * plan.alphas.reduce((sum, x) => sum + x, 0)
  const violation = entropies.reduce((most, h) => Math.max(most, targetEntropy - h), 0)
  const size = plan.v.reduce((sum, v) => sum + v.reduce((most, x) => Math.max(most, Math.abs(x)), 0), 0)
  const error = Math.max(0, dual - expectedReturn) + Number.EPSILON * (mdp.states + mdp.actions + 16) * size
  return { ...plan, entropies, expectedReturn, dual, violation, error }
}
