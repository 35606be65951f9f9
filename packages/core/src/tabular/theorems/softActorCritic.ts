/** Thesis chapters 4, 5 and appendix B.3. */
import { foldIn, integers, type Key } from '../../keys/index.ts'
import { actionValues, policyBackup, policyEntropy } from '../backup.ts'
import { supDistance } from '../bound.ts'
import { discountedSums } from '../chain.ts'
import { entropyConstrained } from '../entropyConstrained.ts'
import { expectedReward, softPolicyEvaluation, type SoftValue } from '../evaluation.ts'
import { restrictedImprovement, type PolicySets } from '../improvement.ts'
import type { FiniteMdp } from '../mdp.ts'
import { nextStateDistribution, type Policy } from '../policy.ts'
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

const evaluation: Theorem = {
  id: 'Thesis lemma 3',
  claim: '𝒯^π (4.1, 4.2) converges to Q^π: ‖Q_k − Q^π‖ <= γᵏ·‖Q_0 − Q^π‖',
  broken: ['gamma dropped', 'alpha dropped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const policy = randomPolicy(foldIn(at, 'policy'), mdp)
    const exact = softPolicyEvaluation(problem, policy)
    const operator =
      broken === 'gamma dropped'
        ? withGamma(problem, 1)
        : broken === 'alpha dropped'
          ? { ...problem, alpha: 1 }
          : problem
    let q = randomTable(foldIn(at, 'start'), exact.q.length, 10)
    let distance = supDistance(q, exact.q)
    let least = Infinity
    for (let sweep = 0; sweep < 8; sweep++) {
      q = policyBackup(operator, policy, q)
      distance *= sample.gamma
      least = Math.min(least, distance - supDistance(q, exact.q))
    }
    return least / scaleOf(exact.q)
  },
}

const augmentedReward: Theorem = {
  id: 'Thesis B.19',
  claim: 'Q^π is the ordinary value of r_π = r + γ·α·E[H(s′)] (printed without γ and α)',
  broken: ['gamma dropped', 'alpha dropped', 'as printed'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const policy = randomPolicy(foldIn(at, 'policy'), mdp)
    const exact = softPolicyEvaluation(problem, policy)
    const gamma = broken === 'gamma dropped' || broken === 'as printed' ? 1 : sample.gamma
    const alpha = broken === 'alpha dropped' || broken === 'as printed' ? 1 : sample.alpha
    const bonus = policyEntropy(problem, policy).map((h) => alpha * h)
    const reward = actionValues({ ...mdp, gamma }, problem.reward, bonus)
    const [v] = discountedSums({ mdp, policy }, [expectedReward(mdp, policy, reward)]).sums
    return -supDistance(actionValues(mdp, reward, v), exact.q) / scaleOf(exact.q)
  },
}

/** Three random distributions for every state. */
function randomSets(at: Key, { states, actions }: FiniteMdp): PolicySets {
  return Array.from({ length: states }, (_, s) =>
    Array.from({ length: 3 }, (_, k) =>
      randomPolicy(foldIn(foldIn(at, s), k), { states: 1, actions }, 1 + 3 * k),
    ),
  )
}

function memberOf(at: Key, sets: PolicySets, mdp: FiniteMdp): Policy {
  const choice = integers(at, mdp.states, 3)
  const policy = new Float64Array(mdp.states * mdp.actions)
  for (let s = 0; s < mdp.states; s++) policy.set(sets[s][choice[s]], s * mdp.actions)
  return policy
}

/** 4.3 per state, or a broken form of it. */
function project(
  problem: SoftProblem,
  sets: PolicySets,
  { value: { q, v }, broken }: { value: SoftValue; broken: BrokenTerm | undefined },
): Policy {
  if (broken === 'gamma dropped') return restrictedImprovement(problem, sets, undiscounted(problem, v)).policy
  if (broken === 'alpha dropped') return restrictedImprovement({ ...problem, alpha: 1 }, sets, q).policy
  if (broken !== 'max and min swapped') return restrictedImprovement(problem, sets, q).policy
  // The largest divergence in place of the least: both terms of E[Q] + α·H change sign.
  return restrictedImprovement(
    { ...problem, alpha: -problem.alpha },
    sets,
    q.map((x) => -x),
  ).policy
}

