import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, uniform } from '../keys/index.ts'
import { logNormalCdf } from '../stable/logNormalCdf.ts'
import { checkGrads } from '../testing/index.ts'
import { diagonalGaussian, truncatedGaussian } from './index.ts'

const mean = (): Tensor2D =>
  tf.tensor2d([
    [0.5, -1],
    [2, 0],
  ])
const logStd = (): Tensor2D =>
  tf.tensor2d([
    [0, 0.3],
    [-1, -0.2],
  ])
const box = { low: -1, high: 1 }

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('logNormalCdf', () => {
  // Python's math.erfc; at −50 the asymptotic series.
  const table = [
    [-50, -1254.8313611394199],
    [-20, -203.91715537109726],
    [-8, -35.01343715991455],
    [-3, -6.6077262215103495],
    [-1, -1.8410216450092634],
    [0, -0.6931471805599453],
    [1, -0.17275377902344985],
    [4, -3.1671743377489257e-5],
  ]

  it('keeps its digits from tail to tail', () => {
    const values = logNormalCdf(tf.tensor1d(table.map(([x]) => x))).dataSync()
    for (const [i, [x, expected]] of table.entries())
      expect(Math.abs(values[i] - expected), `at ${x}`).toBeLessThan(3e-7 * Math.max(1, Math.abs(expected)))
  })

  it('has the gradient φ/Φ, which is about −x on the left and 0 on the right', () => {
    const slopes = tf.grad((x: Tensor) => tf.sum(logNormalCdf(x)))(tf.tensor1d([-50, 0, 50]))
    expect(slopes).toBeAllClose([50.02, Math.sqrt(2 / Math.PI), 0], { rtol: 1e-4 })
    checkGrads((x: Tensor) => tf.sum(logNormalCdf(x)), [tf.tensor1d([-2.5, -0.4, 0.6, 1.5])])
  })
})

