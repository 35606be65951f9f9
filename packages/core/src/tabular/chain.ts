/** Discounted sums along the Markov chain that a policy makes of a process. */
import { contractionBound, roundingOf, supDistance, supNorm, type Certified } from './bound.ts'
import { factor, solve } from './linear.ts'
import { contraction, eachSuccessor, expectNext, type FiniteMdp } from './mdp.ts'
import type { Policy } from './policy.ts'

/** Up to this many states the linear system is solved directly; beyond, by iteration. */
const DIRECT_STATES = 400

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
  let error = 0
  const sums = rhs.map((b) => {
    let x = factors === undefined ? new Float64Array(mdp.states) : solve(factors, b)
    for (;;) {
      const next = chainBackup({ mdp, policy }, b, x)
      const change = supDistance(next, x)
      const rounding = roundingOf(mdp, supNorm(b) + supNorm(next))
      const bound = contractionBound(mdp, change, rounding)
      x = next
      if (factors !== undefined || bound <= tolerance || change <= rounding) {
        error = Math.max(error, bound)
        return x
      }
    }
  })
  return { sums, error }
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

function chainBackup(
  { mdp, policy }: { mdp: FiniteMdp; policy: Policy },
  b: Float64Array,
  value: Float64Array,
): Float64Array {
  const { states, actions, gamma } = mdp
  const out = new Float64Array(actions)
  const next = new Float64Array(states)
  for (let s = 0; s < states; s++) {
    expectNext(mdp, s, { value, out })
    let sum = 0
    for (let a = 0; a < actions; a++) sum += policy[s * actions + a] * out[a]
    next[s] = b[s] + gamma * sum
  }
  return next
}

/**
 * d(s) = ρ₀(s) + γ·Σ d(s')·P_π(s|s'): how often each state is visited, discounted, from the start distribution ρ₀ [S]. Sums to
 * 1/(1 − γ) where nothing ends the episode. At most 400 states are solved directly, more by summing the series to 1e-16 of its sum.
 */
export function discountedVisits(mdp: FiniteMdp, policy: Policy, initial: Float64Array): DiscountedVisits {
  const visits =
    mdp.states <= DIRECT_STATES ? solveVisits(mdp, policy, initial) : sumVisits(mdp, policy, initial)
  // In the sum of absolute entries the chain contracts by c, so that the residual bounds the error.
  const flowed = visitNext(mdp, policy, visits)
  const residual = visits.reduce((sum, x, s) => sum + Math.abs(initial[s] + flowed[s] - x), 0)
  return {
    visits,
    error: (residual + roundingOf(mdp, 1 + supNorm(visits) * mdp.states)) / (1 - contraction(mdp)),
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
