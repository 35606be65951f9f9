import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { softBackup, softValues } from './backup.ts'
import { supDistance } from './bound.ts'
import { discountedSums, discountedVisits } from './chain.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { boltzmannPolicy, type PolicySets } from './improvement.ts'
import { factor, solve } from './linear.ts'
import { finiteMdp } from './mdp.ts'
import { nextStateDistribution, uniformPolicy } from './policy.ts'
import { softPolicyIteration } from './policyIteration.ts'
import { softProblem } from './problem.ts'
import { softQIteration, softQIterationOfTasks } from './qIteration.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'

/** One state that leads to itself. */
const bandit = (rewards: number[], gamma: number): ReturnType<typeof finiteMdp> =>
  finiteMdp({
    states: 1,
    actions: rewards.length,
    transitions: { kind: 'dense', probability: new Float64Array(rewards.length).fill(1) },
    rewards: [Float64Array.from(rewards)],
    gamma,
  })

describe('soft Q-iteration', () => {
  it('solves a bandit in closed form', () => {
    const alpha = 0.7
    const { v, policy, error } = softQIteration(softProblem({ mdp: bandit([1, 2, -1], 0), alpha }))
    const sum = [1, 2, -1].reduce((total, r) => total + Math.exp(r / alpha), 0)
    expect(Math.abs(v[0] - alpha * Math.log(sum))).toBeLessThanOrEqual(error)
    expect(policy[1]).toBeCloseTo(Math.exp(2 / alpha) / sum, 14)
  })

  it('gives (r + alpha log A)/(1 - gamma) for a constant reward', () => {
    const { v, error } = softQIteration(softProblem({ mdp: bandit([3, 3, 3, 3], 0.95), alpha: 2 }))
    expect(Math.abs(v[0] - (3 + 2 * Math.log(4)) / 0.05)).toBeLessThanOrEqual(error)
    expect(error).toBeLessThan(1e-9)
  })

  it('nears the hard maximum as alpha falls and the uniform policy as it rises', () => {
    expect(softQIteration(softProblem({ mdp: bandit([1, 2], 0.5), alpha: 1e-4 })).v[0]).toBeCloseTo(4, 6)
    expect(softQIteration(softProblem({ mdp: bandit([1, 2], 0.5), alpha: 1e6 })).policy[0]).toBeCloseTo(
      0.5,
      6,
    )
  })

  it('agrees with policy iteration within the bounds of both, with and without a default policy', () => {
    const mdp = randomMdp(key(5), { states: 30, actions: 4, successors: 5, gamma: 0.97 })
    for (const alpha of [0.01, 1, 10]) {
      for (const measure of [
        {},
        { defaultPolicy: randomPolicy(key(6), mdp) },
        { actionWeights: Float64Array.of(0.1, 2, 1, 3) },
      ]) {
        const problem = softProblem({ mdp, alpha, ...measure })
        const a = softQIteration(problem)
        const b = softPolicyIteration(problem)
        expect(supDistance(a.q, b.q)).toBeLessThanOrEqual(a.error + b.error)
        expect(supDistance(a.v, b.v)).toBeLessThanOrEqual(a.error + b.error)
        expect(a.error).toBeLessThan(1e-7)
        expect(b.error).toBeLessThan(1e-8)
      }
    }
  })

  it('proves the error that a limited number of sweeps leaves', () => {
    const problem = softProblem({
      mdp: randomMdp(key(7), { states: 20, actions: 3, successors: 3, gamma: 0.9 }),
      alpha: 0.5,
    })
    const exact = softPolicyIteration(problem)
    for (const maxSweeps of [1, 3, 10, 50]) {
      const { v, q, error, iterations } = softQIteration(problem, { maxSweeps })
      expect(iterations).toBe(maxSweeps)
      expect(supDistance(v, exact.v)).toBeLessThanOrEqual(error + exact.error)
      expect(supDistance(q, exact.q)).toBeLessThanOrEqual(error + exact.error)
    }
  })

  it('equals the entropy problem less alpha log A under a uniform default policy', () => {
    const mdp = randomMdp(key(8), { states: 6, actions: 3, successors: 2, gamma: 0.8 })
    const entropy = softPolicyIteration(softProblem({ mdp, alpha: 0.4 }))
    const kl = softPolicyIteration(softProblem({ mdp, alpha: 0.4, defaultPolicy: uniformPolicy(mdp) }))
    for (let s = 0; s < 6; s++) expect(kl.v[s]).toBeCloseTo(entropy.v[s] - (0.4 * Math.log(3)) / 0.2, 10)
    expect(supDistance(kl.policy, entropy.policy)).toBeLessThan(1e-12)
  })

  it('never takes an action that the default policy excludes', () => {
    const mdp = randomMdp(key(9), { states: 4, actions: 3, successors: 2, gamma: 0.8 })
    const defaultPolicy = new Float64Array(12)
    for (let s = 0; s < 4; s++) defaultPolicy.set([0.5, 0, 0.5], s * 3)
    const problem = softProblem({ mdp, alpha: 1, defaultPolicy })
    for (const { policy, v, error } of [softQIteration(problem), softPolicyIteration(problem)]) {
      expect(error).toBeLessThan(1e-9)
      expect(v.every(Number.isFinite)).toBe(true)
      expect([0, 1, 2, 3].map((s) => policy[s * 3 + 1])).toEqual([0, 0, 0, 0])
    }
    expect(() => softPolicyEvaluation(problem, uniformPolicy(mdp))).toThrow(
      'softPolicyEvaluation: policy must be zero where the default policy is zero, got an infinite divergence at state 0',
    )
  })

  it('starts where it is told and refuses what it cannot use', () => {
    const problem = softProblem({ mdp: bandit([1, 2], 0.9), alpha: 1 })
    const { v } = softPolicyIteration(problem)
    expect(softQIteration(problem, { initial: v }).iterations).toBeLessThan(3)
    expect(() => softQIteration(problem, { maxSweeps: 0 })).toThrow(
      'softQIteration: maxSweeps must be at least 1, got 0',
    )
    expect(() => softQIteration(problem, { tolerance: 0 })).toThrow(
      'softQIteration: tolerance must be positive, got 0',
    )
    expect(() => softQIteration(problem, { initial: new Float64Array(2) })).toThrow(
      'softQIteration: initial must have length states = 1, got 2',
    )
  })
})

