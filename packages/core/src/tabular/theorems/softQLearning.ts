/** Thesis chapter 3 and appendices A, B.1, B.2. */
import { foldIn } from '../../keys/index.ts'
import { actionValues, policyEntropy, policyValues, softBackup, softValues } from '../backup.ts'
import { supDistance } from '../bound.ts'
import { discountedVisits } from '../chain.ts'
import { klDivergence } from '../divergence.ts'
import { discountedObjective } from '../discountedObjective.ts'
import { expectedReward, softPolicyEvaluation, type SoftValue } from '../evaluation.ts'
import { boltzmannPolicy } from '../improvement.ts'
import type { FiniteMdp } from '../mdp.ts'
import { nextStateDistribution, type Policy } from '../policy.ts'
import { policyGradient } from '../policyGradient.ts'
import { softPolicyIteration } from '../policyIteration.ts'
import type { SoftProblem } from '../problem.ts'
import { randomPolicy } from '../randomMdp.ts'
import {
  draw,
  leastExcess,
  randomTable,
  scaleOf,
  undiscounted,
  withGamma,
  type BrokenTerm,
  type Theorem,
} from './theorem.ts'

/** π ∝ exp(Q/α), or a broken form of it. */
function greedyFor(problem: SoftProblem, { q, v }: SoftValue, broken: BrokenTerm | undefined): Policy {
  if (broken === 'gamma dropped') return boltzmannPolicy(problem, undiscounted(problem, v))
  return boltzmannPolicy(
    broken === 'alpha dropped' ? { ...problem, alpha: 1 } : problem,
    broken === 'max and min swapped' ? q.map((x) => -x) : q,
  )
}

const optimalPolicy: Theorem = {
  id: 'Thesis lemma 1',
  claim: 'π* = exp((Q* − V*)/α) has the values Q*, V* and no policy has more (3.2 to 3.4)',
  broken: ['gamma dropped', 'alpha dropped', 'max and min swapped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const optimum = softPolicyIteration(problem)
    const policy = greedyFor(problem, optimum, broken)
    const own = softPolicyEvaluation(problem, policy)
    const other = softPolicyEvaluation(problem, randomPolicy(foldIn(at, 'policy'), mdp))
    const v = softValues(problem, own.q)
    return (
      Math.min(-supDistance(own.v, v), leastExcess(optimum.q, other.q), leastExcess(v, other.v)) /
      scaleOf(optimum.v, other.v)
    )
  },
}

/**
 * Σ_{l>=0} γˡ·P_πˡ·b to a remainder of at most `tail`, [S]. As printed, thesis 3.2 and A.1 keep the index t under the sum.
 */
function series(problem: SoftProblem, policy: Policy, b: Float64Array): { sum: Float64Array; tail: number } {
  const { mdp } = problem
  const once = { ...mdp, gamma: 1 }
  const none = new Float64Array(mdp.states * mdp.actions)
  let term = b
  const sum = Float64Array.from(b)
  const most = b.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
  let power = 1
  while (power > 1e-11 && power > 0) {
    power *= mdp.gamma
    term = expectedReward(mdp, policy, actionValues(once, none, term))
    for (let s = 0; s < sum.length; s++) sum[s] += power * term[s]
  }
  return { sum, tail: mdp.gamma === 0 ? 0 : (power * mdp.gamma * most) / (1 - mdp.gamma) }
}

const softBellman: Theorem = {
  id: 'Thesis lemma 2',
  claim: 'Q*, summed as in 3.2 (with r at t + l, where r at t + 1 is printed), satisfies 3.5',
  broken: ['gamma dropped', 'alpha dropped', 'as printed'],
  slack: (sample, broken) => {
    const { problem, mdp } = draw(sample)
    const { policy } = softPolicyIteration(problem)
    const entropy = policyEntropy(problem, policy)
    const alpha = broken === 'alpha dropped' ? 1 : problem.alpha
    const mean = expectedReward(mdp, policy, problem.reward)
    const rewards = series(problem, policy, mean)
    const entropies = series(
      problem,
      policy,
      entropy.map((h) => alpha * h),
    )
    const sum = broken === 'as printed' ? mean.map((r) => r / (1 - mdp.gamma)) : rewards.sum
    const q = actionValues(
      mdp,
      problem.reward,
      sum.map((x, s) => x + entropies.sum[s]),
    )
    const backedUp = softBackup(broken === 'gamma dropped' ? withGamma(problem, 1) : problem, q)
    return (2 * (rewards.tail + entropies.tail) - supDistance(q, backedUp)) / scaleOf(q)
  },
}

