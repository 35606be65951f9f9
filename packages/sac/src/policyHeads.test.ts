import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { drawNoise, key, normal } from '@maxent/core'
import { registerComparisonGradients } from '@maxent/core/comparisonGradients'
import type { Tree } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeNoise } from '../../baselines/fixtures/transitions.ts'
import { scoreFunctionLoss } from './actor.ts'
import { sacDefaults, type PolicyConfig } from './config.ts'
import type { PolicyHead, PolicyTraits } from './policy.ts'
import { policyHead } from './policyHeads.ts'

registerComparisonGradients()

const actions = 2
type HeadConfig = Exclude<PolicyConfig, { kind: 'realNvp' }>
const head = (policy: HeadConfig): PolicyHead =>
  policyHead({ policy, logStdRange: sacDefaults.logStdRange }, actions)
const kinds: HeadConfig[] = [
  { kind: 'tanhGaussian' },
  { kind: 'gaussian' },
  { kind: 'truncatedGaussian' },
  { kind: 'mixture', components: 1 },
  { kind: 'mixture', components: 3 },
  { kind: 'deterministic', explorationStd: 0.2 },
]
const name = (policy: HeadConfig): string =>
  policy.kind === 'mixture' ? `mixture of ${policy.components}` : policy.kind

/** Noise of an action for each of `rows` states. */
const noiseOf = ({ noise }: PolicyTraits, rows: number): Tree<Tensor> => makeNoise(noise(rows))

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

describe('the score-function gradient of a mixture', () => {
  /** J = E[α log π(a) − Q(a)] for outputs [2 logits, 2 means, 2 log σ] of one state and one dimension, by the trapezoid rule over u with a = tanh u. */
  function exactLoss(outputs: readonly number[], alpha: number, q: (action: number) => number): number {
    const weights = outputs.slice(0, 2).map(Math.exp)
    const total = weights[0] + weights[1]
    const step = 0.002
    let loss = 0
    for (let u = -8; u <= 8; u += step) {
      const density = weights.reduce((sum, weight, m) => {
        const std = Math.exp(outputs[4 + m])
        const z = (u - outputs[2 + m]) / std
        return sum + ((weight / total) * Math.exp(-0.5 * z * z)) / (std * Math.sqrt(2 * Math.PI))
      }, 0)
      if (density === 0) continue
      const logDensity = Math.log(density) + 2 * Math.log(Math.cosh(u))
      loss += step * density * (alpha * logDensity - q(Math.tanh(u)))
    }
    return loss
  }

  it('is that of the expected loss, which central differences of its integral give', () => {
    const outputs = [0.3, -0.2, -0.6, 0.5, -0.5, -1]
    const alpha = 0.3
    const exact = outputs.map((x, i) => {
      const moved = (by: number): number =>
        exactLoss(outputs.with(i, x + by), alpha, (action) => -4 * (action - 0.4) ** 2)
      return (moved(1e-3) - moved(-1e-3)) / 2e-3
    })
    const rows = 40_000
    const it = policyHead({ policy: { kind: 'mixture', components: 2 }, logStdRange: [-5, 2] }, 1)
    const noise = {
      component: tf.tensor2d(Array.from({ length: rows }, (_, i) => [(i + 0.5) / rows])),
      noise: tf.tensor3d(normal(key(1), rows), [rows, 1, 1]),
    }
    const value = tf.fill([rows], -exactLoss(outputs, alpha, (action) => -4 * (action - 0.4) ** 2))
    const gradient = tf.grad((row: Tensor): Scalar => {
      const { action, logProb } = it.law(tf.tile(row as Tensor2D, [rows, 1])).sample(noise)
      const q = tf.reshape(tf.mul(-4, tf.square(tf.sub(action, 0.4))), [1, -1])
      return scoreFunctionLoss({ q, logProb, alpha: tf.scalar(alpha), value })
    })(tf.tensor2d([outputs]))
    const norm = (x: readonly number[]): number => Math.hypot(...x)
    const found = [...gradient.dataSync()]
    expect(norm(found.map((x, i) => x - exact[i])) / norm(exact)).toBeLessThan(0.03)
  })
})

describe('policyHead', () => {
  it('has a density that integrates to one over the box: mixture and truncated Gaussian', () => {
    // The mean of 1/p(a) over samples from p is the volume of the support, 4, where p covers it.
    for (const policy of [
      { kind: 'mixture', components: 2 },
      { kind: 'truncatedGaussian' },
    ] as HeadConfig[]) {
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
