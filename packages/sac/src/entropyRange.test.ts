import * as tf from '@tensorflow/tfjs'
import { tanhGaussianMixture, truncatedGaussian } from '@maxent/core'
import { key, normal } from '@maxent/core/keys'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { sacDefaults, type PolicyConfig } from './config.ts'
import { entropyRange } from './entropyRange.ts'

const rangeOf = (policy: PolicyConfig, logStdRange: readonly [number, number], actions = 1) =>
  entropyRange({ policy, logStdRange }, actions)

const grid = (from: number, to: number, points: number): number[] =>
  Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1))

describe('entropyRange', () => {
  it('is that of the densities themselves: Gaussian', () => {
    // H = ½ log(2πe) + log σ, 1.4189 at σ = 1.
    expect(tf.tensor1d([...rangeOf({ kind: 'gaussian' }, [-1, 2], 3)])).toBeAllClose([
      3 * 0.41894,
      3 * 3.41894,
    ])
  })

  it('holds every truncated Gaussian whose mean lies in the box, and no more', () => {
    for (const [low, high] of [
      [-6, 2],
      [-2, -1],
      [-0.5, 0.5],
      [1, 2],
    ] as const) {
      const [least, most] = rangeOf({ kind: 'truncatedGaussian' }, [low, high])
      const pairs = grid(-1, 1, 21).flatMap((mean) => grid(low, high, 11).map((logStd) => [mean, logStd]))
      const entropies = truncatedGaussian({
        mean: tf.tensor2d(pairs.map(([mean]) => [mean])),
        logStd: tf.tensor2d(pairs.map(([, logStd]) => [logStd])),
        low: -1,
        high: 1,
      }).entropy()
      expect(tf.min(entropies), `${low} to ${high}`).toBeAllClose(least, { atol: 1e-4 })
      expect(tf.max(entropies), `${low} to ${high}`).toBeAllClose(most, { atol: 1e-4 })
    }
  })

  it('is of no lower end behind tanh, and ends at the uniform distribution or before the squash', () => {
    expect(rangeOf({ kind: 'tanhGaussian' }, sacDefaults.logStdRange, 2)).toEqual([-Infinity, 2 * Math.LN2])
    expect(rangeOf({ kind: 'realNvp', couplings: 2 }, [-20, -9], 2)).toEqual([-Infinity, 2 * Math.LN2])
    const [low, high] = rangeOf({ kind: 'mixture', components: 4 }, [-20, -3])
    expect(low).toBe(-Infinity)
    expect(high).toBeCloseTo(Math.log(4) - 3 + 1.41894, 4)
    // Four components of that width far apart have nearly as much, before the squash takes some of it.
    const n = 4_000
    const law = tanhGaussianMixture({
      logits: tf.zeros([1, 4]),
      mean: tf.tensor3d([[[-0.6], [-0.2], [0.2], [0.6]]]),
      logStd: tf.fill([1, 4, 1], -3),
    })
    const noise = {
      component: tf.tensor2d(
        Array.from({ length: n }, (_, i) => (i + 0.5) / n),
        [1, n],
      ),
      noise: tf.tensor3d(normal(key(1), n), [1, n, 1]),
    }
    const entropy = -tf.mean(law.sampleWithLogProb(noise).logProb).dataSync()[0]
    expect(entropy).toBeLessThan(high)
    expect(entropy).toBeGreaterThan(high - 0.4)
  })
})
