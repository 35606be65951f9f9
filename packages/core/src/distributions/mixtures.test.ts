import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, normal, uniform } from '../keys/index.ts'
import { klDivergence } from '../tabular/index.ts'
import { checkGrads } from '../testing/index.ts'
import { autoregressivePrior, categorical, diagonalGaussian, gaussianMixture } from './index.ts'
import { tanhGaussian, tanhGaussianMixture, truncatedGaussian } from './index.ts'
import { truncatedGaussianMixture, uniformBox } from './index.ts'

const logits = (): Tensor2D =>
  tf.tensor2d([
    [0, Math.log(3)],
    [0.4, -0.2],
  ])
const mean = (): Tensor3D => tf.tensor3d([0.5, -1, 0.3, 0.2, -0.4, 0.8, -0.6, 0.1], [2, 2, 2])
const logStd = (): Tensor3D => tf.tensor3d([-1, 0.2, -0.3, -0.5, 0, -0.8, 0.1, -0.2], [2, 2, 2])
const params = () => ({ logits: logits(), mean: mean(), logStd: logStd() })
const draw = (seed: number, K: number, B = 2, A = 2) => ({
  component: tf.tensor2d(uniform(key(seed), B * K), [B, K]),
  noise: tf.tensor3d(normal(key(seed + 1), B * K * A), [B, K, A]),
})

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('categorical', () => {
  const p = [0.1, 0.6, 0.3]
  const of = (values: number[]): Tensor1D => tf.tensor1d(values.map((x) => Math.log(x) + 5))

  it('has the probabilities, entropy and divergence of the closed forms, by hand', () => {
    const it = categorical({ logits: of(p) })
    expect(it.sample(tf.scalar(0.05)).dtype).toBe('int32')
    expect(tf.exp(it.logProbs())).toBeAllClose(p)
    expect(it.logProb(tf.scalar(2, 'int32'))).toBeAllClose(Math.log(0.3))
    expect(it.entropy()).toBeAllClose(-p.reduce((sum, x) => sum + x * Math.log(x), 0))
    expect(it.mode().dataSync()[0]).toBe(1)
    const r = [0.5, 0.3, 0.2]
    expect(it.kl({ logits: of(r) })).toBeAllClose(klDivergence(Float64Array.from(p), Float64Array.from(r)))
    expect(it.kl({ logits: of(p) })).toBeAllClose(0, { atol: 1e-6 })
  })

  it('never samples what is excluded, and counts it for nothing', () => {
    const some = categorical({ logits: tf.tensor2d([[-Infinity, 0, -Infinity, 0, -Infinity]]) })
    for (const u of [0, 0.3, 0.499, 0.5, 1 - 2 ** -24])
      expect(some.sample(tf.tensor1d([u])).dataSync()[0]).toBe(u < 0.5 ? 1 : 3)
    expect(some.entropy()).toBeAllClose([Math.LN2])
    expect(some.kl({ logits: tf.zeros([1, 5]) })).toBeAllClose([Math.log(2.5)])
    expect(some.logProb(tf.tensor1d([3], 'int32'))).toBeAllClose([-Math.LN2])
    const { sample, logProb } = some.sampleWithLogProb(tf.tensor1d([0.7]))
    expect(sample.dataSync()[0]).toBe(3)
    expect(logProb).toBeAllClose([-Math.LN2])
  })

  it('has the gradients that central differences give', () => {
    checkGrads((x: Tensor) => tf.sum(categorical({ logits: x }).entropy()), [logits()])
    checkGrads(
      (x: Tensor, y: Tensor) => tf.sum(categorical({ logits: x }).kl({ logits: y })),
      [logits(), tf.neg(logits())],
    )
    const choice = tf.tensor1d([1, 0], 'int32')
    checkGrads((x: Tensor) => tf.sum(categorical({ logits: x }).logProb(choice)), [logits()])
  })

  it('refuses what does not fit', () => {
    expect(() => categorical({ logits: tf.zeros([2, 0]) })).toThrow(
      'categorical: logits must have shape [..., K]',
    )
    const it = categorical({ logits: logits() })
    expect(() => it.logProb(tf.zeros([3], 'int32'))).toThrow('logProb: choice must have shape [2]')
    expect(() => it.sample(tf.zeros([1]))).toThrow('sample: uniform must have shape [2]')
    expect(() => it.kl({ logits: tf.zeros([2, 3]) })).toThrow('kl: logits must have shape [2, 2]')
  })
})

