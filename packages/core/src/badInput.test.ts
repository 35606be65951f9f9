/** What the functions of this package do with input that makes no sense, one test per kind. More stand with each function. */
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagonalGaussian, gaussianMixture, productOfMixtures, tanhGaussian } from './distributions/index.ts'
import {
  tanhGaussianMixture,
  truncatedGaussian,
  truncatedGaussianMixture,
  uniformBox,
} from './distributions/index.ts'
import { autoregressivePrior, categorical } from './distributions/index.ts'
import { key, uniform } from './keys/index.ts'
import {
  gae,
  gaussianRenyiHalf,
  importanceWeights,
  klDual,
  lambdaReturns,
  nStepReturns,
} from './operators/index.ts'
import {
  rbfBandwidth,
  renyiHalf,
  retrace,
  sampledPolicy,
  softValue,
  stateFeatures,
} from './operators/index.ts'
import { svgdDirection, uniformSoftValue, vtrace } from './operators/index.ts'
import { finiteMdp, softProblem } from './tabular/index.ts'
import './testing/index.ts'

const samples = (): Tensor => tf.tensor2d([[0, 1, 2]])
const row = (...values: number[]): Tensor => tf.tensor2d([values])
const particles = (): Tensor => tf.zeros([1, 2, 1])
const stretch = () => {
  const x = tf.zeros([2, 1])
  return {
    reward: x,
    discount: x,
    value: x,
    nextValue: x,
    q: x,
    logRatio: x,
    gamma: 0.9,
    lambda: 0.5,
    alpha: 1,
    steps: 2,
  }
}

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('bad input', () => {
  const mdp = (row: number[], gamma = 0.9) =>
    finiteMdp({
      states: 2,
      actions: 1,
      transitions: { kind: 'dense', probability: Float64Array.from([...row, 0, 1]) },
      rewards: [new Float64Array(2)],
      gamma,
    })

  it('transition rows that are no distribution are refused', () => {
    for (const bad of [
      [0.5, 0.4],
      [1.5, -0.5],
      [NaN, 1],
      [0, 0],
    ])
      expect(() => mdp(bad)).toThrow(/^finiteMdp: /)
    expect(() => mdp([0.5, 0.5])).not.toThrow()
  })

  it('a gamma outside [0, 1) is refused by infinite sums, and outside [0, 1] by finite ones', () => {
    for (const gamma of [1, -0.1, NaN, Infinity])
      expect(() => mdp([0.5, 0.5], gamma)).toThrow(/gamma must be in \[0, 1\)/)
    for (const gamma of [1.01, -0.1, NaN])
      for (const target of [retrace, vtrace, nStepReturns, lambdaReturns, gae])
        expect(() => target({ ...stretch(), gamma })).toThrow(/gamma must be in \[0, 1\]/)
  })

  it('an alpha of zero or less is refused', () => {
    const q = samples()
    for (const alpha of [0, -1, NaN, Infinity]) {
      expect(() => softProblem({ mdp: mdp([0.5, 0.5]), alpha })).toThrow(/alpha must be/)
      expect(() => softValue({ q, logProposal: q, alpha })).toThrow(
        'softValue: alpha must be positive and finite',
      )
      expect(() => uniformSoftValue({ q, alpha, logVolume: 0 })).toThrow(
        'uniformSoftValue: alpha must be positive',
      )
      expect(() => sampledPolicy({ q, alpha })).toThrow('sampledPolicy: alpha must be positive')
      expect(() => stateFeatures({ psi: tf.zeros([1, 3, 1]), q, logProposal: q, alpha })).toThrow(
        'stateFeatures: alpha',
      )
      expect(() =>
        svgdDirection({ particles: particles(), updated: particles(), score: particles(), alpha }),
      ).toThrow('svgdDirection: alpha must be positive')
      for (const target of [retrace, vtrace, nStepReturns, lambdaReturns])
        expect(() => target({ ...stretch(), alpha })).toThrow(/alpha must be positive/)
    }
  })

  it('empty mixtures, choices and products are refused', () => {
    const none = { logits: tf.zeros([1, 0]), mean: tf.zeros([1, 0, 1]), logStd: tf.zeros([1, 0, 1]) }
    for (const of of [gaussianMixture, tanhGaussianMixture])
      expect(() => of(none)).toThrow('logits must have at least one component, got 0')
    expect(() => truncatedGaussianMixture({ ...none, low: -1, high: 1 })).toThrow('at least one component')
    expect(() => productOfMixtures([none])).toThrow('at least one component')
    expect(() => productOfMixtures([])).toThrow('at least one entry')
    expect(() => categorical({ logits: tf.zeros([2, 0]) })).toThrow(
      'categorical: logits must have shape [..., K]',
    )
  })

  it('no samples are refused', () => {
    const none = tf.zeros([2, 0])
    const message = (name: string) => `${name}: K must be at least one sample per state, got 0`
    expect(() => softValue({ q: none, logProposal: none, alpha: 1 })).toThrow(message('softValue'))
    expect(() => uniformSoftValue({ q: none, logVolume: 0, alpha: 1 })).toThrow(message('uniformSoftValue'))
    expect(() => sampledPolicy({ q: none, alpha: 1 })).toThrow(message('sampledPolicy'))
    expect(() => importanceWeights({ logTarget: none, logProposal: none })).toThrow(
      message('importanceWeights'),
    )
    expect(() => klDual({ q: none, alpha: tf.scalar(1), epsilon: 1 })).toThrow(message('klDual'))
    expect(() => renyiHalf({ logP: none, logQ: none })).toThrow(message('renyiHalf'))
    const psi = tf.zeros([2, 0, 1])
    expect(() => stateFeatures({ psi, q: none, logProposal: none, alpha: 1 })).toThrow(
      message('stateFeatures'),
    )
    expect(() =>
      svgdDirection({ particles: psi, updated: tf.zeros([2, 1, 1]), score: psi, alpha: 1 }),
    ).toThrow(message('svgdDirection'))
  })

  it('scales are logarithms, so none is negative; one of zero gives no density that is a number', () => {
    const narrow = { mean: tf.zeros([1, 1]), logStd: tf.tensor1d([-Infinity]) }
    const at = row(0.5)
    for (const density of [
      diagonalGaussian(narrow).logProb(at),
      tanhGaussian(narrow).logProb({ preTanh: at }),
      truncatedGaussian({ ...narrow, low: -1, high: 1 }).logProb(at),
    ])
      expect(Number.isFinite(density.dataSync()[0])).toBe(false)
    for (const coefficient of [1, -1, 2])
      expect(() => autoregressivePrior({ coefficient })).toThrow('must be in (-1, 1)')
    for (const value of [0, -1, NaN])
      expect(() => rbfBandwidth(tf.zeros([1, 2, 2]), { kind: 'fixed', value })).toThrow(
        'value must be positive',
      )
  })

  it('degenerate bounds are refused', () => {
    const p = { mean: tf.zeros([1, 1]), logStd: tf.zeros([1]) }
    const mixture = { logits: tf.zeros([1, 1]), mean: tf.zeros([1, 1, 1]), logStd: tf.zeros([1, 1, 1]) }
    for (const [low, high] of [
      [1, 1],
      [1, -1],
      [NaN, 1],
      [-Infinity, 0],
      [-1, Infinity],
    ]) {
      const message = `low must be below high, both finite, got`
      expect(() => truncatedGaussian({ ...p, low, high })).toThrow(message)
      expect(() => truncatedGaussianMixture({ ...mixture, low, high })).toThrow(message)
      expect(() => productOfMixtures([mixture], { box: { low, high } })).toThrow(message)
      expect(() => uniformBox({ low: [0, low], high: [1, high] })).toThrow(message)
    }
  })

  it('shapes that do not fit are refused, those that would broadcast included', () => {
    const wide = tf.zeros([1, 3])
    expect(() => softValue({ q: tf.zeros([2, 3]), logProposal: wide, alpha: 1 })).toThrow(
      'softValue: logProposal must have shape [B, K] with B=2, K=3, got [1, 3]',
    )
    expect(() => diagonalGaussian({ mean: tf.zeros([2, 3]), logStd: wide })).toThrow(
      'logStd must have shape [2, 3] or [3]',
    )
    expect(() =>
      gaussianRenyiHalf({ mean: wide, logStd: tf.zeros([2]) }, { mean: wide, logStd: wide }),
    ).toThrow('gaussianRenyiHalf: logStd must have shape [1, 3] or [3], got [2]')
    expect(() => retrace({ ...stretch(), q: tf.zeros([1, 1]) })).toThrow(
      'retrace: q must have shape [T, B] with T=2, B=1',
    )
  })

  it('a proposal with little mass where the target has its own shows in the effective sample size', () => {
    const n = 500
    const actions = uniform(key(1), n)
    const target = (peak: number): Tensor =>
      tf.tensor2d(
        actions.map((a) => -50 * (a - peak) ** 2),
        [1, n],
      )
    const size = (peak: number): number =>
      importanceWeights({
        logTarget: target(peak),
        logProposal: tf.zeros([1, n]),
      }).effectiveSampleSize.dataSync()[0]
    // Uniform on (0, 1), and none outside of it.
    expect(size(0.5)).toBeGreaterThan(150)
    expect(size(1.9)).toBeLessThan(20)
    expect(size(6)).toBeLessThan(5)
  })

  it('a sample that the proposal could not have drawn takes all of the weight, and makes the value infinite', () => {
    const logProposal = row(-Infinity, 0, 0)
    expect(importanceWeights({ logTarget: samples(), logProposal })).toBeAllClose({
      weights: [[1, 0, 0]],
      effectiveSampleSize: [1],
    })
    expect(
      importanceWeights({ logTarget: samples(), logProposal: row(-Infinity, -Infinity, 0) }),
    ).toBeAllClose({
      weights: [[0.5, 0.5, 0]],
      effectiveSampleSize: [2],
    })
    expect(softValue({ q: samples(), logProposal, alpha: 0.5 })).toBeAllClose([Infinity])
  })

  it('a sample that neither target nor proposal has counts for nothing', () => {
    const none = { logTarget: row(-Infinity, 0, 0), logProposal: row(-Infinity, 0, 0) }
    expect(importanceWeights(none)).toBeAllClose({ weights: [[0, 0.5, 0.5]], effectiveSampleSize: [2] })
  })

  it('weights that all underflow are reported as an effective sample size of zero, and a value of −∞', () => {
    const lost = row(-Infinity, -Infinity, -Infinity)
    expect(importanceWeights({ logTarget: lost, logProposal: samples() })).toBeAllClose({
      weights: [[0, 0, 0]],
      effectiveSampleSize: [0],
    })
    expect(softValue({ q: lost, logProposal: samples(), alpha: 0.5 })).toBeAllClose([-Infinity])
    expect(uniformSoftValue({ q: lost, alpha: 0.5, logVolume: 0 })).toBeAllClose([-Infinity])
    // What exp would take to zero but is finite is no loss.
    const small = row(-1e30, -1e30 * (1 + 1e-6), -3e38)
    const { weights, effectiveSampleSize } = importanceWeights({
      logTarget: small,
      logProposal: tf.zeros([1, 3]),
    })
    expect(weights).toBeAllClose([[1, 0, 0]])
    expect(effectiveSampleSize).toBeAllClose([1])
    expect(softValue({ q: small, logProposal: tf.zeros([1, 3]), alpha: 1e-3 })).toBeAllClose([-1e30])
  })

  it('a choice that is excluded has no share of the policy over samples, nor of its divergence', () => {
    const { probs, kl, value } = sampledPolicy({ q: row(-Infinity, 0, 0), alpha: 1 })
    expect(probs).toBeAllClose([[0, 0.5, 0.5]])
    expect(kl).toBeAllClose([Math.log(1.5)])
    expect(value).toBeAllClose([Math.log(2 / 3)])
  })
})
