import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { key, normal, uniform } from '@maxent/core'
import { boxGibbs } from '@maxent/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { estimateValue, proposalCounts, samplerProposal, uniformProposal } from './value.ts'
import type { Proposal } from './value.ts'

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

const rows = 1_000
const uniforms = (seed: number, shape: [number, number, number]): tf.Tensor3D =>
  tf.tensor3d(uniform(key(seed), shape[0] * shape[1] * shape[2]), shape)
const normals = (seed: number, shape: [number, number, number]): tf.Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const scalar = (x: Tensor): number => x.dataSync()[0]

/** Two modes around ±0.6, in one dimension; the particles of a rough sampler of them. */
const reward = (a: number): number => -4 * (a * a - 0.36) ** 2
const rewards = (action: Tensor): Tensor =>
  tf.squeeze(tf.mul(-4, tf.square(tf.sub(tf.square(action), 0.36))), [2])
const particles = (seed: number, count: number): Tensor => {
  const side = tf.sign(normals(seed, [rows, count, 1]))
  return tf.add(tf.mul(0.7, side), tf.mul(0.25, normals(seed + 1, [rows, count, 1])))
}
const near = (kind: 'sampler' | 'gaussian') => (seed: number) =>
  samplerProposal({
    uniform: uniforms(seed, [rows, 10, 1]),
    normal: normals(seed + 1, [rows, 15, 1]),
    preTanh: particles(seed + 2, 15),
    kind,
  })
const proposals: Record<string, (seed: number) => Proposal> = {
  uniform: (seed) => uniformProposal(uniforms(seed, [rows, 25, 1])),
  sampler: near('sampler'),
  gaussian: near('gaussian'),
}

describe('proposals', () => {
  it('are uniform with the density of the box, by hand', () => {
    const { action, logProb } = uniformProposal(tf.tensor3d([[[0, 0.25]], [[0.5, 1]]]))
    expect(action).toBeAllClose([[[-1, -0.5]], [[0, 1]]])
    expect(logProb).toBeAllClose([[-2 * Math.LN2], [-2 * Math.LN2]])
  })

  it('near the sampler have the density of what all were drawn from, by hand', () => {
    const { action, logProb } = samplerProposal({
      uniform: tf.tensor3d([[[0.5]]]),
      normal: tf.tensor3d([[[2]]]),
      preTanh: tf.tensor3d([[[0]]]),
      kind: 'sampler',
    })
    // A single particle has the least width, 0.05: the actions are 0 and tanh 0.1.
    const near = Math.tanh(0.1)
    expect(action).toBeAllClose([[[0], [near]]])
    const peak = 1 / (0.05 * Math.sqrt(2 * Math.PI))
    expect(logProb).toBeAllClose([
      [Math.log(0.25 + 0.5 * peak), Math.log(0.25 + (0.5 * peak * Math.exp(-2)) / (1 - near ** 2))],
    ])
  })

  it.each(Object.keys(proposals))('%s: inverse densities average to the volume of the box', (name) => {
    const { logProb } = proposals[name](11)
    const volumes = tf.mean(tf.exp(tf.neg(logProb)), 1)
    const { mean, variance } = tf.moments(volumes)
    expect(Math.abs(scalar(mean) - 2)).toBeLessThan(4 * Math.sqrt(scalar(variance) / rows) + 1e-5)
  })

  it('in several dimensions keep that volume and bounded weights', () => {
    const { logProb } = samplerProposal({
      uniform: uniforms(1, [500, 10, 3]),
      normal: normals(2, [500, 30, 3]),
      preTanh: normals(3, [500, 30, 3]),
      kind: 'sampler',
    })
    const volumes = tf.mean(tf.exp(tf.neg(logProb)), 1)
    const { mean, variance } = tf.moments(volumes)
    expect(Math.abs(scalar(mean) - 8)).toBeLessThan(4 * Math.sqrt(scalar(variance) / 500))
    expect(scalar(tf.min(logProb))).toBeGreaterThan(Math.log(0.25 / 8) - 1e-5)
  })

  it('share their actions as configured, at least one of each', () => {
    const value = (samples: number, uniformShare: number) =>
      proposalCounts({ kind: 'sampler', samples, uniformShare })
    expect(value(50, 0.5)).toEqual({ uniform: 25, near: 25 })
    expect(value(2, 0.01)).toEqual({ uniform: 1, near: 1 })
    expect(value(10, 1)).toEqual({ uniform: 9, near: 1 })
  })

  it('refuse shapes that differ', () => {
    expect(() => uniformProposal(tf.zeros([2, 3]))).toThrow(
      'uniformProposal: noise must have shape [B, K, A]',
    )
    expect(() =>
      samplerProposal({
        uniform: tf.zeros([2, 3, 1]),
        normal: tf.zeros([2, 4, 1]),
        preTanh: tf.zeros([2, 5, 1]),
        kind: 'sampler',
      }),
    ).toThrow('samplerProposal: preTanh must have shape')
  })

  it('refuse none near the sampler', () => {
    const [one, none] = [tf.zeros([2, 1, 1]), tf.zeros([2, 0, 1])]
    for (const kind of ['sampler', 'gaussian'] as const)
      expect(() => samplerProposal({ uniform: one, normal: none, preTanh: none, kind })).toThrow(
        new RangeError(
          'samplerProposal: preTanh must have at least one sample per state, got [2, 0, 1]; take uniformProposal for actions of the box alone',
        ),
      )
  })
})

