/** Bounds for KL-regularised policies with a latent variable, on small models where both sides can be computed. */
import { supNorm, type Certified } from './bound.ts'
import { discountedSums } from './chain.ts'
import { klDivergence } from './divergence.ts'
import { expectedReward } from './evaluation.ts'
import { eachSuccessor, type FiniteMdp } from './mdp.ts'
import { checkStateDistribution, type Policy } from './policy.ts'

/** π(a,z|s) = π^H(z|s)·π^L(a|z,s), Tirumala section 3. */
export interface LatentPolicy {
  /** Z */
  readonly latents: number
  /** π^H, [S·Z] */
  readonly high: Float64Array
  /** π^L, [S·Z·A] */
  readonly low: Float64Array
}

/** @throws RangeError when a row of either level is no distribution. */
export function latentPolicy(mdp: FiniteMdp, policy: LatentPolicy): LatentPolicy {
  const { latents, high, low } = policy
  checkRows({ name: 'high', table: high, rows: mdp.states, width: latents })
  checkRows({ name: 'low', table: low, rows: mdp.states * latents, width: mdp.actions })
  return policy
}

/** The latents of both must be the same: KL(z|s) compares them. */
function checkPair(
  mdp: FiniteMdp,
  caller: string,
  { agent, prior }: { readonly agent: LatentPolicy; readonly prior: LatentPolicy },
): void {
  for (const policy of [agent, prior]) latentPolicy(mdp, policy)
  if (agent.latents !== prior.latents)
    throw new RangeError(
      `${caller}: prior must have the agent's ${agent.latents} latents, got ${prior.latents}`,
    )
}

function checkRows({
  name,
  table,
  rows,
  width,
}: {
  name: string
  table: Float64Array
  rows: number
  width: number
}): void {
  for (let row = 0; row < rows; row++) {
    const slice = table.subarray(row * width, (row + 1) * width)
    const sum = slice.reduce((total, p) => total + p, 0)
    if (table.length !== rows * width || slice.some((p) => p < 0) || !(Math.abs(sum - 1) <= 1e-9)) {
      throw new RangeError(
        `latentPolicy: ${name} must be ${rows} distributions of ${width}, got ${table.length} entries and the sum ${sum} in row ${row}`,
      )
    }
  }
}

/** π(a|s) = Σ_z π^H(z|s)·π^L(a|z,s). [S·A] */
export function marginalPolicy(mdp: FiniteMdp, { latents, high, low }: LatentPolicy): Policy {
  const policy = new Float64Array(mdp.states * mdp.actions)
  for (let s = 0; s < mdp.states; s++) {
    for (let z = 0; z < latents; z++) {
      const at = s * latents + z
      for (let a = 0; a < mdp.actions; a++)
        policy[s * mdp.actions + a] += high[at] * low[at * mdp.actions + a]
    }
  }
  return policy
}

/** The three divergences of {@link latentDivergences}, state by state. */
export interface LatentDivergences {
  /** KL(a|s) of the marginal policies, [S]. */
  readonly marginal: Float64Array
  /** KL(z|s), [S]; Tirumala 7. */
  readonly high: Float64Array
  /** E_π(z|s)[KL(a|z,s)], [S]; Tirumala 8. */
  readonly low: Float64Array
}

/** The three divergences of Tirumala 6: marginal <= high + low in every state, as both sides share the latent's meaning. */
export function latentDivergences(
  mdp: FiniteMdp,
  agent: LatentPolicy,
  prior: LatentPolicy,
): LatentDivergences {
  checkPair(mdp, 'latentDivergences', { agent, prior })
  const { states, actions } = mdp
  const { latents } = agent
  const flat = marginalPolicy(mdp, agent)
  const flatPrior = marginalPolicy(mdp, prior)
  const marginal = new Float64Array(states)
  const high = new Float64Array(states)
  const low = new Float64Array(states)
  for (let s = 0; s < states; s++) {
    marginal[s] = klDivergence(row(flat, s, actions), row(flatPrior, s, actions))
    high[s] = klDivergence(row(agent.high, s, latents), row(prior.high, s, latents))
    for (let z = 0; z < latents; z++) {
      const weight = agent.high[s * latents + z]
      if (weight > 0)
        low[s] +=
          weight *
          klDivergence(row(agent.low, s * latents + z, actions), row(prior.low, s * latents + z, actions))
    }
  }
  return { marginal, high, low }
}

function row(table: Float64Array, index: number, width: number): Float64Array {
  return table.subarray(index * width, (index + 1) * width)
}

/** One task for policies with latents. */
export interface LatentProblem {
  /** The process. */
  readonly mdp: FiniteMdp
  /** [S·A] */
  readonly reward: Float64Array
  /** α, the weight of the divergence. */
  readonly alpha: number
  /** The policy that acts. */
  readonly agent: LatentPolicy
  /** The policy that it is kept close to. */
  readonly prior: LatentPolicy
}

export interface LatentValues extends Certified {
  /** Of the KL-regularised objective with marginal divergences, Tirumala 1, from each state. [S] */
  readonly flat: Float64Array
  /** Of the lower bound with the divergences of both levels, Tirumala 9; with a shared low level it is 10. [S] */
  readonly bound: Float64Array
}

/** Tirumala 1 and 9 for a latent drawn at every step, exactly, with discounts counted from γ⁰ at the first step. */
export function latentValues({ mdp, reward, alpha, agent, prior }: LatentProblem): LatentValues {
  const policy = marginalPolicy(mdp, agent)
  const { marginal, high, low } = latentDivergences(mdp, agent, prior)
  const mean = expectedReward(mdp, policy, reward)
  const { sums, error } = discountedSums({ mdp, policy }, [
    mean.map((r, s) => r - alpha * marginal[s]),
    mean.map((r, s) => r - alpha * (high[s] + low[s])),
  ])
  return { flat: sums[0], bound: sums[1], error }
}