/** The soft backup with −α·log Σ exp(−Q/α), a soft minimum. */
function softestBackup(problem: SoftProblem, q: Float64Array): Float64Array {
  const least = softValues(
    problem,
    q.map((x) => -x),
  )
  return actionValues(
    problem.mdp,
    problem.reward,
    least.map((v) => -v),
  )
}

const qIteration: Theorem = {
  id: 'Thesis theorem 1',
  claim: 'soft Q-iteration (3.6, 3.7) converges: ‖Q_k − Q*‖ <= γᵏ·‖Q_0 − Q*‖',
  broken: ['gamma dropped', 'alpha dropped', 'max and min swapped'],
  slack: (sample, broken) => {
    const { problem, at } = draw(sample)
    const optimum = softPolicyIteration(problem)
    const operator =
      broken === 'gamma dropped'
        ? withGamma(problem, 1)
        : broken === 'alpha dropped'
          ? { ...problem, alpha: 1 }
          : problem
    let q = randomTable(foldIn(at, 'start'), optimum.q.length, 10)
    let distance = supDistance(q, optimum.q)
    const scale = scaleOf(optimum.q)
    let least = Infinity
    for (let sweep = 0; sweep < 8; sweep++) {
      q = broken === 'max and min swapped' ? softestBackup(problem, q) : softBackup(operator, q)
      distance *= sample.gamma
      least = Math.min(least, distance - supDistance(q, optimum.q))
    }
    return least / scale
  },
}

const contraction: Theorem = {
  id: 'Thesis B.10, B.11',
  claim: 'the soft backup contracts: ‖𝒯Q_1 − 𝒯Q_2‖ <= γ·‖Q_1 − Q_2‖',
  broken: ['gamma dropped', 'alpha dropped'],
  // The soft minimum contracts as the soft maximum does.
  unneeded: ['max and min swapped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const first = randomTable(foldIn(at, 'first'), problem.reward.length, 10)
    const second = first.map((x, i) => x + randomTable(foldIn(at, i), 1, 3)[0])
    const operator = (q: Float64Array): Float64Array => {
      if (broken === 'gamma dropped') return softBackup(withGamma(problem, 1), q)
      if (broken === 'max and min swapped') return softestBackup(problem, q)
      if (broken !== 'alpha dropped') return softBackup(problem, q)
      // α·log Σ exp Q: the division by α inside is lost.
      return actionValues(
        mdp,
        problem.reward,
        softValues({ ...problem, alpha: 1 }, q).map((x) => x * problem.alpha),
      )
    }
    const apart = supDistance(first, second)
    const images = [first, second].map(operator)
    return (sample.gamma * apart - supDistance(images[0], images[1])) / scaleOf(images[0])
  },
}

const improvement: Theorem = {
  id: 'Thesis theorem 4',
  claim: "π' ∝ exp(Q^π/α) improves every policy: Q^π' >= Q^π (B.3)",
  broken: ['gamma dropped', 'alpha dropped', 'max and min swapped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const optimum = softPolicyIteration(problem)
    const noise = randomTable(foldIn(at, 'noise'), optimum.q.length, 0.1 * sample.alpha)
    const near = boltzmannPolicy(
      problem,
      optimum.q.map((x, i) => x + noise[i]),
    )
    const slacks = [randomPolicy(foldIn(at, 'policy'), mdp), near].map((policy) => {
      const before = softPolicyEvaluation(problem, policy)
      const next = greedyFor(problem, before, broken)
      return leastExcess(softPolicyEvaluation(problem, next).q, before.q) / scaleOf(before.q)
    })
    return Math.min(...slacks)
  },
}

const oneStep: Theorem = {
  id: 'Thesis B.4, B.5',
  claim:
    "α·H(π) + E_π[Q] = V − α·KL(π‖π') <= α·H(π') + E_π'[Q], π' ∝ exp(Q/α) (line 2 of B.6 is printed with E_π on the right)",
  broken: ['alpha dropped', 'divergence halved', 'as printed'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const policy = randomPolicy(foldIn(at, 'policy'), mdp)
    const { q } = softPolicyEvaluation(problem, policy)
    const next = boltzmannPolicy(problem, q)
    const before = policyValues(problem, policy, q)
    const factor =
      (broken === 'alpha dropped' ? 1 : sample.alpha) * (broken === 'divergence halved' ? 0.5 : 1)
    const row = (table: Float64Array, s: number): Float64Array =>
      table.subarray(s * mdp.actions, (s + 1) * mdp.actions)
    const identity = softValues(problem, q).map(
      (v, s) => v - factor * klDivergence(row(policy, s), row(next, s)),
    )
    const gain = policyEntropy(problem, next)
    const after = policyValues(problem, next, q)
    const printed = expectedReward(mdp, policy, q).map((x, s) => x + sample.alpha * gain[s])
    const right = broken === 'as printed' ? printed : after
    // Where exp(Q/α) underflows to zero the divergence is not computed; the inequality is.
    const difference = identity.every(Number.isFinite) ? supDistance(identity, before) : 0
    return Math.min(-difference, leastExcess(right, before)) / scaleOf(before)
  },
}

