import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { discountedVisits } from './chain.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { boltzmannPolicy } from './improvement.ts'
import { policyGradient } from './policyGradient.ts'
import { softProblem } from './problem.ts'
import { randomMdp } from './randomMdp.ts'
import { randomTable } from './theorems/theorem.ts'

const states = 6
const actions = 4
const alpha = 0.7

describe('the policy gradient of a tabular softmax', () => {
  it('is minus the gradient of the Bellman error, by automatic differentiation: B.18 prints plus', () => {
    for (let seed = 0; seed < 5; seed++) {
      const mdp = randomMdp(foldIn(key(1), seed), { states, actions, successors: 3, gamma: 0.9 })
      const problem = softProblem({ mdp, alpha })
      const theta = randomTable(foldIn(key(2), seed), states * actions, 1)
      const initial = new Float64Array(states).fill(1 / states)
      const { gradient } = policyGradient(problem, theta, initial)

      const policy = boltzmannPolicy(problem, theta)
      const { visits } = discountedVisits(mdp, policy, initial)
      const { q, v } = softPolicyEvaluation(problem, policy)
      const table = (x: Float64Array): tf.Tensor2D => tf.tensor2d(Float32Array.from(x), [states, actions])
      const weights = table(policy.map((p, at) => p * visits[Math.floor(at / actions)]))
      const advantage = table(q.map((x, at) => x - v[Math.floor(at / actions)]))
      const values = (t: tf.Tensor): tf.Tensor => t.div(alpha).logSumExp(1, true).mul(alpha)
      // B.16 with B.17: Q̂ = Â + V_θ; the weights and Â are constants.
      const bellmanError = (t: tf.Tensor): tf.Scalar =>
        weights
          .mul(advantage.add(values(t)).sub(t).square())
          .sum()
          .mul(0.5)
      // B.13 and B.14: the score times Q̂ − α·log π, and the entropy that goes with it.
      const surrogate = (t: tf.Tensor): tf.Scalar => {
        const logPolicy = t.sub(values(t)).div(alpha)
        const score = table(q.map((x, at) => x - alpha * Math.log(policy[at])))
        return weights.mul(logPolicy).mul(score).sum()
      }
      const point = table(theta)
      const bellman = tf.grad(bellmanError)(point).dataSync()
      const actor = tf.grad(surrogate)(point).dataSync()
      const largest = Math.max(...gradient.map(Math.abs))
      for (const [at, x] of gradient.entries()) {
        expect(Math.abs(-bellman[at] / alpha - x)).toBeLessThan(1e-4 * largest)
        expect(Math.abs(actor[at] - x)).toBeLessThan(1e-4 * largest)
      }
    }
  })

  it('vanishes at the optimum, where the table is the soft Q-function up to a constant per state', () => {
    const mdp = randomMdp(key(3), { states, actions, successors: 3, gamma: 0.9 })
    const problem = softProblem({ mdp, alpha })
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