/** How often the latent is drawn anew, and which histories are counted. */
export interface PeriodicOptions {
  /** p: the latent is drawn at steps 1, 1 + p, 1 + 2p, ... */
  readonly period: number
  /** Steps t = 1..T. The histories number S·(A·successors)^(T−1). */
  readonly horizon: number
  /** p(s₁), [S] */
  readonly initial: Float64Array
}

export interface PeriodicValues extends Certified {
  /** E_τ[Σ γᵗ r − αγᵗ KL(a_t|x_t)], the left side of Tirumala 27, policies conditioned on the whole history. */
  readonly flat: number
  /** E_η[Σ γᵗ r − αγᵗ 1_p(t) KL(z_t|x_t) − αγᵗ KL(a_t|z_p(t),x_t)], its right side. */
  readonly bound: number
}

/**
 * Both sides of Tirumala 27 (= 36) for a latent held over p steps, by summing over all histories of a finite horizon. The marginal
 * policies need the whole history, since the actions since the last draw tell about the latent: with b(z) the belief filtered from
 * those actions, π(a|x) = Σ_z b(z)·π^L(a|z,s), and the same for the prior with its own belief. 1_p(t) is (t − 1) mod p = 0: the printed
 * t mod p = 1 never holds for p = 1.
 */
export function periodicValues(problem: LatentProblem, options: PeriodicOptions): PeriodicValues {
  const { mdp, alpha } = problem
  const { period, horizon, initial } = options
  if (!(Number.isInteger(period) && period >= 1 && Number.isInteger(horizon) && horizon >= 1)) {
    throw new RangeError(
      `periodicValues: period and horizon must be positive integers, got ${period} and ${horizon}`,
    )
  }
  checkStateDistribution(mdp, initial, 'periodicValues')
  checkPair(mdp, 'periodicValues', problem)
  const total = { reward: 0, flat: 0, bound: 0, magnitude: 0, terms: 0 }
  const visit = ({ step, state, probability, belief, priorBelief }: History): void => {
    const drawn = (step - 1) % period === 0
    const mine = drawn ? row(problem.agent.high, state, problem.agent.latents) : belief
    const theirs = drawn ? row(problem.prior.high, state, problem.prior.latents) : priorBelief
    const weight = probability * mdp.gamma ** step
    const policy = mixLow(mdp, { policy: problem.agent, state, belief: mine })
    const prior = mixLow(mdp, { policy: problem.prior, state, belief: theirs })
    const marginal = klDivergence(policy, prior)
    const levels = (drawn ? klDivergence(mine, theirs) : 0) + lowDivergence(problem, state, mine)
    total.flat += weight * marginal
    total.bound += weight * levels
    total.magnitude += weight * (supNorm(problem.reward) + alpha * (marginal + levels))
    total.terms++
    for (let a = 0; a < mdp.actions; a++) {
      if (policy[a] === 0) continue
      total.reward += weight * policy[a] * problem.reward[state * mdp.actions + a]
      if (step === horizon) continue
      const filtered = filter(mdp, { policy: problem.agent, state, belief: mine }, a)
      const priorFiltered = filter(mdp, { policy: problem.prior, state, belief: theirs }, a)
      eachSuccessor(mdp, state * mdp.actions + a, (next, p) => {
        visit({
          step: step + 1,
          state: next,
          probability: probability * policy[a] * p,
          belief: filtered,
          priorBelief: priorFiltered,
        })
      })
    }
  }
  for (let state = 0; state < mdp.states; state++) {
    if (initial[state] === 0) continue
    const none = new Float64Array(0)
    visit({ step: 1, state, probability: initial[state], belief: none, priorBelief: none })
  }
  return {
    flat: total.reward - alpha * total.flat,
    bound: total.reward - alpha * total.bound,
    error: Number.EPSILON * (16 + mdp.actions + total.terms) * total.magnitude,
  }
}

interface History {
  readonly step: number
  readonly state: number
  readonly probability: number
  /** P(z | history) under the agent, before the action of this step; unused at a draw. */
  readonly belief: Float64Array
  readonly priorBelief: Float64Array
}

interface Believer {
  readonly policy: LatentPolicy
  readonly state: number
  readonly belief: Float64Array
}

/** Σ_z b(z)·π^L(a|z,s). [A] */
function mixLow(mdp: FiniteMdp, { policy: { latents, low }, state, belief }: Believer): Float64Array {
  const mixed = new Float64Array(mdp.actions)
  for (let z = 0; z < latents; z++) {
    for (let a = 0; a < mdp.actions; a++) mixed[a] += belief[z] * low[(state * latents + z) * mdp.actions + a]
  }
  return mixed
}

/** P(z | history, a) ∝ b(z)·π^L(a|z,s). [Z] */
function filter(
  mdp: FiniteMdp,
  { policy: { latents, low }, state, belief }: Believer,
  action: number,
): Float64Array {
  const filtered = belief.map((b, z) => b * low[(state * latents + z) * mdp.actions + action])
  const sum = filtered.reduce((total, x) => total + x, 0)
  return sum > 0 ? filtered.map((x) => x / sum) : belief
}

/** Σ_z b(z)·KL(π^L(·|z,s) ‖ π₀^L(·|z,s)). */
function lowDivergence({ mdp, agent, prior }: LatentProblem, state: number, belief: Float64Array): number {
  let sum = 0
  for (let z = 0; z < agent.latents; z++) {
    const at = state * agent.latents + z
    if (belief[z] > 0)
      sum += belief[z] * klDivergence(row(agent.low, at, mdp.actions), row(prior.low, at, mdp.actions))
  }
  return sum
}