describe('uniformBox', () => {
  it('has one density inside and none outside, by hand', () => {
    const box = uniformBox({ low: [-1, 0], high: [1, 3] })
    expect(box.logVolume).toBeCloseTo(Math.log(6), 12)
    expect(box.sample(tf.tensor2d([[0.25, 0.5]]))).toBeAllClose([[-0.5, 1.5]])
    expect(box.sampleWithLogProb(tf.tensor2d([[0.25, 0.5]]))).toBeAllClose({
      sample: [[-0.5, 1.5]],
      logProb: [-Math.log(6)],
    })
    const x = tf.tensor2d([
      [0, 1],
      [1, 3],
      [0, 3.1],
    ])
    expect(box.logProb(x)).toBeAllClose([-Math.log(6), -Math.log(6), -Infinity])
  })

  it('refuses what does not fit', () => {
    expect(() => uniformBox({ low: [], high: [] })).toThrow('uniformBox: low and high must have one number')
    expect(() => uniformBox({ low: [0, 1], high: [1, 1] })).toThrow(
      'uniformBox: low must be below high, both finite, got 1 and 1 in dimension 1',
    )
    const box = uniformBox({ low: [0], high: [1] })
    expect(() => box.sample(tf.zeros([2, 2]))).toThrow('uniformBox: uniform must have shape [..., 1]')
    expect(() => box.logProb(tf.zeros([2, 2]))).toThrow('uniformBox: x must have shape [..., 1], got [2, 2]')
  })
})

describe('autoregressivePrior', () => {
  it('keeps the marginal N(0, I): the coefficient and its standard deviation, by hand', () => {
    const { next, first } = autoregressivePrior({ coefficient: 0.6 })
    const { mean: m, logStd: s } = next(tf.tensor2d([[1, -2]]))
    expect(m).toBeAllClose([[0.6, -1.2]])
    expect(tf.exp(s)).toBeAllClose([0.8, 0.8])
    expect(first([3, 2]).logProb(tf.zeros([3, 2]))).toBeAllClose(tf.fill([3], -Math.log(2 * Math.PI)))
    const none = autoregressivePrior({ coefficient: 0 }).next(tf.ones([1, 2]))
    expect(none.kl(diagonalGaussian({ mean: tf.zeros([1, 2]), logStd: tf.zeros([2]) }))).toBeAllClose([0])
  })

  it('has variance one and the correlation of its coefficient after many steps', () => {
    const { next, first } = autoregressivePrior({ coefficient: 0.95 })
    const n = 4000
    const noise = (seed: number): Tensor2D => tf.tensor2d(normal(key(seed), n), [n, 1])
    let z = first([n, 1]).sample(noise(0))
    let before = z
    for (let t = 1; t <= 40; t++) [before, z] = [z, next(z).sample(noise(t))]
    expect(tf.mean(tf.square(z)).dataSync()[0]).toBeCloseTo(1, 0.9)
    expect(tf.mean(tf.mul(z, before)).dataSync()[0]).toBeCloseTo(0.95, 0.9)
  })

  it('keeps the marginal variance of one, where the printed √(1 − a²) read as a variance ends at 3.2', () => {
    const coefficient = 0.95
    const conditional = autoregressivePrior({ coefficient }).next(tf.zeros([1, 1]))
    const std = conditional.sample(tf.ones([1, 1])).dataSync()[0]
    const marginal = (variance: number): number => {
      let v = 1
      for (let t = 0; t < 300; t++) v = coefficient ** 2 * v + variance
      return v
    }
    expect(marginal(std ** 2)).toBeCloseTo(1, 5)
    expect(marginal(std)).toBeCloseTo(3.2026, 3)
  })

  it('refuses coefficients outside (−1, 1)', () => {
    for (const coefficient of [1, -1, NaN])
      expect(() => autoregressivePrior({ coefficient })).toThrow(
        'autoregressivePrior: coefficient must be in (-1, 1)',
      )
  })
})

