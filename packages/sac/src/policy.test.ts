import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { drawNoise, key, mapTree } from '@maxent/core'
import { registerComparisonGradients } from '@maxent/core/comparisonGradients'
import type { NoiseSpec, Tree } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { resolveSacConfig } from './config.ts'
import type { PolicyConfig } from './config.ts'
import { policyHead } from './policy.ts'
import type { PolicyHead } from './policy.ts'

registerComparisonGradients()

const actions = 2
const head = (policy: PolicyConfig): PolicyHead =>
  policyHead(
    resolveSacConfig({
      policy,
      bootstrap: 'valueNetwork',
      ...(policy.kind === 'deterministic' && { temperature: { kind: 'fixed', alpha: 0 } }),
    }),
    actions,
  )
const kinds: PolicyConfig[] = [
  { kind: 'tanhGaussian' },
  { kind: 'gaussian' },
  { kind: 'truncatedGaussian' },
  { kind: 'mixture', components: 1 },
  { kind: 'mixture', components: 3 },
  { kind: 'deterministic', explorationStd: 0.2 },
]
const name = (policy: PolicyConfig): string =>
  policy.kind === 'mixture' ? `mixture of ${policy.components}` : policy.kind

/** Noise of an action for each of `rows` states. */
function noiseOf({ noise }: PolicyHead, rows: number, seed = 1): Tree<Tensor> {
  const specs = noise(rows)
  const shapes: (readonly number[])[] = []
  mapTree<Tree<NoiseSpec>, NoiseSpec, number>(specs, ({ shape }) => shapes.push(shape))
  let next = 0
  return mapTree<Tree<Float32Array>, Float32Array, Tensor>(drawNoise(key(seed), specs), (array) =>
    tf.tensor(array, [...shapes[next++]]),
  )
}

const outputsOf = ({ outputs }: PolicyHead, rows: number, scale = 1): Tensor2D => {
  const array = drawNoise(key(5), { shape: [rows, outputs], law: 'normal' })
  return tf.mul(scale, tf.tensor2d(array, [rows, outputs]))
}

describe.each(kinds.map((policy) => [name(policy), policy] as const))('the policy %s', (_, policy) => {
  it('gives one action and one log density per state, and explores and evaluates within the box', () => {
    const it = head(policy)
    const law = it.law(outputsOf(it, 64, 3))
    const { action, logProb } = law.sample(noiseOf(it, 64))
    expect(action.shape).toEqual([64, actions])
    expect(logProb.shape).toEqual([64])
    for (const tried of [law.explore(noiseOf(it, 64)), ...law.modes()]) {
      expect(tried.shape).toEqual([64, actions])
      expect(tf.max(tf.abs(tried)).dataSync()[0]).toBeLessThanOrEqual(1)
    }
  })

  it('lets gradients through the sample exactly where it says so', () => {
    const it = head(policy)
    const grad = tf.grad((outputs: Tensor): Scalar => {
      const { action } = it.law(outputs as Tensor2D).sample(noiseOf(it, 3))
      // tf.grad refuses what does not depend on its argument at all.
      return tf.add(tf.sum(action), tf.mul(0, tf.sum(outputs)))
    })(outputsOf(it, 3))
    expect(tf.max(tf.abs(grad)).dataSync()[0] > 0).toBe(it.isReparameterised)
  })
})

describe('policyHead', () => {
  it('has a density that integrates to one over the box: mixture and truncated Gaussian', () => {
    // The mean of 1/p(a) over samples from p is the volume of the support, 4, where p covers it.
    for (const policy of [
      { kind: 'mixture', components: 2 },
      { kind: 'truncatedGaussian' },
    ] as PolicyConfig[]) {
      const it = head(policy)
      const rows = 20_000
      const row = tf.mul<Tensor2D>(0.3, outputsOf(it, 1))
      const { logProb } = it.law(tf.tile(row, [rows, 1])).sample(noiseOf(it, rows))
      const volume = tf.mean(tf.exp(tf.neg(logProb))).dataSync()[0]
      expect(Math.abs(volume / 4 - 1), policy.kind).toBeLessThan(0.05)
    }
  })

  it('explores with noise of the configured width, and is deterministic where it is learned and evaluated', () => {
    const it = head({ kind: 'deterministic', explorationStd: 0.2 })
    const law = it.law(tf.zeros([5_000, actions]))
    const { mean, variance } = tf.moments(law.explore(noiseOf(it, 5_000)))
    expect(Math.abs(mean.dataSync()[0])).toBeLessThan(0.01)
    expect(Math.sqrt(variance.dataSync()[0])).toBeCloseTo(0.2, 2)
    expect(law.sample(noiseOf(it, 5_000)).action).toBeAllClose(tf.zeros([5_000, actions]), { atol: 0 })
    expect(law.sample(noiseOf(it, 5_000)).logProb).toBeAllClose(tf.zeros([5_000]), { atol: 0 })
  })
})
