import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { supDistance } from './bound.ts'
import { actionValues, softValues } from './backup.ts'
import { compose, largestSum } from './composition.ts'
import { klDivergence, renyiHalf } from './divergence.ts'
import { finiteMdp, mixTables, weightedReward, type FiniteMdp } from './mdp.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { softPolicyIteration } from './policyIteration.ts'
import { softProblem, type SoftProblem } from './problem.ts'
import { randomMdp } from './randomMdp.ts'

/** The optimal values of both tasks and of their mean. */
function solveBoth(
  mdp: FiniteMdp,
  alpha: number,
  actionWeights?: Float64Array,
): { problem: SoftProblem; parts: Float64Array[]; mixed: Float64Array } {
  const options = actionWeights === undefined ? { mdp, alpha } : { mdp, alpha, actionWeights }
  const count = mdp.rewards.length
  const problem = softProblem({
    ...options,
    reward: weightedReward(mdp, new Array<number>(count).fill(1 / count)),
  })
  const parts = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).q)
  return { problem, parts, mixed: softPolicyIteration(problem).q }
}

describe('divergences', () => {
  it('are what they are for two coins', () => {
    const p = Float64Array.of(0.5, 0.5)
    const q = Float64Array.of(0.9, 0.1)
    expect(klDivergence(p, q)).toBeCloseTo(0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(5), 14)
    expect(renyiHalf(p, q)).toBeCloseTo(-2 * Math.log(Math.sqrt(0.45) + Math.sqrt(0.05)), 14)
    expect(renyiHalf(p, p)).toBeCloseTo(0, 14)
    expect(klDivergence(p, Float64Array.of(1, 0))).toBe(Infinity)
  })
})

describe('a composition', () => {
  it('penalises two tasks by alpha / 2 times the Rényi divergence of order one half', () => {
    const mdp = randomMdp(key(1), { states: 5, actions: 4, successors: 2, gamma: 0.8, tasks: 2 })
    const { problem, parts } = solveBoth(mdp, 0.3)
    const { penalty } = compose(problem, parts)
    const policies = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).policy)
    for (let s = 0; s < 5; s++) {
      const [p, q] = policies.map((policy) => policy.subarray(s * 4, (s + 1) * 4))
      expect(penalty[s]).toBeCloseTo((0.3 / 2) * renyiHalf(p, q), 9)
    }
  })

  it('is exact for tasks that agree', () => {
    const mdp = randomMdp(key(2), { states: 5, actions: 3, successors: 2, gamma: 0.8 })
    const same = finiteMdp({ ...mdp, rewards: [mdp.rewards[0], mdp.rewards[0], mdp.rewards[0]] })
    const { problem, parts, mixed } = solveBoth(same, 0.5)
    const { q, gap, regret, error } = compose(problem, parts)
    expect(supDistance(q, mixed)).toBeLessThan(1e-9)
    expect(Math.max(...gap, ...regret)).toBeLessThan(1e-12 + error)
  })

  it('shows that 6.4 without the factor alpha is no bound', () => {
    let failed = 0
    for (let seed = 0; seed < 50; seed++) {
      const mdp = randomMdp(foldIn(key(3), seed), {
        states: 6,
        actions: 3,
        successors: 2,
        gamma: 0.9,
        tasks: 2,
      })
      const { problem, parts, mixed } = solveBoth(mdp, 5)
      const { q, penalty, gap } = compose(problem, parts)
      // 6.4 as printed: D_½ without the one half and without alpha, 2·P/α for the right penalty P.
      const printed = largestSum(
        mdp,
        penalty.map((p) => (2 * p) / 5),
      ).table
      for (let at = 0; at < q.length; at++) expect(mixed[at]).toBeGreaterThanOrEqual(q[at] - gap[at] - 1e-9)
      if (q.some((x, at) => mixed[at] < x - printed[at] - 1e-9)) failed++
    }
    expect(failed).toBeGreaterThan(10)
  })

  it('shows that 6.4 as printed holds at alpha 1, but is loose by a factor of two', () => {
    const mdp = randomMdp(key(8), { states: 6, actions: 3, successors: 2, gamma: 0.9, tasks: 2 })
    const { problem, parts, mixed } = solveBoth(mdp, 1)
    const { q, penalty, gap } = compose(problem, parts)
    const printed = largestSum(
      mdp,
      penalty.map((p) => 2 * p),
    ).table
    for (let at = 0; at < q.length; at++) {
      expect(mixed[at]).toBeGreaterThanOrEqual(q[at] - printed[at])
      expect(printed[at]).toBeCloseTo(2 * gap[at], 9)
    }
  })

  it('shows that the rule Q = sum of Q_i is not even an upper bound for densities', () => {
    // One action axis of length 0.1: densities of 10 and more, so that log ∫ π₁π₂ > 0.
    const mdp = randomMdp(key(4), { states: 4, actions: 5, successors: 2, gamma: 0.9, tasks: 2 })
    const problem = softProblem({
      mdp,
      alpha: 1,
      actionWeights: new Float64Array(5).fill(0.02),
      reward: mixTables(mdp.rewards, [1, 1]),
    })
    const parts = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).q)
    const sum = mixTables(parts, [1, 1])
    const optimum = softPolicyIteration(problem).q
    expect(sum.every((x, at) => x < optimum[at])).toBe(true)
    expect(() => compose(problem, parts, [1, 1])).toThrow(
      'compose: weights must be 2 non-negative numbers of sum 1, got [1, 1]',
    )
    expect(() => compose(problem, [])).toThrow('compose: q must hold at least one table, got none')
  })

  it('bounds densities too, by the mean rule', () => {
    const mdp = randomMdp(key(5), { states: 6, actions: 5, successors: 2, gamma: 0.9, tasks: 3 })
    const { problem, parts, mixed } = solveBoth(mdp, 0.4, Float64Array.of(0.1, 3, 0.5, 1, 0.02))
    const { q, gap } = compose(problem, parts)
    for (let at = 0; at < q.length; at++) {
      expect(mixed[at]).toBeLessThanOrEqual(q[at] + 1e-9)
      expect(mixed[at]).toBeGreaterThanOrEqual(q[at] - gap[at] - 1e-9)
    }
  })

  it('takes V_Σ from Q_Σ: with Q_C*, as B.29 prints, the upper half of corollary 1 says nothing', () => {
    const mdp = randomMdp(key(6), { states: 6, actions: 3, successors: 2, gamma: 0.9, tasks: 2 })
    const { problem, parts, mixed } = solveBoth(mdp, 1)
    const { v } = compose(problem, parts)
    const optimum = softValues(problem, mixed)
    expect(v.every((x, s) => x > optimum[s])).toBe(true)
  })
})