describe('mixtures', () => {
  it('of one component are that component', () => {
    const [one, at] = [tf.slice(mean(), [0, 0, 0], [2, 1, 2]), tf.slice(logStd(), [0, 0, 0], [2, 1, 2])]
    const single = tanhGaussianMixture({ logits: tf.ones([2, 1]), mean: one, logStd: at })
    const gaussian = tanhGaussian({ mean: one, logStd: at })
    const { component, noise } = draw(9, 1)
    const [mine, its] = [single.sampleWithLogProb({ component, noise }), gaussian.sampleWithLogProb(noise)]
    expect(mine.action).toBeAllClose(its.action)
    expect(mine.logProb).toBeAllClose(its.logProb)
  })

  it('have the weighted sum of the densities, by hand', () => {
    const one = { logits: tf.tensor2d([[0, Math.log(3)]]), logStd: tf.zeros<tf.Rank.R3>([1, 2, 1]) }
    const p = gaussianMixture({ ...one, mean: tf.tensor3d([[[0], [2]]]) })
    const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
    expect(p.logProb(tf.tensor3d([[[1.5]]]))).toBeAllClose([
      [Math.log(0.25 * density(1.5) + 0.75 * density(0.5))],
    ])
  })

  it('of equal components are that component, in all three forms', () => {
    const same = {
      logits: logits(),
      mean: tf.tile(tf.slice(mean(), [0, 0, 0], [2, 1, 2]), [1, 2, 1]),
      logStd: tf.tile(tf.slice(logStd(), [0, 0, 0], [2, 1, 2]), [1, 2, 1]),
    }
    const alone = {
      mean: tf.slice(mean(), [0, 0, 0], [2, 1, 2]),
      logStd: tf.slice(logStd(), [0, 0, 0], [2, 1, 2]),
    }
    const x = tf.mul(0.5, tf.tanh(draw(1, 1).noise))
    expect(gaussianMixture(same).logProb(x)).toBeAllClose(diagonalGaussian(alone).logProb(x))
    expect(tanhGaussianMixture(same).logProb({ preTanh: x })).toBeAllClose(
      tanhGaussian(alone).logProb({ preTanh: x }),
    )
    const box = { low: -1, high: 1 }
    expect(truncatedGaussianMixture({ ...same, ...box }).logProb(x)).toBeAllClose(
      truncatedGaussian({ ...alone, ...box }).logProb(x),
    )
  })

  it('have densities that integrate to one', () => {
    const cells = 2000
    const one = {
      logits: tf.tensor2d([[0, 1]]),
      mean: tf.tensor3d([[[-0.5], [0.9]]]),
      logStd: tf.tensor3d([[[-1], [-0.4]]]),
    }
    const grid = (low: number, high: number, f = (x: number) => x): Tensor3D =>
      tf.tensor3d(
        Float32Array.from({ length: cells }, (_, i) => f(low + ((i + 0.5) * (high - low)) / cells)),
        [1, cells, 1],
      )
    const mass = (logProb: Tensor, width: number): number => width * tf.mean(tf.exp(logProb)).dataSync()[0]
    expect(mass(gaussianMixture(one).logProb(grid(-8, 8)), 16)).toBeCloseTo(1, 4)
    const preTanh = grid(-1, 1, Math.atanh)
    expect(mass(tanhGaussianMixture(one).logProb({ preTanh }), 2)).toBeCloseTo(1, 2.5)
    const cut = truncatedGaussianMixture({ ...one, low: -1, high: 1 })
    expect(mass(cut.logProb(grid(-1, 1)), 2)).toBeCloseTo(1, 4)
  })

  it('sample components as often as they weigh, and those as they are spread', () => {
    const n = 4000
    const one = {
      logits: tf.tensor2d([[0, Math.log(3)]]),
      mean: tf.tensor3d([[[-3], [2]]]),
      logStd: tf.tensor3d([[[-2], [0]]]),
    }
    const noise = draw(5, n, 1, 1)
    const samples = gaussianMixture(one).sample(noise).dataSync<'float32'>()
    const share = samples.filter((x) => x < -2).length / n
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / n))
    const expected = [0.25 * -3 + 0.75 * 2, 0.25 * (9 + Math.exp(-4)) + 0.75 * 5]
    const got = [samples.reduce((sum, x) => sum + x, 0) / n, samples.reduce((sum, x) => sum + x * x, 0) / n]
    expect(Math.abs(got[0] - expected[0])).toBeLessThan(0.15)
    expect(Math.abs(got[1] - expected[1])).toBeLessThan(0.4)
    const cut = truncatedGaussianMixture({ ...one, low: -1, high: 1 })
    const inside = cut.sample({ ...noise, noise: tf.tensor3d(uniform(key(9), n), [1, n, 1]) })
    expect(tf.max(tf.abs(inside)).dataSync()[0]).toBeLessThanOrEqual(1)
    expect(tf.all(tf.isFinite(cut.logProb(inside))).dataSync()[0]).toBe(1)
  })

  it('give the log density of squashed samples', () => {
    const p = tanhGaussianMixture(params())
    const { action, preTanh, logProb } = p.sampleWithLogProb(draw(3, 5))
    expect(action).toBeAllClose(tf.tanh(preTanh))
    expect(logProb).toBeAllClose(p.logProb({ preTanh }))
    const plain = p.base.sampleWithLogProb(draw(3, 5))
    expect(plain.sample).toBeAllClose(preTanh)
    expect(plain.logProb).toBeAllClose(p.base.logProb(preTanh))
  })

  it('have the gradients that central differences give', () => {
    const { noise, component } = draw(2, 3)
    checkGrads(
      (l: Tensor, m: Tensor, s: Tensor) =>
        tf.sum(gaussianMixture({ logits: l, mean: m, logStd: s }).logProb(noise)),
      [logits(), mean(), logStd()],
    )
    checkGrads(
      (m: Tensor, s: Tensor) =>
        tf.sum(
          tf.sin(gaussianMixture({ logits: logits(), mean: m, logStd: s }).sample({ noise, component })),
        ),
      [mean(), logStd()],
    )
    const x = tf.mul(0.5, tf.tanh(noise))
    checkGrads(
      (l: Tensor, m: Tensor, s: Tensor) =>
        tf.sum(truncatedGaussianMixture({ logits: l, mean: m, logStd: s, low: -1, high: 1 }).logProb(x)),
      [logits(), mean(), logStd()],
    )
  })

  it('stay finite far from every component', () => {
    const f = (x: Tensor): Tensor => gaussianMixture(params()).logProb(x)
    const far = tf.fill([2, 1, 2], 1e10)
    expect(tf.all(tf.isFinite(f(far))).dataSync()[0]).toBe(1)
    expect(tf.all(tf.isFinite(tf.grad((x: Tensor) => tf.sum(f(x)))(far))).dataSync()[0]).toBe(1)
    const preTanh = tf.fill([2, 1, 2], 40)
    expect(tf.all(tf.isFinite(tanhGaussianMixture(params()).logProb({ preTanh }))).dataSync()[0]).toBe(1)
  })

  it('refuse what does not fit', () => {
    for (const of of [gaussianMixture, tanhGaussianMixture])
      expect(() => of({ ...params(), mean: tf.zeros([2, 3, 2]) })).toThrow('mean must have shape [B, M, A]')
    const none = { logits: tf.zeros([2, 0]), mean: tf.zeros([2, 0, 1]), logStd: tf.zeros([2, 0, 1]) }
    expect(() => gaussianMixture(none)).toThrow(
      'gaussianMixture: logits must have at least one component, got 0',
    )
    expect(() => truncatedGaussianMixture({ ...params(), low: 1, high: 0 })).toThrow('low must be below high')
    expect(() => gaussianMixture(params()).logProb(tf.zeros([2, 2]))).toThrow(
      'logProb: x must have shape [2, K, 2]',
    )
    expect(() => gaussianMixture(params()).sample({ ...draw(1, 3), component: tf.zeros([2, 2]) })).toThrow(
      'sample: noise must have shape',
    )
  })
})
