import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gaussianRenyiHalf, importanceWeights, softValue } from '../operators/index.ts'
import '../testing/index.ts'
import {
  autoregressivePrior,
  categorical,
  diagonalGaussian,
  gaussianMixture,
  productOfMixtures,
  realNvp,
} from './index.ts'
import {
  tanhFlowDistribution,
  tanhGaussian,
  tanhGaussianMixture,
  truncatedGaussian,
  truncatedGaussianMixture,
  uniformBox,
} from './index.ts'

/** By fixtures/make_distributions.py, in float64. */
interface Fixtures {
  readonly diagonalGaussian: readonly (Gaussian & {
    readonly x: number[]
    readonly logProb: number
    readonly entropy: number
    readonly other: Gaussian
    readonly kl: number
    readonly renyiHalf: number
  })[]
  readonly tanhGaussian: readonly (Gaussian & { readonly preTanh: number[]; readonly logProb: number })[]
  readonly truncatedGaussian: readonly {
    readonly mean: number
    readonly logStd: number
    readonly low: number
    readonly high: number
    readonly uniform: number[]
    readonly sample: number[]
    readonly x: number[]
    readonly logProb: number[]
    readonly logMass: number
    readonly entropy: number
    readonly other: { readonly mean: number; readonly logStd: number }
    readonly kl: number
  }[]
  readonly mixtures: readonly {
    readonly family: 'plain' | 'tanh' | 'truncated'
    readonly logits: number[][]
    readonly mean: number[][][]
    readonly logStd: number[][][]
    readonly x: number[][][]
    readonly logProb: number[][]
  }[]
  readonly products: readonly {
    readonly box: [number, number] | null
    readonly factors: readonly (Gaussian & { readonly logits: number[] })[]
    readonly logNormalizer: number
    readonly x: number[]
    readonly logProb: number[]
  }[]
  readonly categorical: readonly {
    readonly logits: number[]
    readonly other: number[]
    readonly logProbs: number[]
    readonly entropy: number
    readonly kl: number
  }[]
  readonly autoregressive: readonly {
    readonly coefficient: number
    readonly z: number[]
    readonly logProb: number
  }[]
  readonly uniformBox: readonly {
    readonly low: number[]
    readonly high: number[]
    readonly x: number[]
    readonly logProb: number
    readonly entropy: number
  }[]
  readonly softValue: readonly {
    readonly alpha: number
    readonly q: number[][]
    readonly logProposal: number[][]
    readonly value: number[]
    readonly weights: number[][]
    readonly effectiveSampleSize: number[]
  }[]
}

interface Gaussian {
  readonly mean: number[]
  readonly logStd: number[]
}

const fixtures = JSON.parse(
  readFileSync(new URL('../../fixtures/distributions.json', import.meta.url), 'utf8'),
) as Fixtures