const restricted: Theorem = {
  id: 'Thesis lemma 4',
  claim: 'projecting exp(Q^π/α) onto per-state sets (4.3) improves: Q^new >= Q^old',
  broken: ['gamma dropped', 'alpha dropped', 'max and min swapped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const sets = randomSets(foldIn(at, 'sets'), mdp)
    const best = softPolicyIteration(problem, { sets }).policy
    const slacks = [memberOf(foldIn(at, 'member'), sets, mdp), best].map((policy) => {
      const before = softPolicyEvaluation(problem, policy)
      const after = softPolicyEvaluation(problem, project(problem, sets, { value: before, broken }))
      return leastExcess(after.q, before.q) / scaleOf(before.q)
    })
    return Math.min(...slacks)
  },
}

const iteration: Theorem = {
  id: 'Thesis theorem 2',
  claim:
    'soft policy iteration in a product of per-state sets ends at a policy that no other of them exceeds anywhere',
  broken: ['gamma dropped', 'alpha dropped', 'max and min swapped'],
  slack: (sample, broken) => {
    const { problem, mdp, at } = draw(sample)
    const sets = randomSets(foldIn(at, 'sets'), mdp)
    let policy = memberOf(foldIn(at, 'start'), sets, mdp)
    for (let i = 0; i < 25; i++) {
      const next = project(problem, sets, { value: softPolicyEvaluation(problem, policy), broken })
      if (supDistance(next, policy) === 0) break
      policy = next
    }
    const final = softPolicyEvaluation(problem, policy)
    const rivals = [
      softPolicyIteration(problem, { sets }).policy,
      ...[0, 1, 2].map((i) => memberOf(foldIn(at, i), sets, mdp)),
    ]
    return (
      Math.min(...rivals.map((rival) => leastExcess(final.q, softPolicyEvaluation(problem, rival).q))) /
      scaleOf(final.q)
    )
  },
}

const constrained: Theorem = {
  id: 'Thesis 5.1 to 5.7',
  claim:
    'the plan with one α_t per step meets each entropy target without duality gap (minus before α·H̄, where 5.6 prints plus)',
  broken: ['alpha dropped', 'as printed'],
  range: 'horizon 0 to 3',
  tolerance: 1e-6,
  slack: (sample, broken) => {
    const { mdp, problem, at } = draw(sample)
    const horizon = Math.floor(sample.seed / 8) % 4
    const targetEntropy = 0.5 * Math.log(mdp.actions)
    const initial = randomPolicy(foldIn(at, 'initial'), { states: 1, actions: mdp.states })
    const solution = entropyConstrained({ mdp, reward: problem.reward, horizon, targetEntropy }, initial, {
      tolerance: 1e-7,
    })
    const total = solution.alphas.reduce((sum, alpha) => sum + alpha, 0)
    let { dual } = solution
    if (broken === 'as printed') dual += 2 * targetEntropy * total
    if (broken === 'alpha dropped') dual += targetEntropy * (total - solution.alphas.length)
    // Any stationary policy whose entropies meet the target has at most the dual's return.
    const rival = randomPolicy(foldIn(at, 'rival'), mdp, 1)
    const entropy = policyEntropy({ mdp }, rival)
    const mean = expectedReward(mdp, rival, problem.reward)
    let state: Float64Array = initial
    let value = 0
    for (let t = 0; t <= horizon; t++) {
      value += state.reduce((sum, p, s) => sum + p * mean[s], 0)
      if (state.reduce((sum, p, s) => sum + p * entropy[s], 0) < targetEntropy) value = -Infinity
      state = nextStateDistribution(mdp, rival, state)
    }
    const scale = 1 + Math.abs(solution.expectedReturn)
    return Math.min(
      -solution.violation,
      -Math.abs(dual - solution.expectedReturn) / scale,
      (dual - value) / scale,
    )
  },
}

export const softActorCriticTheorems: readonly Theorem[] = [
  evaluation,
  augmentedReward,
  restricted,
  iteration,
  constrained,
]
