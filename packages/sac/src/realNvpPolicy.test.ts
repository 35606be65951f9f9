import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import type { Tree } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeNoise } from '../../baselines/fixtures/transitions.ts'
import { resolveSacConfig } from './config.ts'
import type { PolicyNetwork } from './policy.ts'
import { policyNetwork } from './policyNetwork.ts'

describe('a real NVP policy', () => {
  const make = (couplings: number, size = 2): PolicyNetwork =>
    policyNetwork(resolveSacConfig({ policy: { kind: 'realNvp', couplings }, hidden: [8] }), {
      inputs: 3,
      actions: size,
    })
  const noiseOf = ({ noise }: PolicyNetwork, rows: number): Tree<Tensor> => makeNoise(noise(rows))
  const inputs = (rows: number): Tensor2D => tf.tile(tf.tensor2d([[0.3, -1, 2]]), [rows, 1])

  it.each([2, 4])('of %i couplings has a density that integrates to one over the box', (couplings) => {
    const flow = make(couplings)
    // Halved, so that no region of the box is rare.
    const parameters = tf.mul<Tensor1D>(0.5, flow.init(key(2)))
    const { action, logProb } = flow.law(parameters, inputs(20_000)).sample(noiseOf(flow, 20_000))
    // As above: the mean of 1/p(a) is the volume of the box.
    expect(Math.abs(tf.mean(tf.exp(tf.neg(logProb))).dataSync()[0] / 4 - 1)).toBeLessThan(0.05)
    expect(tf.max(tf.abs(action)).dataSync()[0]).toBeLessThanOrEqual(1)
  })

  it('explores with its samples, and evaluates at the image of the latent mode', () => {
    const flow = make(2)
    const law = flow.law(flow.init(key(2)), inputs(5))
    expect(law.explore(noiseOf(flow, 5))).toBeAllClose(law.sample(noiseOf(flow, 5)).action, { atol: 0 })
    const [mode, ...others] = law.modes()
    expect(others).toEqual([])
    expect(mode).toBeAllClose(law.sample(tf.zeros([5, 2])).action, { atol: 0 })
  })

  it('gets gradients through its samples and its density into all parameters', () => {
    const flow = make(2)
    const parameters = tf.add<Tensor1D>(flow.init(key(2)), 0.01)
    const grad = tf.grad((x: Tensor): Scalar => {
      const { action, logProb } = flow.law(x as Tensor1D, inputs(64)).sample(noiseOf(flow, 64))
      return tf.add(tf.sum(action), tf.sum(logProb))
    })(parameters)
    const reached = tf.mean(tf.cast(tf.greater(tf.abs(grad), 0), 'float32')).dataSync()[0]
    // Units of relu of the embedding that are off get none.
    expect(reached).toBeGreaterThan(0.5)
  })

  it('of many dimensions and layers gives numbers, as it is initialised', () => {
    const flow = make(4, 6)
    for (const seed of [1, 2, 3, 4]) {
      const { action, logProb } = flow.law(flow.init(key(seed)), inputs(5_000)).sample(noiseOf(flow, 5_000))
      expect(tf.max(tf.abs(action)).dataSync()[0]).toBeLessThanOrEqual(1)
      expect(tf.max(tf.abs(logProb)).dataSync()[0]).toBeLessThan(1_000)
    }
  })

  it('changes every dimension with the state', () => {
    const flow = make(2, 4)
    const [one, other] = [-1, 1].map((x) => flow.law(flow.init(key(2)), tf.fill([1, 3], x)).modes()[0])
    expect(tf.min(tf.abs(tf.sub(one, other))).dataSync()[0]).toBeGreaterThan(1e-3)
    expect(() => make(1)).toThrow('policy.couplings')
  })

  it('needs two dimensions', () => {
    expect(() => make(2, 1)).toThrow(
      "sac: actions must have at least 2 dimensions where policy.kind is 'realNvp'",
    )
  })
})