describe('soft Q-iteration of several tasks', () => {
  const mdp = randomMdp(key(20), { states: 40, actions: 3, successors: 4, gamma: 0.95, tasks: 5 })

  it.each([
    ['the entropy', {}],
    ['a default policy', { defaultPolicy: randomPolicy(key(21), mdp) }],
  ])('solves each as if it were alone, with %s', (_, measure) => {
    const problem = softProblem({ mdp, alpha: 0.2, ...measure })
    const together = softQIterationOfTasks(problem, mdp.rewards)
    for (const [task, reward] of mdp.rewards.entries()) {
      const alone = softQIteration({ ...problem, reward })
      expect(supDistance(together[task].q, alone.q)).toBeLessThanOrEqual(together[task].error + alone.error)
      expect(supDistance(together[task].policy, alone.policy)).toBeLessThan(1e-8)
      expect(together[task].error).toBeLessThanOrEqual(2e-10)
    }
  })

  it('proves an error for each, also where the sweeps are few and the rewards of unlike size', () => {
    const rewards = [mdp.rewards[0], mdp.rewards[1].map((r) => 1000 * r)]
    const problem = softProblem({ mdp, alpha: 0.2 })
    const few = softQIterationOfTasks(problem, rewards, { maxSweeps: 10 })
    for (const [task, reward] of rewards.entries()) {
      const exact = softPolicyIteration({ ...problem, reward })
      expect(supDistance(few[task].v, exact.v)).toBeLessThanOrEqual(few[task].error + exact.error)
    }
    expect(few[1].error).toBeGreaterThan(10 * few[0].error)
  })

  it('refuses no tasks, and tables that do not fit', () => {
    const problem = softProblem({ mdp, alpha: 0.2 })
    expect(() => softQIterationOfTasks(problem, [])).toThrow(
      'softQIterationOfTasks: rewards must hold at least one table, got none',
    )
    expect(() => softQIterationOfTasks(problem, [mdp.rewards[0], new Float64Array(3)])).toThrow(
      'softQIterationOfTasks: rewards[1] must have length states x actions = 120, got 3',
    )
  })
})

describe('large processes', () => {
  it('converge to a proved error of 1e-10 at 10,000 states with 8 sparse actions', () => {
    const options = { states: 10_000, actions: 8, successors: 4, gamma: 0.95, storage: 'sparse' } as const
    const problem = softProblem({ mdp: randomMdp(key(22), options), alpha: 0.5 })
    const { v, q, error } = softQIteration(problem, { tolerance: 1e-10 })
    expect(error).toBeLessThanOrEqual(1.01e-10)
    // The fixed point, by another route: 𝒯Q = Q to (1 + γ) times the error.
    expect(supDistance(softValues(problem, q), v)).toBeLessThanOrEqual(2 * error)
    expect(supDistance(softBackup(problem, q), q)).toBeLessThanOrEqual(2 * error)
  })
})

describe('proofs of error', () => {
  it('say infinite where gamma is nearer to one than the rows are to distributions', () => {
    const mdp = bandit([1, 2], 1 - 1e-10)
    expect(softQIteration(softProblem({ mdp, alpha: 1 }), { maxSweeps: 3 }).error).toBe(Infinity)
  })
})