describe('truncatedGaussian', () => {
  it('is the normal density over its mass in the box, by hand', () => {
    const p = truncatedGaussian({ mean: tf.zeros<tf.Rank.R2>([1, 1]), logStd: tf.zeros([1]), ...box })
    const mass = 0.6826894921370859
    expect(p.logMass()).toBeAllClose([Math.log(mass)])
    expect(p.logProb(tf.tensor2d([[0.5]]))).toBeAllClose([
      -0.125 - 0.5 * Math.log(2 * Math.PI) - Math.log(mass),
    ])
    expect(p.logProb(tf.tensor2d([[1.5]]))).toBeAllClose([-Infinity])
    expect(p.mode()).toBeAllClose([[0]])
    const outside = truncatedGaussian({ mean: tf.fill<tf.Rank.R2>([1, 1], 3), logStd: tf.zeros([1]), ...box })
    expect(outside.mode()).toBeAllClose([[1]])
  })

  it('is the uncut normal distribution in a wide box, and uniform for a wide one', () => {
    const x = tf.tensor2d([
      [0.4, -0.9],
      [0.8, 0.1],
    ])
    const wide = truncatedGaussian({ mean: mean(), logStd: logStd(), low: -40, high: 40 })
    expect(wide.logProb(x)).toBeAllClose(diagonalGaussian({ mean: mean(), logStd: logStd() }).logProb(x))
    for (const spread of [6, 12, 30]) {
      const flat = truncatedGaussian({ mean: mean(), logStd: tf.fill([2], spread), ...box })
      expect(flat.logProb(x)).toBeAllClose([-2 * Math.LN2, -2 * Math.LN2], { atol: 1e-4 })
    }
  })

  it('has a density that integrates to one, for means inside and far outside', () => {
    const cells = 4000
    const points = tf.tensor2d(
      Float32Array.from({ length: cells }, (_, i) => (2 * (i + 0.5)) / cells - 1),
      [cells, 1],
    )
    for (const [m, s] of [
      [0, 0],
      [0.5, -2],
      [3, -0.5],
      [-8, 0.2],
      [0.1, 4],
      [0.1, 5.5],
    ]) {
      const p = truncatedGaussian({
        mean: tf.fill<tf.Rank.R2>([cells, 1], m),
        logStd: tf.tensor1d([s]),
        ...box,
      })
      expect(2 * tf.mean(tf.exp(p.logProb(points))).dataSync()[0], `mean ${m}, log std ${s}`).toBeCloseTo(
        1,
        3.5,
      )
    }
  })

  it('samples quantiles: the box at the ends, the median between', () => {
    const p = truncatedGaussian({
      mean: tf.zeros<tf.Rank.R2>([1, 3]),
      logStd: tf.tensor1d([-1, 0, 2]),
      ...box,
    })
    expect(p.sample(tf.zeros([1, 3]))).toBeAllClose([[-1, -1, -1]], { atol: 1e-5 })
    expect(p.sample(tf.fill([1, 3], 0.5))).toBeAllClose([[0, 0, 0]], { atol: 1e-5 })
    expect(p.sample(tf.fill([1, 3], 1 - 2 ** -24))).toBeAllClose([[1, 1, 1]], { atol: 1e-4 })
    const { sample, logProb } = p.sampleWithLogProb(tf.tensor2d([[0.2, 0.7, 0.9]]))
    expect(logProb).toBeAllClose(p.logProb(sample))
  })

  it('has the gradients that central differences give', () => {
    const u = tf.tensor2d([
      [0.2, 0.7],
      [0.9, 0.4],
    ])
    const x = tf.tensor2d([
      [0.4, -0.8],
      [0.7, 0.1],
    ])
    const of = (m: Tensor, s: Tensor) => truncatedGaussian({ mean: m, logStd: s, ...box })
    checkGrads((m: Tensor, s: Tensor) => tf.sum(of(m, s).logProb(x)), [mean(), logStd()])
    checkGrads((m: Tensor, s: Tensor) => tf.sum(tf.sin(of(m, s).sample(u))), [mean(), logStd()])
    checkGrads((y: Tensor) => tf.sum(of(mean(), logStd()).logProb(y)), [x])
  })

  it('has the entropy of the uniform distribution when wide, of the normal one in a wide box, and no divergence from itself', () => {
    const flat = truncatedGaussian({ mean: mean(), logStd: tf.fill([2], 12), ...box })
    expect(flat.entropy()).toBeAllClose([2 * Math.LN2, 2 * Math.LN2], { atol: 1e-4 })
    const params = { mean: mean(), logStd: logStd() }
    const other = { mean: tf.neg(mean()), logStd: tf.tensor1d([0.2, -0.3]) }
    const open = truncatedGaussian({ ...params, low: -40, high: 40 })
    expect(open.entropy()).toBeAllClose(diagonalGaussian(params).entropy())
    expect(open.kl(other)).toBeAllClose(diagonalGaussian(params).kl(other))
    const cut = truncatedGaussian({ ...params, ...box })
    expect(cut.kl(params)).toBeAllClose([0, 0])
    const n = 20_000
    const row = { mean: tf.fill<tf.Rank.R2>([n, 1], 0.6), logStd: tf.tensor1d([-0.2]) }
    const p = truncatedGaussian({ ...row, ...box })
    const q = { mean: tf.fill([n, 1], -0.5), logStd: tf.tensor1d([-0.8]) }
    const { sample, logProb } = p.sampleWithLogProb(tf.tensor2d(uniform(key(6), n), [n, 1]))
    const logRatio = tf.sub(logProb, truncatedGaussian({ ...q, ...box }).logProb(sample))
    expect(tf.mean(logRatio).dataSync()[0]).toBeCloseTo(p.kl(q).dataSync()[0], 1.3)
    expect(tf.neg(tf.mean(logProb)).dataSync()[0]).toBeCloseTo(p.entropy().dataSync()[0], 1.7)
  })

  it('has the gradients of entropy and divergence that central differences give', () => {
    checkGrads(
      (m: Tensor, s: Tensor) => tf.sum(truncatedGaussian({ mean: m, logStd: s, ...box }).entropy()),
      [mean(), logStd()],
    )
    checkGrads(
      (m: Tensor, s: Tensor, otherM: Tensor, otherS: Tensor) =>
        tf.sum(truncatedGaussian({ mean: m, logStd: s, ...box }).kl({ mean: otherM, logStd: otherS })),
      [mean(), logStd(), tf.neg(mean()), tf.tensor1d([0.2, -0.3])],
    )
    // Means far outside, and boxes that are narrow against the spread.
    const far = { mean: tf.tensor2d([[20, -8, 0.25]]), logStd: tf.tensor1d([1, 0.25, 3]) }
    const other = { mean: tf.tensor2d([[0.25, 0.5, -0.5]]), logStd: tf.tensor1d([-0.3, 0, 0.2]) }
    checkGrads(
      (m: Tensor, s: Tensor) => tf.sum(truncatedGaussian({ mean: m, logStd: s, ...box }).kl(other)),
      [far.mean, far.logStd],
    )
    checkGrads(
      (m: Tensor, s: Tensor) => tf.sum(truncatedGaussian({ ...far, ...box }).kl({ mean: m, logStd: s })),
      [other.mean, other.logStd],
    )
  })

  it('stays finite, gradients included, for means and spreads at extremes', () => {
    const u = tf.tensor2d([[0, 1e-7, 0.5, 1 - 2 ** -24]])
    for (const m of [-100, -1, 0, 30])
      for (const s of [-5, 0, 20]) {
        const f = (a: Tensor, b: Tensor): Tensor => {
          const { sample, logProb } = truncatedGaussian({ mean: a, logStd: b, ...box }).sampleWithLogProb(u)
          const p = truncatedGaussian({ mean: a, logStd: b, ...box })
          return tf.addN([
            tf.sum(sample),
            tf.sum(logProb),
            tf.sum(p.entropy()),
            tf.sum(p.kl({ mean: tf.zeros([1, 4]), logStd: tf.zeros([4]) })),
          ])
        }
        const args = [tf.fill([1, 4], m), tf.fill([4], s)] as const
        const results = [f(...args), ...tf.grads(f)([...args])]
        for (const x of results)
          expect(tf.all(tf.isFinite(x)).dataSync()[0], `mean ${m}, log std ${s}: ${x.toString()}`).toBe(1)
      }
  })

  it('refuses parameters and noise that do not fit', () => {
    expect(() => truncatedGaussian({ mean: mean(), logStd: logStd(), low: 1, high: 1 })).toThrow(
      'truncatedGaussian: low must be below high, both finite, got low=1 and high=1',
    )
    expect(() => truncatedGaussian({ mean: mean(), logStd: tf.zeros([3]), ...box })).toThrow(
      'truncatedGaussian: logStd must have shape',
    )
    const p = truncatedGaussian({ mean: mean(), logStd: logStd(), ...box })
    expect(() => p.kl({ mean: tf.zeros([1, 2]), logStd: tf.zeros([2]) })).toThrow(
      'kl: mean must have shape [2, 2]',
    )
    expect(() => p.sample(tf.zeros([2]))).toThrow('sample: uniform must have shape [2, 2], got [2]')
  })
})