describe('estimateValue', () => {
  it.each(Object.keys(proposals))(
    '%s: is within 0.02 α of the exact soft value after the bias that the effective sample size predicts',
    (name) => {
      for (const alpha of [0.2, 0.05]) {
        const exact = boxGibbs(reward, alpha).value
        let [value, predicted] = [0, 0]
        const draws = 4
        for (let seed = 0; seed < draws; seed++) {
          const proposal = proposals[name](100 + 10 * seed)
          const q = rewards(proposal.action)
          const estimate = estimateValue(q, proposal, alpha)
          // ½ α Var(w)/K with w of mean one: the moments of all rows together.
          const w = tf.exp(tf.sub(tf.sub(tf.div(q, alpha), proposal.logProb), exact / alpha))
          predicted -= (0.5 * alpha * scalar(tf.moments(w).variance)) / 25 / draws
          value += scalar(tf.mean(estimate.value)) / draws
        }
        expect(Math.abs(value - predicted - exact), `alpha ${alpha}`).toBeLessThan(0.02 * alpha)
      }
    },
  )

  it('tells how many samples of the policy it is worth: more near the sampler than in the box', () => {
    const size = (name: string): number => {
      const proposal = proposals[name](21)
      const { effectiveSampleSize } = estimateValue(rewards(proposal.action), proposal, 0.02)
      return scalar(tf.mean(effectiveSampleSize))
    }
    expect(size('sampler')).toBeGreaterThan(1.3 * size('uniform'))
    const even = estimateValue(tf.zeros([1, 50]), { logProb: tf.zeros([1, 50]) }, 1)
    expect(even.effectiveSampleSize).toBeAllClose([50])
  })

  it('is exact for one action where the proposal is the policy, and takes α as a tensor', () => {
    const q = tf.tensor2d([[0.3], [-2]])
    const value = tf.tensor1d([1.7, 0.4])
    const logProb = tf.div<tf.Tensor2D>(tf.sub(q, tf.expandDims(value, 1)), 0.25)
    expect(estimateValue(q, { logProb }, tf.scalar(0.25)).value).toBeAllClose(value)
  })

  it('refuses an α that is not positive', () => {
    expect(() => estimateValue(tf.zeros([1, 2]), { logProb: tf.zeros([1, 2]) }, 0)).toThrow(
      'alpha must be positive and finite, got 0',
    )
  })
})