const gradient: Theorem = {
  id: 'Thesis B.15, B.18',
  claim:
    'E_ρ[(∇Q_θ − ∇V_θ)(Q^π − Q_θ)]/α is the gradient of E_ρ₀[V^π] (B.18 printed with the other sign), by differences',
  broken: ['gamma dropped', 'alpha dropped', 'sign flipped'],
  tolerance: 1e-6,
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const { alpha } = problem
    const theta = randomTable(foldIn(at, 'theta'), problem.reward.length, 2 * alpha)
    const direction = randomTable(foldIn(at, 'direction'), theta.length, alpha)
    const initial = new Float64Array(mdp.states).fill(1 / mdp.states)
    const step = 1e-4
    const objective = (side: number): number =>
      policyGradient(
        problem,
        theta.map((x, i) => x + side * step * direction[i]),
        initial,
      ).objective
    const difference = (objective(1) - objective(-1)) / (2 * step)
    let { gradient: formula } = policyGradient(problem, theta, initial)
    if (broken === 'gamma dropped')
      formula = unweighted(formula, { mdp, policy: boltzmannPolicy(problem, theta), initial })
    if (broken === 'alpha dropped') formula = formula.map((x) => x * alpha)
    if (broken === 'sign flipped') formula = formula.map((x) => -x)
    const slope = formula.reduce((sum, x, i) => sum + x * direction[i], 0)
    const value = softPolicyEvaluation(problem, boltzmannPolicy(problem, theta)).v
    return -Math.abs(slope - difference) / scaleOf(value)
  },
}

/** The gradient with the start distribution in place of the discounted visits. */
function unweighted(
  formula: Float64Array,
  {
    mdp,
    policy,
    initial,
  }: { readonly mdp: FiniteMdp; readonly policy: Policy; readonly initial: Float64Array },
): Float64Array {
  const { visits } = discountedVisits(mdp, policy, initial)
  return formula.map(
    (x, i) => (x * initial[Math.floor(i / mdp.actions)]) / visits[Math.floor(i / mdp.actions)],
  )
}

const objective: Theorem = {
  id: 'Thesis A.1, B.2',
  claim:
    'the discounted objective sums what follows each visit (r and H at l, where t is printed under the inner sum)',
  broken: ['gamma dropped', 'alpha dropped', 'as printed'],
  range: 'outer sum over 1 to 4 steps',
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const policy = randomPolicy(foldIn(at, 'policy'), mdp)
    const initial = randomPolicy(foldIn(at, 'initial'), { states: 1, actions: mdp.states })
    const steps = 1 + (Math.floor(sample.seed / 8) % 4)
    const { value, error } = discountedObjective(problem, policy, { steps, initial })
    const entropy = policyEntropy(problem, policy)
    const alpha = broken === 'alpha dropped' ? 1 : problem.alpha
    const now = expectedReward(mdp, policy, problem.reward).map((r, s) => r + alpha * entropy[s])
    const { sum, tail } = series(problem, policy, now)
    const inner =
      broken === 'as printed'
        ? now.map((x) => x / (1 - mdp.gamma))
        : broken === 'gamma dropped'
          ? expectedReward(mdp, policy, undiscounted(problem, sum)).map((x, s) => x + alpha * entropy[s])
          : sum
    let state: Float64Array = initial
    let total = 0
    for (let t = 0; t < steps; t++) {
      for (let s = 0; s < mdp.states; s++) total += state[s] * inner[s]
      state = nextStateDistribution(mdp, policy, state)
    }
    return (error + steps * tail - Math.abs(total - value)) / scaleOf(inner)
  },
}

export const softQLearningTheorems: readonly Theorem[] = [
  optimalPolicy,
  softBellman,
  qIteration,
  contraction,
  oneStep,
  improvement,
  gradient,
  objective,
]