describe('soft policy evaluation', () => {
  it('agrees between the direct and the iterative way', () => {
    const options = { actions: 2, successors: 3, gamma: 0.9, storage: 'sparse' } as const
    const small = randomMdp(key(10), { ...options, states: 400 })
    const policy = randomPolicy(key(11), small)
    // The same process with one unreachable state more is beyond the direct limit.
    if (small.transitions.kind !== 'sparse') throw new TypeError('expected sparse storage')
    const { rowStart, nextState, probability } = small.transitions
    const end = rowStart[800]
    const large = finiteMdp({
      ...small,
      states: 401,
      transitions: {
        kind: 'sparse',
        rowStart: Int32Array.of(...rowStart, end + 1, end + 2),
        nextState: Int32Array.of(...nextState, 400, 400),
        probability: Float64Array.of(...probability, 1, 1),
      },
      rewards: [Float64Array.of(...small.rewards[0], 0, 0)],
    })
    const direct = softPolicyEvaluation(softProblem({ mdp: small, alpha: 0.5 }), policy)
    const iterative = softPolicyEvaluation(
      softProblem({ mdp: large, alpha: 0.5 }),
      Float64Array.of(...policy, 0.5, 0.5),
    )
    expect(supDistance(direct.v, iterative.v.subarray(0, 400))).toBeLessThanOrEqual(
      direct.error + iterative.error,
    )
    const start = new Float64Array(400).fill(1 / 400)
    const { visits, error } = discountedVisits(small, policy, start)
    const longer = discountedVisits(large, Float64Array.of(...policy, 0.5, 0.5), Float64Array.of(...start, 0))
    expect(supDistance(visits, longer.visits.subarray(0, 400))).toBeLessThan(error + longer.error)
    expect(error + longer.error).toBeLessThan(1e-10)
  })

  it('refuses a policy that is none', () => {
    const problem = softProblem({ mdp: bandit([1, 2], 0.9), alpha: 1 })
    expect(() => softPolicyEvaluation(problem, Float64Array.of(0.5, 0.6))).toThrow(
      'softPolicyEvaluation: policy must be a distribution',
    )
    expect(() => softPolicyEvaluation(problem, Float64Array.of(1))).toThrow(
      'softPolicyEvaluation: policy must have length',
    )
  })

  it('counts visits that sum to 1/(1 - gamma), less where episodes end', () => {
    const mdp = randomMdp(key(12), { states: 7, actions: 2, successors: 3, gamma: 0.9 })
    const start = Float64Array.of(1, 0, 0, 0, 0, 0, 0)
    const sum = (x: Float64Array): number => x.reduce((a, b) => a + b, 0)
    expect(sum(discountedVisits(mdp, uniformPolicy(mdp), start).visits)).toBeCloseTo(10, 10)
    const ending = finiteMdp({ ...mdp, discount: new Float64Array(14).fill(0.5) })
    expect(sum(discountedVisits(ending, uniformPolicy(mdp), start).visits)).toBeCloseTo(1 / 0.55, 10)
    expect(sum(nextStateDistribution(ending, uniformPolicy(mdp), start))).toBeCloseTo(0.5, 12)
    const ones = new Float64Array(7).fill(1)
    expect(discountedSums({ mdp: ending, policy: uniformPolicy(mdp) }, [ones]).sums[0][3]).toBeCloseTo(
      1 / 0.55,
      10,
    )
  })
})

describe('soft policy iteration', () => {
  it('finds the best of all combinations of per-state sets', () => {
    const mdp = randomMdp(key(13), { states: 3, actions: 3, successors: 2, gamma: 0.9 })
    const problem = softProblem({ mdp, alpha: 0.2 })
    const sets: PolicySets = [0, 1, 2].map((s) =>
      [0, 1, 2].map((k) => randomPolicy(foldIn(foldIn(key(14), s), k), { states: 1, actions: 3 }, 6)),
    )
    const { v, error } = softPolicyIteration(problem, { sets })
    const best = new Float64Array(3).fill(-Infinity)
    for (let code = 0; code < 27; code++) {
      const policy = Float64Array.of(
        ...sets[0][code % 3],
        ...sets[1][Math.floor(code / 3) % 3],
        ...sets[2][Math.floor(code / 9)],
      )
      const value = softPolicyEvaluation(problem, policy).v
      for (let s = 0; s < 3; s++) best[s] = Math.max(best[s], value[s])
    }
    expect(supDistance(v, best)).toBeLessThanOrEqual(error + 1e-12)
    expect(() => softPolicyIteration(problem, { sets: sets.slice(1) })).toThrow(
      'softPolicyIteration: sets must hold at least one distribution',
    )
  })
})

describe('the linear solver', () => {
  it('exchanges rows where a pivot is zero, and refuses singular systems', () => {
    const x = solve(factor(Float64Array.of(0, 2, 4, 1), 2), Float64Array.of(6, 11))
    expect([...x]).toEqual([2, 3])
    expect(() => factor(Float64Array.of(1, 2, 2, 4), 2)).toThrow(
      'factor: matrix must be regular, got no pivot in column 1',
    )
  })
})

describe('the Boltzmann policy', () => {
  it('is finite for values that differ by thousands of alpha', () => {
    const mdp = bandit([0, 1e4, -1e4], 0)
    expect([...boltzmannPolicy(softProblem({ mdp, alpha: 1 }), Float64Array.of(0, 1e4, -1e4))]).toEqual([
      0, 1, 0,
    ])
  })
})
