import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { propertyRuns } from '../testing/propertyRuns.ts'
import { actionValues, policyEntropy } from './backup.ts'
import { supDistance, supNorm } from './bound.ts'
import { discountedVisits } from './chain.ts'
import { expectedReward, softPolicyEvaluation } from './evaluation.ts'
import { boltzmannPolicy } from './improvement.ts'
import { nextStateDistribution } from './policy.ts'
import { policyGradient } from './policyGradient.ts'
import { softProblem } from './problem.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'
import { randomCase, type TheoremCase } from './theorems/index.ts'
import { draw, randomTable } from './theorems/theorem.ts'

const runs = propertyRuns(process.env['MAXENT_PROPERTY_RUNS'])
const processes: fc.Arbitrary<TheoremCase> = fc
  .integer({ min: 0, max: 2 ** 31 - 2 })
  .map((i) => randomCase(key(i)))

type Broken = 'gamma dropped' | 'alpha dropped' | 'sign flipped'

/** Both losses of appendix B.2 by automatic differentiation beside the formula: whether they are the same gradient. */
function agrees(sample: TheoremCase, broken?: Broken): boolean {
  const { mdp, at } = draw(sample)
  const { states, actions } = mdp
  const { alpha } = sample
  const problem = softProblem({ mdp, alpha })
  const theta = randomTable(foldIn(at, 'theta'), states * actions, 2 * alpha)
  const initial = randomPolicy(foldIn(at, 'initial'), { states: 1, actions: states })
  const { gradient } = policyGradient(problem, theta, initial)
  const policy = boltzmannPolicy(problem, theta)
  const visits = broken === 'gamma dropped' ? initial : discountedVisits(mdp, policy, initial).visits
  const { q, v } = softPolicyEvaluation(problem, policy)
  const stateOf = (entry: number): number => Math.floor(entry / actions)
  const scores = q.map((x, i) => x - v[stateOf(i)] - alpha * Math.log(policy[i]))
  const { bellman, actor } = tf.tidy(() => {
    const table = (x: Float64Array): tf.Tensor2D => tf.tensor2d(Float32Array.from(x), [states, actions])
    const weights = table(policy.map((p, i) => p * visits[stateOf(i)]))
    const advantage = table(q.map((x, i) => x - v[stateOf(i)]))
    const score = table(scores)
    const values = (t: tf.Tensor): tf.Tensor => t.div(alpha).logSumExp(1, true).mul(alpha)
    // B.16 with B.17: Q̂ = Â + V_θ; the weights and Â are constants.
    const bellmanError = (t: tf.Tensor): tf.Scalar =>
      weights
        .mul(advantage.add(values(t)).sub(t).square())
        .sum()
        .mul(0.5)
    // B.13 and B.14: the score times Â − α·log π, and the entropy that goes with it.
    const surrogate = (t: tf.Tensor): tf.Scalar =>
      weights
        .mul(t.sub(values(t)).div(alpha))
        .mul(score)
        .sum()
    const point = table(theta)
    return { bellman: tf.grad(bellmanError)(point).dataSync(), actor: tf.grad(surrogate)(point).dataSync() }
  })
  const sign = broken === 'sign flipped' ? 1 : -1
  const unit = broken === 'alpha dropped' ? 1 : alpha
  // What float32 leaves of the terms that cancel.
  const close = 1e-5 * ((supNorm(visits) * (supNorm(scores) + supNorm(theta))) / alpha)
  return gradient.every(
    (x, i) =>
      Math.abs((sign * bellman[i]) / unit - x) <= close && Math.abs((actor[i] * alpha) / unit - x) <= close,
  )
}

describe('the policy gradient of a tabular softmax', () => {
  it(`is minus the gradient of the Bellman error, by automatic differentiation on ${runs} processes`, () => {
    fc.assert(
      fc.property(processes, (sample) => agrees(sample)),
      { numRuns: runs, seed: 20181214 },
    )
  })

  // 'sign flipped': B.18 as printed adds where it must subtract.
  it.each(['sign flipped', 'gamma dropped', 'alpha dropped'] as const)('is not with %s', (broken) => {
    const result = fc.check(
      fc.property(processes, (sample) => agrees(sample, broken)),
      { numRuns: runs, seed: 20181214, endOnFailure: true },
    )
    expect(result.failed).toBe(true)
    expect(String(result.errorInstance)).toContain('returning false')
  })

  it('proves an error that covers another way to the gradient: series in place of linear systems', () => {
    for (let seed = 0; seed < 60; seed++) {
      const at = foldIn(key(4), seed)
      const alpha = 10 ** ((seed % 7) / 2 - 2)
      const gamma = [0, 0.5, 0.9, 0.97][seed % 4]
      const mdp = randomMdp(at, { states: 9, actions: 3, successors: 1 + (seed % 5), gamma })
      const problem = softProblem({ mdp, alpha })
      const theta = randomTable(foldIn(at, 'theta'), 27, 2 * alpha)
      const initial = randomPolicy(foldIn(at, 'initial'), { states: 1, actions: 9 })
      const policy = boltzmannPolicy(problem, theta)
      const entropy = policyEntropy(problem, policy)
      const now = expectedReward(mdp, policy, problem.reward).map((r, s) => r + alpha * entropy[s])
      let v: Float64Array = now
      const visits = Float64Array.from(initial)
      let state: Float64Array = initial
      for (let t = 1; t < 1500; t++) {
        v = expectedReward(mdp, policy, actionValues(mdp, new Float64Array(27), v)).map((x, s) => x + now[s])
        state = nextStateDistribution(mdp, policy, state)
        for (let s = 0; s < 9; s++) visits[s] += gamma ** t * state[s]
      }
      const delta = actionValues(mdp, problem.reward, v).map((x, i) => x - theta[i])
      const mean = expectedReward(mdp, policy, delta)
      const series = delta.map((x, i) => {
        const s = Math.floor(i / 3)
        return (visits[s] * policy[i] * (x - mean[s])) / alpha
      })
      const { gradient, objective, error } = policyGradient(problem, theta, initial)
      expect(supDistance(gradient, series)).toBeLessThanOrEqual(error)
      const average = v.reduce((sum, x, s) => sum + initial[s] * x, 0)
      expect(Math.abs(objective - average)).toBeLessThanOrEqual(error)
      expect(error).toBeLessThan((1e-8 * (1 + supNorm(v))) / alpha)
    }
  })

  it('vanishes at the optimum, where the table is the soft Q-function up to a constant per state', () => {
    const [states, actions] = [6, 4]
    const mdp = randomMdp(key(3), { states, actions, successors: 3, gamma: 0.9 })
    const problem = softProblem({ mdp, alpha: 0.7 })
    let theta: Float64Array = new Float64Array(states * actions)
    for (let i = 0; i < 50; i++) theta = softPolicyEvaluation(problem, boltzmannPolicy(problem, theta)).q
    const shifted = theta.map((x, at) => x + Math.floor(at / actions))
    const initial = new Float64Array(states).fill(1 / states)
    for (const table of [theta, shifted]) {
      for (const x of policyGradient(problem, table, initial).gradient)
        expect(Math.abs(x)).toBeLessThan(1e-10)
    }
    expect(() => policyGradient(problem, theta, new Float64Array(states))).toThrow(
      'policyGradient: initial must be a distribution',
    )
  })
})
