import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { integers, key } from '@maxent/core'
import { eachSuccessor, randomMdp, softProblem, softQIteration, uniformPolicy } from '@maxent/core/tabular'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { pathConsistencyLoss, pathErrors } from './pathConsistency.ts'
import type { PathErrorsArgs } from './pathConsistency.ts'

/** Two stretches by hand: two steps cut by the end of the stretch, one step that ends the task. */
const golden = (): PathErrorsArgs => ({
  reward: tf.tensor2d([[1, 4], [2, 99]]), // prettier-ignore
  discount: tf.tensor2d([[1, 0], [1, 1]]), // prettier-ignore
  valid: tf.tensor2d([[1, 1], [1, 0]]), // prettier-ignore
  continues: tf.tensor2d([[1, 0], [0, 0]]), // prettier-ignore
  logProb: tf.tensor2d([[-1, -2], [-3, 55]]), // prettier-ignore
  laggedLogProb: tf.tensor2d([[-2, -1], [-4, 77]]), // prettier-ignore
  value: tf.tensor2d([[5, 6], [3, 7]]), // prettier-ignore
  nextValue: tf.tensor2d([[100, 100], [8, 100]]), // prettier-ignore
  gamma: 0.5,
  alpha: 0.1,
  lambda: 0.2,
})

describe('pathErrors', () => {
  it('gives the hand-worked errors', () => {
    // From the first steps −5 + .25 · 8 + (1 + .3 − .4) + .5 (2 + .9 − .8) and −6 + (4 + .6 − .2), from the second −3 + .5 · 8 + (2 + .9 − .8).
    expect(pathErrors(golden())).toBeAllClose([
      [-5 + 2 + 0.9 + 0.5 * 2.1, -6 + 4.4],
      [-3 + 4 + 2.1, 0],
    ])
  })

  it('is the Bellman error of a single step without entropy and trust region', () => {
    const one = Object.fromEntries(
      Object.entries(golden()).map(([name, x]) => [
        name,
        x instanceof tf.Tensor && x.rank === 2 ? tf.slice(x, [0, 0], [1, 2]) : (x as number),
      ]),
    )
    const args = { ...one, continues: tf.zeros([1, 2]), alpha: 0, lambda: 0 } as unknown as PathErrorsArgs
    expect(pathErrors(args)).toBeAllClose([[1 + 0.5 * 100 - 5, 4 - 6]])
  })

  it('has the gradients that central differences give, and none of the lagged policy', () => {
    const { logProb, value, nextValue, ...rest } = golden()
    checkGrads(
      (l: Tensor, v: Tensor, n: Tensor) =>
        pathConsistencyLoss({
          error: pathErrors({ ...rest, logProb: l, value: v, nextValue: n }),
          counted: rest.valid,
        }),
      [logProb, value, tf.div(nextValue, 20)],
    )
    const lagged = tf.grad((x: Tensor) =>
      pathConsistencyLoss({ error: pathErrors({ ...golden(), laggedLogProb: x }), counted: golden().valid }),
    )
    expect(lagged(golden().laggedLogProb)).toBeAllClose(tf.zeros([2, 2]), { atol: 0 })
  })

  it('refuses another number of stretches', () => {
    expect(() => pathErrors({ ...golden(), value: tf.zeros([3]) })).toThrow(
      'pathErrors: value must have shape [T, B] with T=2, B=2, got [3]',
    )
    expect(() => pathConsistencyLoss({ error: tf.zeros([2, 2]), counted: tf.ones([2]) })).toThrow(
      'pathConsistencyLoss: counted must have shape [T, B] with T=2, B=2, got [2]',
    )
  })

  it('takes λ as a tensor', () => {
    expect(pathErrors({ ...golden(), lambda: tf.scalar(0.2) })).toBeAllClose(pathErrors(golden()))
  })

  it.each([
    ['entropy alone', 0.3, 0],
    ['entropy and a trust region around a policy', 0.1, 0.4],
  ])('vanishes on every path for the exact solution of a process: %s', (_, alpha, lambda) => {
    const [states, actions, gamma, length, paths] = [5, 3, 0.8, 4, 12]
    const mdp = randomMdp(key(3), { states, actions, successors: 1, gamma })
    // A policy that is not uniform, as the lagged one: the exact solution of another temperature.
    const lagged = softQIteration(softProblem({ mdp, alpha: 0.7 })).policy
    // r + λ log π̃ with the temperature α + λ has the same optimum.
    const shaped = {
      ...mdp,
      rewards: [mdp.rewards[0].map((r, row) => r + lambda * Math.log(lagged[row]))],
    }
    const { policy, v } = softQIteration(softProblem({ mdp: shaped, alpha: alpha + lambda }))
    const next = new Int32Array(states * actions)
    for (let row = 0; row < states * actions; row++)
      eachSuccessor(mdp, row, (state, probability) => probability > 0 && (next[row] = state))
    // Paths of uniformly random actions: the consistency is off-policy.
    const choices = integers(key(4), length * paths, actions)
    const errors = (policyOf: ArrayLike<number>): Float32Array => {
      const rows: number[][] = []
      let at = Array.from({ length: paths }, (__, b) => b % states)
      const visited: number[][] = []
      for (let t = 0; t < length; t++) {
        visited.push(at)
        rows.push(at.map((state, b) => state * actions + choices[t * paths + b]))
        at = rows[t].map((row) => next[row])
      }
      const table = (f: (row: number, t: number) => number): Tensor =>
        tf.tensor2d(rows.map((of, t) => of.map((row) => f(row, t))))
      return pathErrors({
        reward: table((row) => mdp.rewards[0][row]),
        discount: tf.ones([length, paths]),
        valid: tf.ones([length, paths]),
        continues: table((__, t) => (t < length - 1 ? 1 : 0)),
        logProb: table((row) => Math.log(policyOf[row])),
        laggedLogProb: table((row) => Math.log(lagged[row])),
        value: tf.tensor2d(visited.map((of) => of.map((state) => v[state]))),
        nextValue: table((row) => v[next[row]]),
        gamma,
        alpha,
        lambda,
      }).dataSync<'float32'>()
    }
    expect(Math.max(...errors(policy).map(Math.abs))).toBeLessThan(1e-5)
    expect(Math.max(...errors(uniformPolicy(mdp)).map(Math.abs))).toBeGreaterThan(0.05)
  })
})