const close = { rtol: 1e-5, atol: 1e-6 }
const gaussian = ({ mean, logStd }: Gaussian) => ({ mean: tf.tensor1d(mean), logStd: tf.tensor1d(logStd) })
const numberOf = (x: Tensor): number => x.dataSync()[0]

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('against SciPy, to 1e-5', () => {
  it.each(fixtures.diagonalGaussian)(
    'diagonalGaussian: density, entropy, KL and Rényi divergence %#',
    (row) => {
      const p = diagonalGaussian(gaussian(row))
      const other = gaussian(row.other)
      expect(p.logProb(tf.tensor1d(row.x))).toBeAllClose(row.logProb, close)
      expect(p.entropy()).toBeAllClose(row.entropy, close)
      expect(p.kl(other)).toBeAllClose(row.kl, close)
      expect(gaussianRenyiHalf(p, other)).toBeAllClose(row.renyiHalf, close)
    },
  )

  it('tanhGaussian: density for values before the squash of up to ±20, to 1e-6', () => {
    for (const { mean, logStd, preTanh, logProb } of fixtures.tanhGaussian) {
      const got = numberOf(
        tanhGaussian(gaussian({ mean, logStd })).logProb({ preTanh: tf.tensor1d(preTanh) }),
      )
      const error = Math.abs(got - logProb) / Math.abs(logProb)
      expect(error, `mean ${mean[0]}, log std ${logStd[0]}, at ${preTanh[0]}`).toBeLessThan(1e-6)
    }
  })

  it('tanhGaussianMixture of one component and a tanh flow that only scales and shifts: the same values, to 1e-6', () => {
    for (const { mean, logStd, preTanh, logProb } of fixtures.tanhGaussian) {
      const part = (x: number[]): tf.Tensor3D => tf.tensor3d(x, [1, 1, 1])
      const one = { logits: tf.zeros<tf.Rank.R2>([1, 1]), mean: part(mean), logStd: part(logStd) }
      const mixture = numberOf(tanhGaussianMixture(one).logProb({ preTanh: part(preTanh) }))
      const flow = realNvp({ size: 2, condition: 1, hidden: [] })
      const constant = (bias: number[]) => [{ kernel: tf.zeros<tf.Rank.R2>([2, 1]), bias: tf.tensor1d(bias) }]
      const coupling = { scale: constant(logStd), translation: constant(mean) }
      const twice = tf.tensor2d([[...preTanh, ...preTanh]])
      const both = tanhFlowDistribution({ flow, params: [coupling, coupling], condition: tf.zeros([1, 1]) })
      const at = `mean ${mean[0]}, log std ${logStd[0]}, at ${preTanh[0]}`
      expect(Math.abs(mixture - logProb) / Math.abs(logProb), `mixture, ${at}`).toBeLessThan(1e-6)
      // Near zero a log density is a difference of terms of size 1.
      const truth = 2 * logProb
      const error =
        Math.abs(numberOf(both.logProb({ preTanh: twice })) - truth) / Math.max(1, Math.abs(truth))
      expect(error, `flow, ${at}`).toBeLessThan(1e-6)
    }
  })

  it.each(fixtures.truncatedGaussian)(
    'truncatedGaussian: density, mass, quantiles, entropy and KL, mean $mean on [$low, $high]',
    (row) => {
      const { low, high, uniform, x } = row
      const rows = (value: number): Tensor => tf.fill([x.length, 1], value)
      const p = truncatedGaussian({ mean: rows(row.mean), logStd: rows(row.logStd), low, high })
      expect(p.logProb(tf.tensor2d(x, [x.length, 1]))).toBeAllClose(row.logProb, close)
      expect(p.logMass()).toBeAllClose(
        x.map(() => row.logMass),
        close,
      )
      expect(tf.squeeze(p.sample(tf.tensor2d(uniform, [x.length, 1])), [1])).toBeAllClose(row.sample, {
        rtol: 1e-5,
        atol: 1e-5,
      })
      const other = { mean: rows(row.other.mean), logStd: rows(row.other.logStd) }
      const each = (value: number): number[] => x.map(() => value)
      expect(p.entropy()).toBeAllClose(each(row.entropy), close)
      expect(p.kl(other)).toBeAllClose(each(row.kl), close)
    },
  )

  it.each(fixtures.mixtures)('mixtures: density of the $family one', ({ family, x, logProb, ...numbers }) => {
    const params = {
      logits: tf.tensor2d(numbers.logits),
      mean: tf.tensor3d(numbers.mean),
      logStd: tf.tensor3d(numbers.logStd),
    }
    const at = tf.tensor3d(x)
    const density = {
      plain: () => gaussianMixture(params).logProb(at),
      tanh: () => tanhGaussianMixture(params).logProb({ preTanh: at }),
      truncated: () => truncatedGaussianMixture({ ...params, low: -1, high: 1 }).logProb(at),
    }[family]
    expect(density()).toBeAllClose(logProb, close)
  })

  it.each(fixtures.products)(
    'productOfMixtures: density and normaliser on $box',
    ({ box, factors, x, ...row }) => {
      const mixtures = factors.map(({ logits, mean, logStd }) => ({
        logits: tf.tensor2d([logits]),
        mean: tf.tensor3d(mean, [1, mean.length, 1]),
        logStd: tf.tensor3d(logStd, [1, mean.length, 1]),
      }))
      const bounds = box === null ? undefined : { low: box[0], high: box[1] }
      const { logNormalizer, ...product } = productOfMixtures(mixtures, bounds && { box: bounds })
      expect(logNormalizer).toBeAllClose([row.logNormalizer], close)
      const density =
        bounds === undefined ? gaussianMixture(product) : truncatedGaussianMixture({ ...product, ...bounds })
      expect(density.logProb(tf.tensor3d(x, [1, x.length, 1]))).toBeAllClose([row.logProb], close)
    },
  )

  it.each(fixtures.categorical)(
    'categorical: probabilities, entropy and KL %#',
    ({ logits, other, ...row }) => {
      const p = categorical({ logits: tf.tensor1d(logits) })
      expect(p.logProbs()).toBeAllClose(row.logProbs, close)
      expect(p.entropy()).toBeAllClose(row.entropy, close)
      expect(p.kl({ logits: tf.tensor1d(other) })).toBeAllClose(row.kl, close)
    },
  )

  it.each(fixtures.autoregressive)(
    'autoregressivePrior: density of a sequence, coefficient $coefficient',
    (row) => {
      const { first, next } = autoregressivePrior({ coefficient: row.coefficient })
      const z = row.z.map((value) => tf.tensor2d([[value]]))
      const terms = z.map((value, t) => (t === 0 ? first([1, 1]) : next(z[t - 1])).logProb(value))
      expect(tf.addN(terms)).toBeAllClose([row.logProb], close)
    },
  )

  it.each(fixtures.uniformBox)('uniformBox: density and entropy', ({ low, high, x, logProb, entropy }) => {
    const box = uniformBox({ low, high })
    expect(box.logProb(tf.tensor1d(x))).toBeAllClose(logProb, close)
    expect(box.logVolume).toBeCloseTo(entropy, 12)
  })

  it.each(fixtures.softValue)('softValue and importanceWeights, alpha $alpha', ({ alpha, ...row }) => {
    const [q, logProposal] = [tf.tensor2d(row.q), tf.tensor2d(row.logProposal)]
    expect(softValue({ q, logProposal, alpha })).toBeAllClose(row.value, close)
    const { weights, effectiveSampleSize } = importanceWeights({ logTarget: tf.div(q, alpha), logProposal })
    expect(weights).toBeAllClose(row.weights, close)
    expect(effectiveSampleSize).toBeAllClose(row.effectiveSampleSize, close)
  })
})
