import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { valueAndGrad } from '../gradients/index.ts'
import { foldIn, key, normal } from '../keys/index.ts'
import { squashedSvgdLoss } from '../operators/index.ts'
import { adam, applyUpdates } from '../optimizers/index.ts'
import { banditOptimum, checkGrads } from '../testing/index.ts'
import { tidy } from '../tidy.ts'
import { leafPaths, leaves } from '../tree.ts'
import { samplerNetwork, type SamplerNetworkParams } from './index.ts'

const draw = (seed: number, ...shape: number[]): Tensor =>
  tf.tensor(
    normal(
      key(seed),
      shape.reduce((size, n) => size * n, 1),
    ),
    shape,
  )

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('samplerNetwork', () => {
  it('adds states and noises in its first layer, by hand', () => {
    const sampler = samplerNetwork({ observation: 1, action: 1, hidden: [2] })
    const params: SamplerNetworkParams = {
      observation: { kernel: tf.tensor2d([[1, -1]]), bias: tf.tensor1d([0, 0.5]) },
      noise: { kernel: tf.tensor2d([[2, 1]]) },
      rest: [{ kernel: tf.tensor2d([[0.5], [-0.25]]), bias: tf.tensor1d([0.1]) }],
    }
    const { action, preTanh } = sampler.sample(
      params,
      tf.tensor2d([[1], [-1]]),
      tf.tensor3d([0.5, -1, 0.5, -1], [2, 2, 1]),
    )
    // relu([s + 2ξ, −s + ½ + ξ]) · [½, −¼] + 0.1
    const expected = [
      [[0.5 * 2 - 0.25 * 0 + 0.1], [0.1]],
      [[0.5 * 0 - 0.25 * 2 + 0.1], [-0.25 * 0.5 + 0.1]],
    ]
    expect(preTanh).toBeAllClose(expected)
    expect(action).toBeAllClose(tf.tanh(tf.tensor3d(expected)))
  })

  it('treats every state and every noise by itself', () => {
    const sampler = samplerNetwork({ observation: 3, action: 2, noise: 4, hidden: [8, 5], activation: 'elu' })
    const params = sampler.init(key(1))
    const [observation, noise] = [draw(1, 3, 3), draw(2, 3, 4, 4)]
    const { action } = sampler.sample(params, observation, noise)
    expect(action.shape).toEqual([3, 4, 2])
    for (const [b, k] of [
      [0, 0],
      [2, 1],
      [1, 3],
    ]) {
      const alone = sampler.sample(
        params,
        tf.slice(observation, [b, 0], [1, 3]),
        tf.slice(noise, [b, k, 0], [1, 1, 4]),
      )
      expect(alone.action).toBeAllClose(tf.slice(action, [b, k, 0], [1, 1, 2]))
    }
  })

  it('has the sizes of thesis appendix C.1 when not told otherwise', () => {
    const params = samplerNetwork({ observation: 5, action: 2 }).init(key(3))
    expect(leafPaths(params)).toEqual([
      'observation/kernel',
      'observation/bias',
      'noise/kernel',
      'rest/0/kernel',
      'rest/0/bias',
      'rest/1/kernel',
      'rest/1/bias',
    ])
    expect(leaves<Tensor>(params).map(({ shape }) => shape)).toEqual([
      [5, 200],
      [200],
      [2, 200],
      [200, 200],
      [200],
      [200, 2],
      [2],
    ])
    // Xavier's bounds are those of each input by itself.
    const largest = (x: Tensor): number => tf.max(tf.abs(x)).dataSync()[0]
    expect(largest(params.observation.kernel) / Math.sqrt(6 / 205)).toBeCloseTo(1, 1.3)
    expect(largest(params.noise.kernel) / Math.sqrt(6 / 202)).toBeCloseTo(1, 1.3)
  })

  it('has the gradients that central differences give', () => {
    const sampler = samplerNetwork({ observation: 2, action: 2, hidden: [4, 3], activation: 'tanh' })
    checkGrads(
      (params: SamplerNetworkParams, observation: Tensor, noise: Tensor) =>
        tf.sum<tf.Scalar>(tf.sin(sampler.sample(params, observation, noise).action)),
      [sampler.init(key(2)), draw(3, 2, 2), draw(4, 2, 3, 2)],
    )
  })

  it('learns by amortised SVGD to sample the soft-optimal policy, conditioned on the state', () => {
    const alpha = 0.1
    const peaks = [-0.3, 0.4]
    const sampler = samplerNetwork({ observation: 1, action: 1, hidden: [24, 24] })
    const optimizer = adam({ learningRate: 5e-3 })
    const observation = tf.tensor2d([[-1], [1]])
    const peak = tf.tensor3d(peaks, [2, 1, 1])
    const noises = (step: number, count: number): Tensor =>
      tf.tensor3d(normal(foldIn(key(6), step), 2 * count), [2, count, 1])
    let params = sampler.init(key(5))
    let state = optimizer.init(params)
    for (let step = 0; step < 400; step++) {
      const next = tidy(() => {
        const { preTanh: particles, action } = sampler.sample(params, observation, noises(2 * step, 16))
        const actionGradient = tf.mul(-2, tf.sub(action, peak))
        const { grads } = valueAndGrad((p: SamplerNetworkParams) => {
          const { preTanh: updated } = sampler.sample(p, observation, noises(2 * step + 1, 16))
          return { value: squashedSvgdLoss({ particles, updated, actionGradient, alpha }) }
        })(params)
        const { updates, state: nextState } = optimizer.update(grads, state, params)
        return { params: applyUpdates(params, updates), state: nextState }
      })
      params = next.params
      state = next.state
    }
    const { mean, variance } = tf.moments(
      sampler.sample(params, observation, noises(9999, 500)).action,
      [1, 2],
    )
    for (const [i, at] of peaks.entries()) {
      const truth = banditOptimum({ peak: at, curvature: 2, alpha })
      expect(mean.dataSync()[i]).toBeCloseTo(truth.mean, 1)
      expect(Math.sqrt(variance.dataSync()[i]) / truth.std).toBeGreaterThan(0.6)
      expect(Math.sqrt(variance.dataSync()[i]) / truth.std).toBeLessThan(1.2)
    }
  })

  it('stays finite for large states and noises, and keeps no tensors', () => {
    const sampler = samplerNetwork({ observation: 2, action: 2, hidden: [4] })
    const params = sampler.init(key(2))
    const [observation, noise]: [Tensor2D, Tensor3D] = [tf.fill([1, 2], 1e20), tf.fill([1, 2, 2], -1e20)]
    const before = tf.memory().numTensors
    const result = sampler.sample(params, observation, noise)
    expect(tf.memory().numTensors - before).toBe(2)
    for (const x of Object.values(result)) expect(tf.all(tf.isFinite(x as Tensor)).dataSync()[0]).toBe(1)
  })

  it('refuses what does not fit', () => {
    expect(() => samplerNetwork({ observation: 0, action: 1 })).toThrow(
      'samplerNetwork: observation must be an integer in [1,',
    )
    expect(() => samplerNetwork({ observation: 1, action: 1, noise: 0 })).toThrow(
      'samplerNetwork: noise must be',
    )
    expect(() => samplerNetwork({ observation: 1, action: 1, hidden: [] })).toThrow(
      'samplerNetwork: hidden must have at least one layer, got none',
    )
    const sampler = samplerNetwork({ observation: 2, action: 1, hidden: [3] })
    const params = sampler.init(key(1))
    expect(() => sampler.sample(params, tf.zeros([2, 2]), tf.zeros([3, 4, 1]))).toThrow(
      'sample: noise must have shape [B, K, 1] with B=2, got [3, 4, 1]',
    )
    expect(() => sampler.sample(params, tf.zeros([2, 3]), tf.zeros([2, 4, 1]))).toThrow(
      'sample: observation must have shape',
    )
  })
})
