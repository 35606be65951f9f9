/** Galashov eqs 1 to 7, Tirumala 1 to 10, 26 to 36, thesis 7.1 to 7.4. */
import { foldIn, type Key } from '../../keys/index.ts'
import { actionValues, softValues } from '../backup.ts'
import { supDistance } from '../bound.ts'
import { expectedReward, softPolicyEvaluation, type SoftValue } from '../evaluation.ts'
import {
  latentDivergences,
  latentValues,
  marginalPolicy,
  periodicValues,
  type LatentPolicy,
  type LatentProblem,
} from '../hierarchy.ts'
import { boltzmannPolicy } from '../improvement.ts'
import { evidenceBound, logEvidence } from '../inference.ts'
import { eachSuccessor } from '../mdp.ts'
import type { Policy } from '../policy.ts'
import { softPolicyIteration } from '../policyIteration.ts'
import { softProblem, type SoftProblem } from '../problem.ts'
import { randomPolicy } from '../randomMdp.ts'
import {
  draw,
  fewStarts,
  leastExcess,
  scaleOf,
  undiscounted,
  type BrokenTerm,
  type Drawn,
  type Theorem,
  type TheoremCase,
} from './theorem.ts'

function drawWithDefault(sample: TheoremCase): Drawn & { readonly defaultPolicy: Policy } {
  const { mdp, at } = draw(sample)
  const defaultPolicy = randomPolicy(foldIn(at, 'default'), mdp)
  return { mdp, at, defaultPolicy, problem: softProblem({ mdp, alpha: sample.alpha, defaultPolicy }) }
}

const klImprovement: Theorem = {
  id: 'Galashov 3, 4',
  claim: 'q ∝ π₀·exp(Q^π/α) improves every policy of the KL-regularised problem',
  broken: ['gamma dropped', 'alpha dropped', 'default policy dropped', 'sign flipped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = drawWithDefault(sample)
    const step = ({ q, v }: SoftValue): Policy => {
      if (broken === 'gamma dropped') return boltzmannPolicy(problem, undiscounted(problem, v))
      if (broken === 'default policy dropped')
        return boltzmannPolicy({ mdp, reward: problem.reward, alpha: problem.alpha }, q)
      if (broken === 'alpha dropped') return boltzmannPolicy({ ...problem, alpha: 1 }, q)
      return boltzmannPolicy(problem, broken === 'sign flipped' ? q.map((x) => -x) : q)
    }
    const slacks = [randomPolicy(foldIn(at, 'policy'), mdp), softPolicyIteration(problem).policy].map(
      (policy) => {
        const before = softPolicyEvaluation(problem, policy)
        return leastExcess(softPolicyEvaluation(problem, step(before)).q, before.q) / scaleOf(before.q)
      },
    )
    return Math.min(...slacks)
  },
}

const klOptimum: Theorem = {
  id: 'Tirumala 2 to 4',
  claim: 'π* = π₀·exp((Q* − V*)/α), V* = α·log Σ π₀·exp(Q*/α), has the value V*, and no policy has more',
  broken: ['gamma dropped', 'alpha dropped', 'default policy dropped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = drawWithDefault(sample)
    const optimum = softPolicyIteration(problem)
    const bare = { mdp, reward: problem.reward, alpha: problem.alpha }
    const used =
      broken === 'default policy dropped'
        ? bare
        : broken === 'alpha dropped'
          ? { ...problem, alpha: 1 }
          : problem
    const own = softPolicyEvaluation(
      problem,
      boltzmannPolicy(used, broken === 'gamma dropped' ? undiscounted(problem, optimum.v) : optimum.q),
    )
    const other = softPolicyEvaluation(problem, randomPolicy(foldIn(at, 'policy'), mdp))
    return (
      Math.min(-supDistance(softValues(problem, own.q), own.v), leastExcess(optimum.v, other.v)) /
      scaleOf(optimum.v, other.v)
    )
  },
}

