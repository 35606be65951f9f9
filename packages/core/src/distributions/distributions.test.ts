import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { key, normal } from '../keys/index.ts'
import { checkGrads, checkZeroGrads } from '../testing/index.ts'
import { diagonalGaussian, tanhGaussian } from './index.ts'

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
const noise = (rows: number, columns: number, seed = 1): Tensor2D =>
  tf.tensor2d(normal(key(seed), rows * columns), [rows, columns])

/** A one-dimensional density on a grid, by the midpoint rule. */
interface Grid {
  readonly low: number
  readonly high: number
  readonly cells: number
}
const midpoints = ({ low, high, cells }: Grid): Float32Array =>
  Float32Array.from({ length: cells }, (_, i) => low + ((i + 0.5) * (high - low)) / cells)

describe('diagonalGaussian', () => {
  it('has the density, entropy and divergence of the closed forms, by hand', () => {
    const standard = diagonalGaussian({ mean: tf.zeros<tf.Rank.R2>([1, 2]), logStd: tf.zeros([2]) })
    expect(standard.logProb(tf.tensor2d([[1, 2]]))).toBeAllClose([-Math.log(2 * Math.PI) - 2.5])
    expect(standard.entropy()).toBeAllClose([Math.log(2 * Math.PI * Math.E)])
    const other = { mean: tf.tensor2d([[1, 0]]), logStd: tf.tensor1d([Math.LN2, 0]) }
    expect(standard.kl(other)).toBeAllClose([Math.LN2 + 0.5 * (0.25 + 0.25 - 1)])
    expect(standard.kl(standard)).toBeAllClose([0])
  })

  it('samples mean + std · noise, and the mode is the mean', () => {
    const policy = diagonalGaussian({ mean: mean(), logStd: logStd() })
    expect(policy.sample(tf.zeros([2, 2]))).toBeAllClose(mean())
    expect(policy.sample(tf.ones([2, 2]))).toBeAllClose(tf.add(mean(), tf.exp(logStd())))
    expect(policy.mode()).toBeAllClose(mean())
  })

  it('takes one logStd for all rows', () => {
    const row = tf.tensor1d([0.1, -0.4])
    const shared = diagonalGaussian({ mean: mean(), logStd: row })
    const spread = diagonalGaussian({ mean: mean(), logStd: tf.stack([row, row]) })
    const x = noise(2, 2)
    expect(shared.logProb(x)).toBeAllClose(spread.logProb(x))
    expect(shared.sampleWithLogProb(x)).toBeAllClose(spread.sampleWithLogProb(x))
    expect(shared.entropy()).toBeAllClose(spread.entropy())
    const narrow = { mean: tf.neg(mean()), logStd: row }
    expect(shared.kl(narrow)).toBeAllClose(spread.kl({ ...narrow, logStd: tf.stack([row, row]) }))
  })

  it('has a density that integrates to one', () => {
    const grid = { low: -8, high: 8, cells: 4000 }
    const points = tf.tensor2d(midpoints(grid), [grid.cells, 1])
    for (const [m, s] of [
      [0, 0],
      [1, -1.5],
      [-0.5, 0.5],
    ]) {
      const policy = diagonalGaussian({ mean: tf.fill([grid.cells, 1], m), logStd: tf.tensor1d([s]) })
      expect(tf.mean(tf.exp(policy.logProb(points))).dataSync()[0] * 16).toBeCloseTo(1, 5)
    }
  })

  it('gives the log density of its samples', () => {
    const policy = diagonalGaussian({ mean: mean(), logStd: logStd() })
    const { sample, logProb } = policy.sampleWithLogProb(noise(2, 2))
    expect(logProb).toBeAllClose(policy.logProb(sample))
  })

  it('has a divergence that agrees with sampled log ratios', () => {
    const n = 100_000
    const p = diagonalGaussian({ mean: tf.fill([n, 1], 0.5), logStd: tf.tensor1d([-0.3]) })
    const q = diagonalGaussian({ mean: tf.fill([n, 1], -0.1), logStd: tf.tensor1d([0.2]) })
    const { sample, logProb } = p.sampleWithLogProb(noise(n, 1, 4))
    expect(tf.mean(tf.sub(logProb, q.logProb(sample))).dataSync()[0]).toBeCloseTo(p.kl(q).dataSync()[0], 1.7)
  })

  it('has the gradients that central differences give', () => {
    const x = noise(2, 2)
    const sum = (f: (p: ReturnType<typeof diagonalGaussian>) => Tensor) => (m: Tensor2D, s: Tensor2D) =>
      tf.sum<tf.Scalar>(f(diagonalGaussian({ mean: m, logStd: s })))
    checkGrads(
      sum((p) => p.logProb(x)),
      [mean(), logStd()],
    )
    checkGrads(
      sum((p) => p.entropy()),
      [mean(), logStd()],
    )
    checkGrads(
      sum((p) => tf.sin(p.sample(x))),
      [mean(), logStd()],
    )
    checkGrads(
      sum((p) => p.kl({ mean: x, logStd: tf.tensor1d([0.2, -0.1]) })),
      [mean(), logStd()],
    )
    checkGrads(
      (m: Tensor2D, s: Tensor2D) =>
        tf.sum<tf.Scalar>(diagonalGaussian({ mean: x, logStd: tf.zeros([2]) }).kl({ mean: m, logStd: s })),
      [mean(), logStd()],
    )
  })

  it('gives the log density of a sample no gradient to the mean', () => {
    checkZeroGrads(
      (args: { mean: Tensor2D; logStd: Tensor2D }) =>
        tf.sum(diagonalGaussian(args).sampleWithLogProb(noise(2, 2)).logProb),
      { mean: mean(), logStd: logStd() },
      ['mean'],
    )
  })

  it('frees all tensors but its results', () => {
    const parts = { mean: mean(), logStd: logStd() }
    const x = noise(2, 2)
    const before = tf.memory().numTensors
    const p = diagonalGaussian(parts)
    const { sample, logProb } = p.sampleWithLogProb(x)
    const results = [sample, logProb, p.sample(x), p.logProb(x), p.entropy(), p.mode(), p.kl(p)]
    expect(tf.memory().numTensors - before).toBe(results.length)
    tf.dispose(results)
  })

  it('refuses parameters and noise that do not fit', () => {
    expect(() => diagonalGaussian({ mean: tf.scalar(0), logStd: tf.scalar(0) })).toThrow(
      'diagonalGaussian: mean must have shape [..., D], got a scalar',
    )
    expect(() => diagonalGaussian({ mean: mean(), logStd: tf.zeros([2, 1]) })).toThrow(
      'diagonalGaussian: logStd must have shape [2, 2] or [2], got [2, 1]',
    )
    const policy = diagonalGaussian({ mean: mean(), logStd: logStd() })
    expect(() => policy.sample(tf.zeros([2]))).toThrow('sample: noise must have shape [2, 2], got [2]')
    expect(() => policy.kl({ mean: mean(), logStd: tf.zeros([3]) })).toThrow(
      'kl: logStd must have shape [2, 2] or [2], got [3]',
    )
  })
})

