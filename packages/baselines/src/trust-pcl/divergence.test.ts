import * as tf from '@tensorflow/tfjs'
import { normal, key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { episodesOf, lambdaOfDivergence, optimalDivergence } from './divergence.ts'

const range = [0.1, 1000] as const
const of = (returns: readonly number[], lengths: readonly number[] = returns.map(() => 10)) => ({
  returns: tf.tensor1d([...returns]),
  lengths: tf.tensor1d([...lengths]),
})

describe('optimalDivergence', () => {
  it('gives the hand-worked divergences of two episodes', () => {
    // With returns 0 and λ log 3 the weights are 1/4 and 3/4: the divergence from 1/2 each is log 2 − H(1/4).
    const entropy = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75)
    const lambda = tf.tensor1d([1, 2, 1e6])
    expect(optimalDivergence({ ...of([7, 7 + Math.log(3)]), lambda }).arraySync()[0]).toBeCloseTo(
      Math.LN2 - entropy,
      6,
    )
    expect(optimalDivergence({ ...of([7, 7 + 2 * Math.log(3)]), lambda }).arraySync()[1]).toBeCloseTo(
      Math.LN2 - entropy,
      6,
    )
    expect(optimalDivergence({ ...of([7, 9]), lambda }).arraySync()[2]).toBeCloseTo(0, 6)
  })

  it('does not count entries of no length, wherever they stand', () => {
    const lambda = tf.tensor1d([0.5, 3, 40])
    const three = optimalDivergence({ ...of([-3, 2, 1]), lambda })
    expect(optimalDivergence({ ...of([0, -3, 2, 1, 0], [0, 4, 5, 6, 0]), lambda })).toBeAllClose(three)
    expect(optimalDivergence({ ...of([99, -3, 2, 1], [0, 4, 5, 6]), lambda })).toBeAllClose(three)
    expect(optimalDivergence({ ...of([-3, 2, 1, 0], [1, 1, 1, 0]), lambda })).toBeAllClose(three)
  })

  it('falls with λ from the logarithm of the number of episodes, and takes returns of any size', () => {
    const lambda = tf.tensor1d([1e-3, 1, 10, 100, 1e5])
    const found = optimalDivergence({ ...of([-1e4, 3e3, 2e3, 2.9e3]), lambda }).arraySync()
    expect(found[0]).toBeCloseTo(Math.log(4), 5)
    for (let k = 1; k < found.length; k++) expect(found[k]).toBeLessThanOrEqual(found[k - 1])
    expect(found.at(-1)).toBeGreaterThanOrEqual(0)
    expect(found.at(-1)).toBeLessThan(0.01)
  })

  it('refuses other shapes', () => {
    const { returns } = of([1, 2])
    expect(() => optimalDivergence({ returns, lengths: tf.tensor1d([1]), lambda: tf.tensor1d([1]) })).toThrow(
      'optimalDivergence: lengths must have shape [N] with N=2, got [1]',
    )
  })
})

describe('lambdaOfDivergence', () => {
  it('gives the λ of a case worked by hand', () => {
    // Weights 1/4 and 3/4 at λ = 20, where the returns are 20 log 3 apart; episodes of 10 steps.
    const epsilon = (Math.LN2 + 0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)) / 10
    const found = lambdaOfDivergence({ ...of([-5, -5 + 20 * Math.log(3)]), epsilon, range })
    expect(found).toBeAllClose(20, { rtol: 1e-3 })
  })

  it('is σ/√(2ε·length) for many normal returns', () => {
    const returns = normal(key(3), 20_000).map((x) => 50 * x - 300)
    const episodes = { returns: tf.tensor1d(returns), lengths: tf.fill([20_000], 1000) }
    expect(lambdaOfDivergence({ ...episodes, epsilon: 2e-4, range })).toBeAllClose(50 / Math.sqrt(0.4), {
      rtol: 0.03,
    })
  })

  it('scales with the returns, and takes the mean length of the episodes there are', () => {
    const [one, ten] = [1, 10].map((scale) => {
      const episodes = of([1 * scale, 4 * scale, 6 * scale, 0], [5, 15, 10, 0])
      return lambdaOfDivergence({ ...episodes, epsilon: 0.01, range }).arraySync()
    })
    expect(ten).toBeCloseTo(10 * one, 2)
    const even = lambdaOfDivergence({ ...of([1, 4, 6]), epsilon: 0.01, range })
    expect(even.arraySync()).toBeCloseTo(one, 3)
  })

  it.each([
    ['no episode', [], [0, 0], 0.01],
    ['equal returns', [0.1, 0.1003], [3, 3], 0.01],
    ['returns too far apart for any λ of the range', [999, 1000], [-1e9, 1e9], 0.01],
    ['more than the episodes can tell', [0.1, 0.1003], [1, 2, 3], 1],
  ])('stays in its range for %s', (_, [least = 0.1, most = 1000], returns, epsilon) => {
    const lengths = returns.map((x) => (x === 0 ? 0 : 10))
    const found = lambdaOfDivergence({ ...of(returns, lengths), epsilon, range }).arraySync()
    expect(found).toBeGreaterThanOrEqual(least)
    expect(found).toBeLessThanOrEqual(most)
  })
})

it('episodesOf counts those that have steps', () => {
  expect(episodesOf(of([5, 0, 0, -1], [3, 1, 0, 9]))).toBeAllClose(3)
})