/** log of the binomial probabilities of n = 0..count successes. */
function logBinomial(count: number, p: number): Float64Array {
  const logs = new Float64Array(count + 1)
  let choose = 0
  for (let n = 0; n <= count; n++) {
    logs[n] = choose + n * Math.log(p) + (count - n) * Math.log1p(-p)
    choose += Math.log((count - n) / (n + 1))
  }
  return logs
}

/** α·log(x·exp(a/α) + (1 − x)·exp(b/α)). */
function mixed(x: number, [a, b]: readonly [number, number], alpha: number): number {
  const most = Math.max(x > 0 ? a : -Infinity, x < 1 ? b : -Infinity)
  return most + alpha * Math.log(x * Math.exp((a - most) / alpha) + (1 - x) * Math.exp((b - most) / alpha))
}

/** In float64, by counting; `sampledPolicy` itself is held to the same claim in its own test. */
const sampledBackup: Theorem = {
  id: 'Galashov 7, corrected',
  claim:
    'E[α·log mean_k exp(Q_k/α)], a_k ~ π₀, rises with K to V* and is low by at most α·Var(w)/(2K·min w²) (1/K where π₀(a_k) is printed)',
  broken: ['alpha dropped', 'as printed'],
  range: 'two actions, K = 1 to 256',
  slack: (sample, broken) => {
    // Two actions: the number of the first among K samples is binomial, and the expectation an exact sum.
    const { problem, defaultPolicy } = drawWithDefault({ ...sample, actions: 2 })
    const { alpha } = problem
    const q = [problem.reward[0], problem.reward[1]] as const
    const p = defaultPolicy[0]
    const estimate = (n: number, count: number): number => {
      if (broken === 'alpha dropped') return mixed(n / count, q, 1)
      if (broken !== 'as printed') return mixed(n / count, q, alpha)
      // Σ_k q̂_k·(Q_k − α·log(q̂_k/π₀(a_k))) = α·log Σ_k exp(Q_k/α) + α·E_q̂[log π₀]
      const total = mixed(n / count, q, alpha)
      const first = n === 0 ? 0 : (n / count) * Math.exp((q[0] - total) / alpha)
      return total + alpha * Math.log(count) + alpha * (first * Math.log(p) + (1 - first) * Math.log(1 - p))
    }
    const exact = mixed(p, q, alpha)
    const ratio = Math.abs(q[0] - q[1]) / alpha
    // Var(w)/min(w)², of weights 1 and exp(ratio).
    const spread = p * (1 - p) * Math.expm1(ratio) ** 2
    let before = -Infinity
    let least = Infinity
    for (const count of [1, 2, 4, 16, 64, 256]) {
      const logs = logBinomial(count, p)
      let mean = 0
      for (let n = 0; n <= count; n++) mean += Math.exp(logs[n]) * estimate(n, count)
      least = Math.min(least, exact - mean, mean - before, mean - exact + (alpha * spread) / (2 * count))
      before = mean
    }
    return least / (1 + Math.abs(exact))
  },
}

/** Two to four latents, with a low level that is nearly deterministic and, on every other sample, shared. */
function drawLatent(sample: TheoremCase): LatentProblem & { readonly at: Key } {
  const { mdp, at, problem } = draw(sample)
  const latents = 2 + (sample.seed % 3)
  const level = (name: string, sharpness: number): Float64Array =>
    randomPolicy(foldIn(at, name), { states: mdp.states, actions: latents }, sharpness)
  const low = (name: string): Float64Array =>
    randomPolicy(foldIn(at, name), { states: mdp.states * latents, actions: mdp.actions }, 12)
  const agent: LatentPolicy = { latents, high: level('high', 4), low: low('low') }
  const shared = Math.floor(sample.seed / 4) % 2 === 0
  const prior: LatentPolicy = {
    latents,
    high: level('default high', 4),
    low: shared ? agent.low : low('default low'),
  }
  return { mdp, at, reward: problem.reward, alpha: sample.alpha, agent, prior }
}

