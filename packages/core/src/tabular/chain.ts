/** Discounted sums along the Markov chain that a policy makes of a process. */
import { contractionBound, residualBound, roundingOf, supDistance, supNorm, type Certified } from './bound.ts'
import { factor, solve } from './linear.ts'
import { eachSuccessor, expectNextOfAll, sideBySide, type FiniteMdp } from './mdp.ts'
import { checkPolicy, checkStateDistribution, type Policy } from './policy.ts'

/** Up to this many states the linear system is solved directly; beyond, by iteration. */
const DIRECT_STATES = 400

/** How exactly discounted sums are computed. */
export interface ChainOptions {
  /** Iterate until the bound is below this, or rounding hides further progress. Default 1e-10. */
  readonly tolerance?: number
}

export interface DiscountedSums extends Certified {
  /** One [S] per right-hand side. */
  readonly sums: readonly Float64Array[]
}

/**
 * x(s) = b(s) + γ·E_π[x(s')] for several right-hand sides b [S] at once: the discounted sum of b along the policy's trajectories.
 */
export function discountedSums(
  { mdp, policy, tolerance = 1e-10 }: { readonly mdp: FiniteMdp; readonly policy: Policy } & ChainOptions,
  rhs: readonly Float64Array[],
): DiscountedSums {
  const factors = mdp.states <= DIRECT_STATES ? factor(chainMatrix(mdp, policy), mdp.states) : undefined
  let sums = rhs.map((b) => (factors === undefined ? new Float64Array(mdp.states) : solve(factors, b)))
  const unit = roundingOf(mdp, 1)
  const sizes = rhs.map(supNorm)
  for (;;) {
    const next = chainBackup({ mdp, policy }, rhs, sums)
    const progress = next.map((x, k) => {
      const change = supDistance(x, sums[k])
      const rounding = unit * (sizes[k] + supNorm(x))
      return { bound: contractionBound(mdp, change, rounding), hidden: change <= rounding }
    })
    sums = next
    if (factors !== undefined || progress.every(({ bound, hidden }) => bound <= tolerance || hidden))
      return { sums, error: Math.max(0, ...progress.map(({ bound }) => bound)) }
  }
}

/** I − γ·P_π, [S·S]. */
function chainMatrix(mdp: FiniteMdp, policy: Policy): Float64Array {
  const { states, actions, gamma, transitions, discount } = mdp
  const matrix = new Float64Array(states * states)
  for (let s = 0; s < states; s++) {
    for (let row = s * actions; row < (s + 1) * actions; row++) {
      const weight = -gamma * policy[row]
      if (weight === 0) continue
      if (transitions.kind === 'dense') {
        const scaled = discount === undefined ? weight : weight * discount[row]
        for (let next = 0; next < states; next++)
          matrix[s * states + next] += scaled * transitions.probability[row * states + next]
      } else {
        eachSuccessor(mdp, row, (next, probability) => {
          matrix[s * states + next] += weight * probability
        })
      }
    }
    matrix[s * states + s] += 1
  }
  return matrix
}

/** b + γ·P_π·x for every right-hand side b and its x, the transitions read once for all. */
function chainBackup(
  { mdp, policy }: { mdp: FiniteMdp; policy: Policy },
  rhs: readonly Float64Array[],
  values: readonly Float64Array[],
): Float64Array[] {
  const { states, actions, gamma } = mdp
  const count = rhs.length
  const out = new Float64Array(actions * count)
  const into = { values: sideBySide(values), count, out }
  const next = rhs.map((b) => Float64Array.from(b))
  for (let s = 0; s < states; s++) {
    expectNextOfAll(mdp, s, into)
    for (let k = 0; k < count; k++)
      for (let a = 0; a < actions; a++) next[k][s] += gamma * policy[s * actions + a] * out[a * count + k]
  }
  return next
}

/**
 * d(s) = ρ₀(s) + γ·Σ d(s')·P_π(s|s'): how often each state is visited, discounted, from the start distribution ρ₀ [S]. Sums to
 * 1/(1 − γ) where nothing ends the episode. At most 400 states are solved directly, more by summing the series to 1e-16 of its sum.
 */
export function discountedVisits(mdp: FiniteMdp, policy: Policy, initial: Float64Array): DiscountedVisits {
  checkPolicy(mdp, policy, 'discountedVisits')
  checkStateDistribution(mdp, initial, 'discountedVisits')
  const visits =
    mdp.states <= DIRECT_STATES ? solveVisits(mdp, policy, initial) : sumVisits(mdp, policy, initial)
  // In the sum of absolute entries the chain contracts by c, so that the residual bounds the error.
  const flowed = visitNext(mdp, policy, visits)
  const residual = visits.reduce((sum, x, s) => sum + Math.abs(initial[s] + flowed[s] - x), 0)
  return {
    visits,
    error: residualBound(mdp, residual + roundingOf(mdp, 1 + supNorm(visits) * mdp.states)),
  }
}

export interface DiscountedVisits extends Certified {
  /** [S] */
  readonly visits: Float64Array
}

function solveVisits(mdp: FiniteMdp, policy: Policy, initial: Float64Array): Float64Array {
  const { states } = mdp
  const matrix = chainMatrix(mdp, policy)
  const transposed = new Float64Array(matrix.length)
  for (let i = 0; i < states; i++)
    for (let j = 0; j < states; j++) transposed[j * states + i] = matrix[i * states + j]
  return solve(factor(transposed, states), initial)
}

function sumVisits(mdp: FiniteMdp, policy: Policy, initial: Float64Array): Float64Array {
  const visits = new Float64Array(mdp.states)
  let weighted = initial
  for (let mass = 1; mass > 1e-16 * (1 - mdp.gamma);) {
    for (let s = 0; s < mdp.states; s++) visits[s] += weighted[s]
    weighted = visitNext(mdp, policy, weighted)
    mass = weighted.reduce((sum, x) => sum + x, 0)
  }
  return visits
}

function visitNext(mdp: FiniteMdp, policy: Policy, visits: Float64Array): Float64Array {
  const next = new Float64Array(mdp.states)
  for (let row = 0; row < policy.length; row++) {
    const weight = mdp.gamma * visits[Math.floor(row / mdp.actions)] * policy[row]
    if (weight === 0) continue
    eachSuccessor(mdp, row, (to, probability) => {
      next[to] += weight * probability
    })
  }
  return next
}