describe('the regret D*', () => {
  const [alpha, gamma] = [0.5, 0.9]
  /** 5 leads to 0 and 0 to 1; from 1 one action leads to 2, where two tasks want opposite actions, the other to 3; both end in 4. */
  const leads = [1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 0, 0]
  const x = 10
  const safe = 8
  const probability = new Float64Array(12 * 6)
  for (const [row, next] of leads.entries()) probability[row * 6 + next] = 1
  const mdp = finiteMdp({
    states: 6,
    actions: 2,
    transitions: { kind: 'dense', probability },
    rewards: [
      Float64Array.of(0, 0, 0, 0, x, -x, safe, safe, 0, 0, 0, 0),
      Float64Array.of(0, 0, 0, 0, -x, x, safe, safe, 0, 0, 0, 0),
    ],
    gamma,
  })

  it('of a composition that walks into a conflict is what follows by hand', () => {
    const { problem, parts, mixed } = solveBoth(mdp, alpha)
    const { penalty, gap, regret, policy, error } = compose(problem, parts)
    // In 2 the tasks have the values α·log(2·cosh(x/α)), their mean α·log 2; elsewhere they agree.
    const conflict = alpha * Math.log(Math.cosh(x / alpha))
    const taken = 1 / (1 + Math.exp((-gamma * (conflict - safe)) / alpha))
    const near = (actual: Float64Array, expected: readonly number[]): void => {
      expect(actual.length).toBe(expected.length)
      for (const [at, value] of expected.entries())
        expect(Math.abs(actual[at] - value)).toBeLessThanOrEqual(error + 1e-9)
    }
    near(penalty, [0, 0, conflict, 0, 0, 0])
    expect(policy[2]).toBeCloseTo(taken, 9)
    const c1 = gamma * conflict
    const c0 = gamma * c1
    near(gap, [c0, c0, c1, 0, 0, 0, 0, 0, 0, 0, gamma * c0, gamma * c0])
    const d0 = gamma * taken * c1
    const d5 = gamma * (c0 + d0)
    near(regret, [d0, d0, 0, 0, 0, 0, 0, 0, 0, 0, d5, d5])
    // And nearly as much is lost: the policy goes where the mean of the tasks has nothing.
    const { q } = softPolicyEvaluation(problem, policy)
    const lost = mixed.map((best, at) => best - q[at])
    expect(lost[0]).toBeLessThan(regret[0])
    expect(lost[0]).toBeGreaterThan(0.8 * regret[0])
  })

  it('is γ·E[E_π[C + D]] under the composed policy, by its own series', () => {
    const random = randomMdp(key(9), { states: 7, actions: 3, successors: 3, gamma: 0.8, tasks: 3 })
    const { problem, parts } = solveBoth(random, 0.2)
    const { gap, regret, policy, error } = compose(problem, parts)
    let series = new Float64Array(21)
    for (let i = 0; i < 400; i++) {
      const next = Float64Array.from({ length: 7 }, (_, s) =>
        [0, 1, 2].reduce((sum, a) => sum + policy[s * 3 + a] * (gap[s * 3 + a] + series[s * 3 + a]), 0),
      )
      series = Float64Array.from(actionValues(random, new Float64Array(21), next))
    }
    expect(supDistance(regret, series)).toBeLessThanOrEqual(error)
    expect(Math.min(...regret)).toBeGreaterThan(0.01)
  })
})