const latentBound: Theorem = {
  id: 'Tirumala 6',
  claim: 'KL(a|x) <= KL(z|x) + E[KL(a|z,x)]',
  broken: ['divergence halved', 'divergence dropped'],
  slack: (sample, broken) => {
    const { mdp, agent, prior } = drawLatent(sample)
    const { marginal, high, low } = latentDivergences(mdp, agent, prior)
    const part = highShare(broken)
    const bound = high.map((x, s) => part * x + low[s])
    return leastExcess(bound, marginal) / scaleOf(bound, marginal)
  },
}

/** How much of the high level's divergence a broken bound keeps. */
function highShare(broken: BrokenTerm | undefined): number {
  return broken === 'divergence halved' ? 0.5 : broken === 'divergence dropped' ? 0 : 1
}

/** The bound with a share of the high level's divergence, which enters it linearly. */
function withShare(whole: number, without: number, share: number): number {
  return share * whole + (1 - share) * without
}

const latentObjective: Theorem = {
  id: 'Tirumala 9, 10',
  claim:
    'the objective with both levels’ divergences is a lower bound on the one with marginal divergences, from every state',
  broken: ['gamma dropped', 'alpha dropped', 'divergence halved', 'divergence dropped', 'sign flipped'],
  slack: (sample, broken) => {
    const problem = drawLatent(sample)
    const { flat, bound: whole } = latentValues(problem)
    if (broken === 'gamma dropped') {
      // The next value of the bound at full weight, r − α·(both divergences) + E[V(s')].
      const { mdp, agent } = problem
      const next = actionValues({ ...mdp, gamma: 1 }, new Float64Array(problem.reward.length), whole)
      const ahead = expectedReward(mdp, marginalPolicy(mdp, agent), next)
      const lower = whole.map((x, s) => x + (1 - mdp.gamma) * ahead[s])
      return leastExcess(flat, lower) / scaleOf(flat, lower)
    }
    const counted = broken === 'alpha dropped' ? { ...problem, alpha: 1 } : problem
    const { bound } = latentValues(counted)
    const without = latentValues({ ...problem, prior: { ...problem.prior, high: problem.agent.high } }).bound
    const share = broken === 'sign flipped' ? -1 : highShare(broken)
    const lower = bound.map((x, s) => withShare(x, without[s], share))
    return leastExcess(flat, lower) / scaleOf(flat, lower)
  },
}

const periodicObjective: Theorem = {
  id: 'Tirumala 27, 36',
  claim:
    'the same with latents held for p steps, discounts and policies over histories (1_p(t): (t − 1) mod p = 0, printed t mod p = 1)',
  broken: ['gamma dropped', 'alpha dropped', 'divergence halved', 'as printed'],
  range: 'T = 3, p = 1 to 3, from at most two states',
  slack: (sample, broken) => {
    const problem = drawLatent(sample)
    const period = 1 + (Math.floor(sample.seed / 8) % 3)
    const initial = fewStarts(foldIn(problem.at, 'initial'), problem.mdp.states)
    const options = { period, horizon: 3, initial }
    const whole = periodicValues(problem, options)
    const { flat, error } = whole
    const bounded =
      broken === 'alpha dropped'
        ? { ...problem, alpha: 1 }
        : broken === 'gamma dropped'
          ? { ...problem, mdp: { ...problem.mdp, gamma: 1 } }
          : problem
    const { bound } = broken === undefined ? whole : periodicValues(bounded, options)
    const unpaid = { ...problem, prior: { ...problem.prior, high: problem.agent.high } }
    const without = broken === undefined ? bound : periodicValues(unpaid, options).bound
    // t mod p = 1 is never true for p = 1: the high level's divergence is then not counted at all.
    const share = broken === 'as printed' ? (period === 1 ? 0 : 1) : highShare(broken)
    return (flat - withShare(bound, without, share) + error) / (1 + Math.abs(flat))
  },
}

interface TrajectoryOptions {
  readonly policy: Policy
  readonly prior: Policy
  readonly initial: Float64Array
  /** Steps t = 0..horizon. */
  readonly horizon: number
}

