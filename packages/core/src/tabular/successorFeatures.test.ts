import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { supDistance } from './bound.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { gpiPolicy, optimisticPolicy, upperEnvelope } from './gpi.ts'
import { weightedReward } from './mdp.ts'
import { softProblem } from './problem.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'
import { successorFeatures, successorValue } from './successorFeatures.ts'

const mdp = randomMdp(key(1), { states: 8, actions: 3, successors: 3, gamma: 0.9, tasks: 3 })
const problem = softProblem({ mdp, alpha: 0.6 })
const policy = randomPolicy(key(2), mdp)

describe('maximum-entropy successor features', () => {
  const features = successorFeatures(problem, policy)

  it("give each feature's own task its soft value", () => {
    for (const [i, reward] of mdp.rewards.entries()) {
      const { q, v, error } = softPolicyEvaluation({ ...problem, reward }, policy)
      expect(supDistance(features.psi[i], q)).toBeLessThanOrEqual(error + features.error)
      expect(supDistance(features.upsilon[i], v)).toBeLessThanOrEqual(error + features.error)
    }
  })

  it('give every convex mixture of tasks its soft value', () => {
    const weights = [0.2, 0.5, 0.3]
    const { q, error } = softPolicyEvaluation({ ...problem, reward: weightedReward(mdp, weights) }, policy)
    expect(supDistance(successorValue(features, weights), q)).toBeLessThanOrEqual(
      error + features.error + 1e-12,
    )
  })

  it('would value a non-convex mixture at another temperature, so refuse it', () => {
    const weights = [1, 1, 0]
    const { q } = softPolicyEvaluation({ ...problem, reward: weightedReward(mdp, weights) }, policy)
    const hotter = softPolicyEvaluation(
      { ...problem, alpha: 2 * problem.alpha, reward: weightedReward(mdp, weights) },
      policy,
    )
    const product = features.psi[0].map((x, at) => x + features.psi[1][at])
    expect(supDistance(product, q)).toBeGreaterThan(0.1)
    expect(supDistance(product, hotter.q)).toBeLessThan(1e-10)
    for (const bad of [weights, [1.5, -0.5, 0], [0.5, 0.5], [NaN, 1, 0]]) {
      expect(() => successorValue(features, bad)).toThrow(
        'successorValue: weights must be 3 non-negative numbers of sum 1',
      )
    }
  })

  it('count the entropy at alpha once: alpha squared, as appendix B.3.1 has it, misses the soft value', () => {
    const wrong = successorFeatures({ ...problem, alpha: problem.alpha ** 2 }, policy)
    expect(supDistance(wrong.psi[0], softPolicyEvaluation(problem, policy).q)).toBeGreaterThan(0.5)
  })
})

describe('composed policies', () => {
  const q = [0, 1].map((i) => softPolicyEvaluation(problem, randomPolicy(foldIn(key(3), i), mdp)).q)

  it('follow the upper envelope of the values, or their mixture', () => {
    expect(upperEnvelope([Float64Array.of(1, 5), Float64Array.of(2, 3)])).toEqual(Float64Array.of(2, 5))
    const gpi = gpiPolicy(problem, q)
    const envelope = upperEnvelope(q)
    expect(Math.log(gpi[0] / gpi[1])).toBeCloseTo((envelope[0] - envelope[1]) / problem.alpha, 12)
    const optimistic = optimisticPolicy(problem, q, [0.25, 0.75])
    const mixed = (at: number): number => 0.25 * q[0][at] + 0.75 * q[1][at]
    expect(Math.log(optimistic[0] / optimistic[1])).toBeCloseTo((mixed(0) - mixed(1)) / problem.alpha, 12)
  })

  it('refuse nothing to compose and weights that are not convex', () => {
    expect(() => gpiPolicy(problem, [])).toThrow('gpiPolicy: q must hold at least one table, got none')
    expect(() => optimisticPolicy(problem, q, [1, 1])).toThrow(
      'optimisticPolicy: weights must be 2 non-negative numbers of sum 1, got [1, 1]',
    )
  })
})