describe('pathConsistencyLoss', () => {
  const error = (): tf.Tensor2D => tf.tensor2d([[3, -0.5], [-4, 5]]) // prettier-ignore
  const counted = tf.tensor2d([[1, 1], [1, 0]]) // prettier-ignore

  it('is half the mean square of the paths there are, and linear beyond a limit', () => {
    expect(pathConsistencyLoss({ error: error(), counted })).toBeAllClose((9 + 0.25 + 16) / 6)
    expect(pathConsistencyLoss({ error: error(), counted, limit: 2 })).toBeAllClose(
      (2 * 2 + 0.125 + 2 * 3) / 3,
    )
    expect(pathConsistencyLoss({ error: error(), counted, limit: 10 })).toBeAllClose((9 + 0.25 + 16) / 6)
  })

  it('has gradients that are the errors, cut to the limit', () => {
    const at = tf.tensor2d([[3, -0.5], [-4, 0.1]]) // prettier-ignore
    checkGrads((x: Tensor) => pathConsistencyLoss({ error: x, counted, limit: 2 }), [at])
    const grad = tf.grad((x) => pathConsistencyLoss({ error: x, counted, limit: 2 }))(error())
    expect(grad).toBeAllClose([
      [2 / 3, -0.5 / 3],
      [-2 / 3, 0],
    ])
  })
})
