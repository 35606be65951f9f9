import { describe, expect, it } from 'vitest'
import { key } from '../keys/index.ts'
import { entropyConstrained, entropyConstrainedSweep } from './entropyConstrained.ts'
import { policyEntropy } from './backup.ts'
import { nextStateDistribution, uniformPolicy } from './policy.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'

const mdp = randomMdp(key(1), { states: 4, actions: 3, successors: 2, gamma: 0.5 })
const problem = { mdp, reward: mdp.rewards[0], horizon: 3, targetEntropy: 0.6 }
const initial = Float64Array.of(1, 0, 0, 0)

describe('entropy-constrained control', () => {
  const solution = entropyConstrained(problem, initial)

  it('meets the constraint at every step under its own states, with no duality gap', () => {
    for (const entropy of solution.entropies) expect(entropy).toBeCloseTo(0.6, 8)
    expect(Math.abs(solution.dual - solution.expectedReturn)).toBeLessThan(1e-8)
    expect(solution.error).toBeLessThan(1e-8)
    expect(solution.violation).toBeLessThan(1e-8)
    expect(solution.alphas.every((alpha) => alpha > 0)).toBe(true)
  })

  it('spends its entropy where it costs least: the states of a step differ', () => {
    const uniform = { ...problem, horizon: 0 }
    const { policies, entropies } = entropyConstrained(uniform, Float64Array.of(0.25, 0.25, 0.25, 0.25))
    const each = [0, 1, 2, 3].map(
      (s) => -policies[0].subarray(s * 3, s * 3 + 3).reduce((sum, p) => sum + p * Math.log(p), 0),
    )
    expect(entropies[0]).toBeCloseTo(0.6, 8)
    expect(Math.max(...each) - Math.min(...each)).toBeGreaterThan(0.1)
  })

  it('has alpha zero and the greedy policy where the constraint does not bind', () => {
    const { alphas, policies, expectedReturn, dual } = entropyConstrained(
      { ...problem, targetEntropy: -1 },
      initial,
    )
    expect([...alphas]).toEqual([0, 0, 0, 0])
    expect(policies[0].every((p) => p === 0 || p === 1)).toBe(true)
    expect(expectedReturn).toBeCloseTo(dual, 12)
    expect(expectedReturn).toBeGreaterThan(solution.expectedReturn)
  })

  it('needs the states of its own policy: one backward sweep with others is approximate dynamic programming', () => {
    const uniform = new Float64Array(4).fill(0.25)
    const sweep = entropyConstrainedSweep(problem, [initial, uniform, uniform, uniform])
    // The step whose states were guessed misses the target under the states that the plan visits.
    const replayed = entropyConstrained(problem, initial)
    expect(Math.max(...sweep.alphas.map((alpha, t) => Math.abs(alpha - replayed.alphas[t])))).toBeGreaterThan(
      1e-2,
    )
  })

  it('repeats itself when the sweep is given the states that its own plan visits', () => {
    const states = [initial]
    for (const policy of solution.policies.slice(0, -1)) {
      const next = new Float64Array(4)
      const { probability } = mdp.transitions
      const state = states[states.length - 1]
      for (let s = 0; s < 4; s++) {
        for (let a = 0; a < 3; a++) {
          for (let to = 0; to < 4; to++)
            next[to] += state[s] * policy[s * 3 + a] * probability[(s * 3 + a) * 4 + to]
        }
      }
      states.push(next)
    }
    const sweep = entropyConstrainedSweep(problem, states)
    for (let t = 0; t <= 3; t++) expect(sweep.alphas[t]).toBeCloseTo(solution.alphas[t], 6)
  })

  it('subtracts alpha times the target from the dual: with plus, as 5.6 prints, the gap does not close', () => {
    const total = solution.alphas.reduce((sum, alpha) => sum + alpha, 0)
    const printed = solution.dual + 2 * problem.targetEntropy * total
    expect(Math.abs(printed - solution.expectedReturn)).toBeGreaterThan(0.5)
  })

  it('keeps the divergence from a default policy below its limit, which a uniform one makes the entropy', () => {
    const uniform = uniformPolicy(mdp)
    const limit = Math.log(3) - 0.6
    const same = entropyConstrained({ ...problem, targetEntropy: -limit, defaultPolicy: uniform }, initial)
    expect(same.expectedReturn).toBeCloseTo(solution.expectedReturn, 7)
    for (let t = 0; t <= 3; t++) expect(same.alphas[t]).toBeCloseTo(solution.alphas[t], 6)
    const defaultPolicy = randomPolicy(key(5), mdp)
    const near = entropyConstrained({ ...problem, targetEntropy: -0.1, defaultPolicy }, initial)
    let state: Float64Array = initial
    for (const policy of near.policies) {
      const divergence = policyEntropy({ mdp, logMeasure: defaultPolicy.map(Math.log) }, policy)
      expect(-divergence.reduce((sum, h, s) => sum + state[s] * h, 0)).toBeCloseTo(0.1, 7)
      state = nextStateDistribution(mdp, policy, state)
    }
    expect(Math.abs(near.dual - near.expectedReturn)).toBeLessThan(1e-8)
  })

  it('never leaves the support of the default policy, at temperature zero either', () => {
    const defaultPolicy = new Float64Array(12)
    for (let s = 0; s < 4; s++) defaultPolicy.set([0.5, 0, 0.5], 3 * s)
    for (const targetEntropy of [-0.01, -50]) {
      const { policies, alphas } = entropyConstrained({ ...problem, targetEntropy, defaultPolicy }, initial)
      for (const policy of policies) expect([1, 4, 7, 10].map((at) => policy[at])).toEqual([0, 0, 0, 0])
      expect(alphas.every((alpha) => (targetEntropy < -1 ? alpha === 0 : alpha > 0))).toBe(true)
    }
    expect(() => entropyConstrained({ ...problem, targetEntropy: 0, defaultPolicy }, initial)).toThrow(
      'targetEntropy must be below 0 beside a defaultPolicy, got 0',
    )
    expect(() =>
      entropyConstrained({ ...problem, targetEntropy: -1, defaultPolicy: new Float64Array(12) }, initial),
    ).toThrow('entropyConstrained: policy must be a distribution in every state')
  })

  it('refuses targets out of reach, and arguments that do not fit', () => {
    expect(() => entropyConstrained({ ...problem, targetEntropy: 1.1 }, initial)).toThrow(
      'targetEntropy must be below log(actions)',
    )
    expect(() => entropyConstrained({ ...problem, horizon: -1 }, initial)).toThrow(
      'entropyConstrained: horizon must be a non-negative integer',
    )
    expect(() => entropyConstrained({ ...problem, reward: new Float64Array(2) }, initial)).toThrow(
      'entropyConstrained: reward must have length',
    )
    expect(() => entropyConstrained(problem, new Float64Array(4))).toThrow(
      'entropyConstrained: initial must be a distribution',
    )
    expect(() => entropyConstrained(problem, initial, { maxPasses: 0 })).toThrow(
      'entropyConstrained: maxPasses must be at least 1, got 0',
    )
    expect(() => entropyConstrainedSweep(problem, [initial])).toThrow(
      'states must have one distribution per step = 4, got 1',
    )
  })
})
