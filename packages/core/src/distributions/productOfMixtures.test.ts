import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, normal } from '../keys/index.ts'
import { checkZeroGrads } from '../testing/index.ts'
import { gaussianMixture, productOfMixtures, truncatedGaussianMixture } from './index.ts'

const mixture = (seed: number, components: number, A = 1) => ({
  logits: tf.tensor2d(normal(key(seed), components), [1, components]),
  mean: tf.tensor3d(normal(key(seed + 100), components * A), [1, components, A]),
  logStd: tf.mul<Tensor3D>(0.3, tf.tensor3d(normal(key(seed + 200), components * A), [1, components, A])),
})
const cells = 4000
const grid = (low: number, high: number): Tensor3D =>
  tf.tensor3d(
    Float32Array.from({ length: cells }, (_, i) => low + ((i + 0.5) * (high - low)) / cells),
    [1, cells, 1],
  )

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('productOfMixtures', () => {
  it('of two normal distributions adds precisions, by hand', () => {
    const one = (mean: number, std: number) => ({
      logits: tf.tensor2d([[0.7]]),
      mean: tf.tensor3d([[[mean]]]),
      logStd: tf.tensor3d([[[Math.log(std)]]]),
    })
    const product = productOfMixtures([one(1, 1), one(4, Math.SQRT2)])
    expect(product.mean).toBeAllClose([[[2]]])
    expect(tf.exp(product.logStd)).toBeAllClose([[[Math.sqrt(2 / 3)]]])
    expect(product.logits).toBeAllClose([[0]])
    expect(product.logNormalizer).toBeAllClose([-9 / 6 - 0.5 * Math.log(6 * Math.PI)])
  })

  it('of one mixture is that mixture', () => {
    const p = mixture(1, 3)
    const x = grid(-3, 3)
    const { logNormalizer, ...same } = productOfMixtures([p])
    expect(gaussianMixture(same).logProb(x)).toBeAllClose(gaussianMixture(p).logProb(x))
    expect(logNormalizer).toBeAllClose([0], { atol: 1e-6 })
  })

  it('is the normalised product of the densities, on the line and on a box', () => {
    const factors = [mixture(1, 3), mixture(2, 2), mixture(3, 4)]
    for (const box of [undefined, { low: -1, high: 1 }]) {
      const of = (p: ReturnType<typeof mixture>) =>
        box === undefined ? gaussianMixture(p) : truncatedGaussianMixture({ ...p, ...box })
      const x = box === undefined ? grid(-8, 8) : grid(-1, 1)
      const width = box === undefined ? 16 : 2
      const logProduct = tf.addN(factors.map((p) => of(p).logProb(x)))
      const logMass = Math.log(width * tf.mean(tf.exp(logProduct)).dataSync()[0])
      const { logNormalizer, mean, logStd, logits } = productOfMixtures(factors, box && { box })
      expect(mean.shape).toEqual([1, 24, 1])
      expect(logNormalizer.dataSync()[0]).toBeCloseTo(logMass, 4)
      const product = of({ mean, logStd, logits } as ReturnType<typeof mixture>).logProb(x)
      expect(product).toBeAllClose(tf.sub(logProduct, logMass), { rtol: 1e-4, atol: 1e-3 })
    }
  })

  it('keeps the heaviest components above the limit, and never more', () => {
    const factors = [1, 2, 3, 4].map((seed) => mixture(seed, 4, 2))
    const exact = productOfMixtures(factors)
    expect(exact.mean.shape).toEqual([1, 256, 2])
    const masses = [4, 16, 64, 256].map((limit) => {
      const product = productOfMixtures(factors, { limit })
      expect(product.mean.shape).toEqual([1, limit, 2])
      return product.logNormalizer.dataSync()[0]
    })
    for (let i = 1; i < masses.length; i++) expect(masses[i]).toBeGreaterThanOrEqual(masses[i - 1] - 1e-5)
    expect(masses[3]).toBeCloseTo(exact.logNormalizer.dataSync()[0], 5)
    expect(masses[2]).toBeGreaterThan(masses[3] - 0.25)
    const cut = productOfMixtures(factors, { limit: 5, box: { low: -1, high: 1 } })
    expect(cut.logits.shape).toEqual([1, 5])
  })

  it('is a constant', () => {
    const args = { p: mixture(1, 2), q: mixture(2, 3), other: tf.ones([1, 4]) }
    checkZeroGrads(
      ({ p, q, other }: typeof args) => tf.sum(tf.mul(other, productOfMixtures([p, q], { limit: 4 }).logits)),
      args,
      ['p', 'q'],
    )
  })

  it('stays finite for narrow components far apart', () => {
    const far = (mean: number) => ({
      logits: tf.zeros<tf.Rank.R2>([1, 2]),
      mean: tf.tensor3d([[[mean], [0.1]]]),
      logStd: tf.fill<tf.Rank.R3>([1, 2, 1], -10),
    })
    for (const box of [undefined, { low: -1, high: 1 }]) {
      const product: Record<string, Tensor> = { ...productOfMixtures([far(-50), far(50)], box && { box }) }
      for (const x of Object.values(product)) expect(tf.all(tf.isFinite(x)).dataSync()[0]).toBe(1)
    }
  })

  it('refuses what does not fit', () => {
    expect(() => productOfMixtures([])).toThrow(
      'productOfMixtures: mixtures must have at least one entry, got none',
    )
    expect(() => productOfMixtures([mixture(1, 2)], { limit: 0 })).toThrow('limit must be an integer in [1,')
    expect(() => productOfMixtures([mixture(1, 2), mixture(2, 2, 3)])).toThrow(
      'productOfMixtures: mean must have shape [1, M, 1], got [1, 2, 3]',
    )
  })
})