describe('tanhGaussian', () => {
  it('is tanh of the normal distribution, by hand', () => {
    const policy = tanhGaussian({ mean: tf.tensor2d([[0.5, -1]]), logStd: tf.tensor1d([0, Math.LN2]) })
    const { action, preTanh, logProb } = policy.sampleWithLogProb(tf.tensor2d([[1, 0.25]]))
    expect(preTanh).toBeAllClose([[1.5, -0.5]])
    expect(action).toBeAllClose([[Math.tanh(1.5), Math.tanh(-0.5)]])
    const base = -Math.log(2 * Math.PI) - 0.5 - 0.5 / 16 - Math.LN2
    expect(logProb).toBeAllClose([
      base - Math.log(1 - Math.tanh(1.5) ** 2) - Math.log(1 - Math.tanh(0.5) ** 2),
    ])
    expect(policy.mode()).toBeAllClose([[Math.tanh(0.5), Math.tanh(-1)]])
  })

  it('gives the density of a sample again from the value before the squash', () => {
    const policy = tanhGaussian({ mean: mean(), logStd: logStd() })
    const { preTanh, logProb } = policy.sampleWithLogProb(noise(2, 2))
    expect(policy.logProb({ preTanh })).toBeAllClose(logProb)
  })

  it('has a density over actions that integrates to one', () => {
    const grid = { low: -1, high: 1, cells: 20_000 }
    const preTanh = tf.tensor2d(midpoints(grid).map(Math.atanh), [grid.cells, 1])
    for (const [m, s] of [
      [0, 0],
      [1, -1],
      [-0.5, -0.3],
      [0.2, 0.5],
    ]) {
      const policy = tanhGaussian({ mean: tf.fill([grid.cells, 1], m), logStd: tf.tensor1d([s]) })
      expect(tf.mean(tf.exp(policy.logProb({ preTanh }))).dataSync()[0] * 2).toBeCloseTo(1, 3)
    }
  })

  it('has the log determinant that differentiating tanh gives', () => {
    // Differentiating has its digits up to about 2: the slope is 1 − tanh².
    const u = tf.tensor2d([-2, -0.5, -0.01, 0.1, 1, 2], [6, 1])
    const slope = tf.grad((x: Tensor) => tf.sum(tf.tanh(x)))(u)
    const unit = { mean: tf.zeros<tf.Rank.R2>([6, 1]), logStd: tf.zeros([1]) }
    const logDet = tf.sub(diagonalGaussian(unit).logProb(u), tanhGaussian(unit).logProb({ preTanh: u }))
    expect(logDet).toBeAllClose(tf.sum(tf.log(slope), -1), { rtol: 1e-5, atol: 1e-6 })
  })

  it('has the gradients that central differences give', () => {
    const x = noise(2, 2)
    const loss = (m: Tensor2D, s: Tensor2D): tf.Scalar => {
      const { action, logProb } = tanhGaussian({ mean: m, logStd: s }).sampleWithLogProb(x)
      return tf.add<tf.Scalar>(tf.sum(tf.square(action)), tf.sum(logProb))
    }
    checkGrads(loss, [mean(), logStd()])
    checkGrads(
      (m: Tensor2D, s: Tensor2D, preTanh: Tensor2D) =>
        tf.sum<tf.Scalar>(tanhGaussian({ mean: m, logStd: s }).logProb({ preTanh })),
      [mean(), logStd(), x],
    )
  })

  it('stays finite, gradients included, for values before the squash of ±20 and beyond', () => {
    const at = tf.tensor2d([[-100, -20, 0, 20, 100]])
    const grad = tf.grad((m: Tensor) => {
      const { action, logProb } = tanhGaussian({
        mean: m as Tensor2D,
        logStd: tf.fill([5], -20),
      }).sampleWithLogProb(tf.ones([1, 5]))
      return tf.add(tf.sum(action), tf.sum(logProb))
    })(at)
    // d/dm (tanh m − log det) = 1 − tanh² m + 2 tanh m
    expect(grad).toBeAllClose([[-2, -2, 1, 2, 2]], { atol: 1e-4 })
    const { action, logProb } = tanhGaussian({ mean: at, logStd: tf.fill([5], 2) }).sampleWithLogProb(
      tf.ones([1, 5]),
    )
    expect(Array.from(logProb.dataSync()).every(Number.isFinite)).toBe(true)
    expect(Math.max(...action.dataSync().map(Math.abs))).toBeLessThanOrEqual(1)
  })

  it('gives densities to any number of leading axes', () => {
    const flat = tanhGaussian({ mean: mean(), logStd: logStd() }).sampleWithLogProb(noise(2, 2))
    const one: Tensor1D = tf.tensor1d([0.5, -1])
    const { logProb } = tanhGaussian({ mean: one, logStd: tf.tensor1d([0, 0.3]) }).sampleWithLogProb(
      tf.slice(noise(2, 2), [0, 0], [1, 2]).reshape([2]),
    )
    expect(logProb).toBeAllClose(flat.logProb.dataSync()[0])
    expect(logProb.shape).toEqual([])
  })

  it('frees all tensors but its results', () => {
    const parts = { mean: mean(), logStd: logStd() }
    const x = noise(2, 2)
    const before = tf.memory().numTensors
    const policy = tanhGaussian(parts)
    const sample = policy.sampleWithLogProb(x)
    const rest = [policy.logProb({ preTanh: x }), policy.mode()]
    expect(tf.memory().numTensors - before).toBe(5)
    tf.dispose([sample.action, sample.preTanh, sample.logProb, ...rest])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses a logStd that does not fit', () => {
    expect(() => tanhGaussian({ mean: mean(), logStd: tf.zeros([1]) })).toThrow(
      'tanhGaussian: logStd must have shape [2, 2] or [2], got [1]',
    )
  })
})