describe('the error of a composition', () => {
  it('covers another way to the same tables: products of policies, and sweeps', () => {
    for (let seed = 0; seed < 40; seed++) {
      const alpha = [0.01, 0.1, 1, 10][seed % 4]
      const gamma = [0, 0.5, 0.9, 0.97][Math.floor(seed / 4) % 4]
      const mdp = randomMdp(foldIn(key(10), seed), { states: 8, actions: 3, successors: 2, gamma, tasks: 2 })
      const { problem, parts } = solveBoth(mdp, alpha)
      const { q, v, policy, gap, regret, error } = compose(problem, parts)
      const none = new Float64Array(24)
      const values = parts.map((table) => softValues(problem, table))
      // P = −α·log Σ_a √(π_1·π_2), summed by sweeps of its own backup.
      const penalty = v.map((_, s) => {
        let sum = 0
        for (let at = s * 3; at < s * 3 + 3; at++)
          sum += Math.exp((parts[0][at] - values[0][s] + parts[1][at] - values[1][s]) / (2 * alpha))
        return -alpha * Math.log(sum)
      })
      let most: Float64Array = none
      let followed: Float64Array = none
      for (let sweep = 0; sweep < 1500; sweep++)
        most = actionValues(
          mdp,
          none,
          penalty.map((p, s) => p + Math.max(...most.subarray(s * 3, s * 3 + 3))),
        )
      for (let sweep = 0; sweep < 1500; sweep++) {
        const ahead = penalty.map((_, s) =>
          [0, 1, 2].reduce((sum, a) => sum + policy[s * 3 + a] * (most[s * 3 + a] + followed[s * 3 + a]), 0),
        )
        followed = actionValues(mdp, none, ahead)
      }
      expect(supDistance(gap, most)).toBeLessThanOrEqual(error)
      expect(supDistance(regret, followed)).toBeLessThanOrEqual(error)
      expect(error).toBeLessThan(1e-8 * (1 + Math.max(...q.map(Math.abs))))
    }
  })
})

describe('the largest discounted sum', () => {
  it('is the fixed point of its own backup', () => {
    const mdp = randomMdp(key(7), { states: 12, actions: 4, successors: 3, gamma: 0.95 })
    const b = Float64Array.from({ length: 12 }, (_, s) => (s * 7) % 5)
    const { table, error } = largestSum(mdp, b)
    const best = b.map((x, s) => x + Math.max(...table.subarray(s * 4, s * 4 + 4)))
    const backedUp = actionValues(mdp, new Float64Array(48), best)
    expect(supDistance(table, backedUp)).toBeLessThanOrEqual(error)
    expect(error).toBeLessThan(1e-9)
  })
})