/** Σ_τ q(τ)·log(q(τ)/p(O,τ)) over all trajectories. */
function trajectoryDivergence(
  { mdp, reward, alpha }: SoftProblem,
  { policy, prior, initial, horizon }: TrajectoryOptions,
): number {
  let divergence = 0
  const visit = (
    t: number,
    state: number,
    { chance, log }: { readonly chance: number; readonly log: number },
  ): void => {
    for (let row = state * mdp.actions; row < (state + 1) * mdp.actions; row++) {
      const taken = {
        chance: chance * policy[row],
        log: log + Math.log(policy[row]) - Math.log(prior[row]) - reward[row] / alpha,
      }
      if (t === horizon) divergence += taken.chance * taken.log
      else
        eachSuccessor(mdp, row, (next, p) => visit(t + 1, next, { chance: taken.chance * p, log: taken.log }))
    }
  }
  for (const [state, chance] of initial.entries()) if (chance > 0) visit(0, state, { chance, log: 0 })
  return divergence
}

const evidence: Theorem = {
  id: 'Thesis 7.1 to 7.4',
  claim: 'log p(O) >= −KL(q‖p(O,τ)) = E[Σ r − α·KL(π‖p)]/α (minus, where 7.4 prints plus)',
  broken: ['sign flipped', 'alpha dropped', 'divergence halved'],
  range: 'horizon 0 to 3, from at most two states',
  slack: (sample, broken) => {
    const { problem, mdp, at, defaultPolicy } = drawWithDefault(sample)
    const policy = randomPolicy(foldIn(at, 'policy'), mdp)
    const initial = fewStarts(foldIn(at, 'initial'), mdp.states)
    const horizon = Math.floor(sample.seed / 8) % 4
    const options = { horizon, initial }
    const { objective } = evidenceBound(problem, policy, options)
    const rewards = evidenceBound(
      softProblem({ mdp, alpha: sample.alpha, defaultPolicy: policy }),
      policy,
      options,
    ).objective
    const divergence = (rewards - objective) * brokenFactor(sample.alpha, broken)
    const elbo = (rewards - divergence) / sample.alpha
    const scale = 1 + Math.abs(elbo)
    const identity = -Math.abs(
      elbo + trajectoryDivergence(problem, { policy, prior: defaultPolicy, initial, horizon }),
    )
    return Math.min(identity, logEvidence(problem, options).value - elbo) / scale
  },
}

function brokenFactor(alpha: number, broken: BrokenTerm | undefined): number {
  if (broken === 'sign flipped') return -1
  if (broken === 'alpha dropped') return 1 / alpha
  return broken === 'divergence halved' ? 0.5 : 1
}

/** The maximum-entropy objective is the KL-regularised one with a uniform default policy, up to α·log A a step. */
const uniformDefault: Theorem = {
  id: 'Galashov 3, uniform π₀',
  claim: 'under a uniform default policy V* is the maximum-entropy V* less α·log A/(1 − γ)',
  broken: ['alpha dropped', 'gamma dropped'],
  slack: (sample, broken) => {
    const { mdp } = draw(sample)
    const uniform = new Float64Array(mdp.states * mdp.actions).fill(1 / mdp.actions)
    const kl = softPolicyIteration(softProblem({ mdp, alpha: sample.alpha, defaultPolicy: uniform }))
    const entropy = softPolicyIteration(softProblem({ mdp, alpha: sample.alpha }))
    const alpha = broken === 'alpha dropped' ? 1 : sample.alpha
    const shift = (alpha * Math.log(mdp.actions)) / (broken === 'gamma dropped' ? 1 : 1 - sample.gamma)
    return (
      -supDistance(
        kl.v,
        entropy.v.map((x) => x - shift),
      ) / scaleOf(entropy.v)
    )
  },
}

export const klRegularisedTheorems: readonly Theorem[] = [
  klImprovement,
  klOptimum,
  uniformDefault,
  sampledBackup,
  latentBound,
  latentObjective,
  periodicObjective,
  evidence,
]
