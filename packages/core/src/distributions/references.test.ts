import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldIn, key, normal, uniform } from '../keys/index.ts'
import { chiSquared, kolmogorovSmirnov, normalCdf } from '../testing/index.ts'
import {
  mixtureLaw,
  normalLaw,
  realNvpLogDensity,
  tabulatedLaw,
  tanhLaw,
  truncatedLaw,
  type Law,
} from '../testing/references.ts'
import { mapTree } from '../tree.ts'
import {
  autoregressivePrior,
  categorical,
  diagonalGaussian,
  flowDistribution,
  gaussianMixture,
} from './index.ts'
import { productOfMixtures, realNvp, tanhGaussian, tanhGaussianMixture, truncatedGaussian } from './index.ts'
import { truncatedGaussianMixture, uniformBox, type RealNvpParams } from './index.ts'

const SAMPLES = 100_000
const box = { low: -1, high: 1 }
const close = { rtol: 1e-5, atol: 1e-6 }

const normals = [
  { mean: 0, logStd: 0 },
  { mean: 0.5, logStd: -1.5 },
  { mean: -1.25, logStd: 0.25 },
]
/** Means far outside of the box, and spreads from narrow to nearly uniform. */
const cuts = [...normals, { mean: 4, logStd: 0 }, { mean: -6, logStd: 0.5 }, { mean: -0.25, logStd: 3 }]
const parts = {
  logits: [0, 1.5, -0.75],
  mean: [-0.75, 0.5, 0.25],
  logStd: [-1, -0.5, 0.25],
}
const other = { logits: [0.5, 0], mean: [0.25, -0.5], logStd: [-0.25, -1] }
type Parts = typeof parts
const components = ({ mean, logStd }: Parts) => mean.map((m, i) => ({ mean: m, logStd: logStd[i] }))
const tensors = ({ logits, mean, logStd }: Parts) => ({
  logits: tf.tensor2d([logits]),
  mean: tf.tensor3d(mean, [1, mean.length, 1]),
  logStd: tf.tensor3d(logStd, [1, mean.length, 1]),
})
const rows = (value: number, n = SAMPLES): tf.Tensor2D => tf.fill([n, 1], value)
const column = (values: Float32Array): tf.Tensor2D => tf.tensor2d(values, [values.length, 1])
const noise = (purpose: string): Float32Array => normal(foldIn(key(1), purpose), SAMPLES)
const uniforms = (purpose: string): Float32Array => uniform(foldIn(key(1), purpose), SAMPLES)
const mixtureNoise = (purpose: string, values: Float32Array) => ({
  component: tf.tensor2d(uniforms(`${purpose}, component`), [1, SAMPLES]),
  noise: tf.tensor3d(values, [1, SAMPLES, 1]),
})
/** Points with a density, spread over the law. */
const points = (law: Law, low: number, high: number): Float32Array =>
  Float32Array.from({ length: 201 }, (_, i) => low + ((high - low) * i) / 200).filter(
    (x) => law.logDensity(x) > -60,
  )

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

/** ∫ exp(logDensity) by Simpson's rule. */
function mass(logDensity: (x: number) => number, low: number, high: number, cells = 4000): number {
  const width = (high - low) / cells
  let sum = 0
  for (let i = 0; i <= cells; i++)
    sum += Math.exp(logDensity(low + i * width)) * (i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2)
  return (sum * width) / 3
}

/** ∫ over actions in (−1, 1) by the double exponential rule, which needs no action but only what is before its squash. */
function massOfActions(logDensity: (preTanh: number) => number): number {
  const width = 1e-3
  let sum = 0
  for (let i = -3500; i <= 3500; i++) {
    const preTanh = 0.5 * Math.PI * Math.sinh(i * width)
    sum += (Math.exp(logDensity(preTanh)) * 0.5 * Math.PI * Math.cosh(i * width)) / Math.cosh(preTanh) ** 2
  }
  return sum * width
}

describe('log densities in float64 integrate to one to 1e-6', () => {
  it('normal, squashed and truncated', () => {
    for (const p of normals) {
      expect(Math.abs(mass(normalLaw(p).logDensity, -20, 20) - 1)).toBeLessThan(1e-6)
      expect(Math.abs(massOfActions(tanhLaw(p).logDensity) - 1)).toBeLessThan(1e-6)
    }
    for (const p of cuts)
      expect(Math.abs(mass(truncatedLaw(p, box).logDensity, -1, 1) - 1)).toBeLessThan(1e-6)
  })

  it('mixtures', () => {
    const of = (law: (p: { mean: number; logStd: number }) => Law): Law =>
      mixtureLaw(parts.logits, components(parts).map(law))
    expect(Math.abs(mass(of(normalLaw).logDensity, -20, 20) - 1)).toBeLessThan(1e-6)
    expect(Math.abs(massOfActions(of(tanhLaw).logDensity) - 1)).toBeLessThan(1e-6)
    expect(Math.abs(mass(of((p) => truncatedLaw(p, box)).logDensity, -1, 1) - 1)).toBeLessThan(1e-6)
  })

  it('real NVP flows', () => {
    const logDensity = realNvpLogDensity(flow.params(), flow.condition)
    const inner = (x: number): number => Math.log(mass((y) => logDensity([x, y]), -12, 12, 300))
    expect(Math.abs(mass(inner, -12, 12, 300) - 1)).toBeLessThan(1e-6)
  })
})

describe('log densities in float32 are those of float64 to 1e-5', () => {
  it('normal and squashed', () => {
    for (const p of normals) {
      const law = normalLaw(p)
      const at = points(law, -8, 8)
      const params = { mean: rows(p.mean, at.length), logStd: tf.tensor1d([p.logStd]) }
      expect(diagonalGaussian(params).logProb(column(at))).toBeAllClose(
        Float64Array.from(at, law.logDensity),
        close,
      )
      const squashed = Float64Array.from(at, tanhLaw(p).logDensity)
      expect(tanhGaussian(params).logProb({ preTanh: column(at) })).toBeAllClose(squashed, close)
    }
  })

  it('truncated', () => {
    for (const p of cuts) {
      const law = truncatedLaw(p, box)
      const at = points(law, -1, 1)
      const params = { mean: rows(p.mean, at.length), logStd: tf.tensor1d([p.logStd]), ...box }
      expect(truncatedGaussian(params).logProb(column(at))).toBeAllClose(
        Float64Array.from(at, law.logDensity),
        close,
      )
    }
  })

  it('mixtures and their product', () => {
    const families = {
      plain: { law: normalLaw, density: (x: Tensor) => gaussianMixture(tensors(parts)).logProb(x) },
      tanh: {
        law: tanhLaw,
        density: (x: Tensor) => tanhGaussianMixture(tensors(parts)).logProb({ preTanh: x }),
      },
      truncated: {
        law: (p: { mean: number; logStd: number }) => truncatedLaw(p, box),
        density: (x: Tensor) => truncatedGaussianMixture({ ...tensors(parts), ...box }).logProb(x),
      },
    }
    for (const { law, density } of Object.values(families)) {
      const reference = mixtureLaw(parts.logits, components(parts).map(law))
      const at = points(reference, -1, 1)
      expect(tf.squeeze(density(tf.tensor3d(at, [1, at.length, 1])), [0])).toBeAllClose(
        Float64Array.from(at, reference.logDensity),
        close,
      )
    }
    const { logNormalizer, ...product } = productOfMixtures([tensors(parts), tensors(other)])
    const reference = productLaw()
    const at = points(reference, -2, 2)
    expect(
      tf.squeeze(gaussianMixture(product).logProb(tf.tensor3d(at, [1, at.length, 1])), [0]),
    ).toBeAllClose(Float64Array.from(at, reference.logDensity), close)
    expect(logNormalizer.shape).toEqual([1])
  })

  it('real NVP flows', () => {
    const params = flow.params()
    const reference = realNvpLogDensity(params, flow.condition)
    const at = Array.from({ length: 200 }, (_, i) => Array.from(normal(foldIn(key(7), i), 2), (x) => 1.5 * x))
    const condition = tf.tile(tf.tensor2d([flow.condition]), [at.length, 1])
    const density = flowDistribution({ flow: flow.flow, params, condition }).logProb(tf.tensor2d(at))
    expect(density).toBeAllClose(
      at.map((x) => reference(Array.from(Float32Array.from(x)))),
      { rtol: 1e-5, atol: 1e-5 },
    )
  })
})

describe('100,000 samples are of their law, at 1e-3', () => {
  /** The samples must pass against their law, and fail against one that is a little off. */
  const check = (samples: Tensor, cdf: (x: number) => number, name: string): void => {
    const masses = Float64Array.from(samples.dataSync(), cdf)
    expect(
      kolmogorovSmirnov(masses, (u) => u),
      name,
    ).toBeGreaterThan(1e-3)
    expect(
      kolmogorovSmirnov(masses, (u) => u ** 1.03),
      `${name}, bent`,
    ).toBeLessThan(1e-3)
  }

  it('normal and squashed', () => {
    for (const [i, p] of normals.entries()) {
      const params = { mean: rows(p.mean), logStd: tf.tensor1d([p.logStd]) }
      const z = column(noise(`normal ${i}`))
      check(diagonalGaussian(params).sample(z), normalLaw(p).cdf, `normal ${i}`)
      const { action, preTanh } = tanhGaussian(params).sampleWithLogProb(z)
      check(action, (a) => tanhLaw(p).cdf(Math.atanh(a)), `squashed ${i}`)
      check(preTanh, tanhLaw(p).cdf, `before the squash ${i}`)
    }
  })

  it('truncated', () => {
    for (const [i, p] of [cuts[1], cuts[3], cuts[5]].entries()) {
      const params = { mean: rows(p.mean), logStd: tf.tensor1d([p.logStd]), ...box }
      check(
        truncatedGaussian(params).sample(column(uniforms(`cut ${i}`))),
        truncatedLaw(p, box).cdf,
        `cut ${i}`,
      )
    }
  })

  it('mixtures', () => {
    const cdf = (law: (p: { mean: number; logStd: number }) => Law) =>
      mixtureLaw(parts.logits, components(parts).map(law)).cdf
    check(
      gaussianMixture(tensors(parts)).sample(mixtureNoise('plain', noise('plain'))),
      cdf(normalLaw),
      'plain',
    )
    const squashed = tanhGaussianMixture(tensors(parts)).sampleWithLogProb(
      mixtureNoise('tanh', noise('tanh')),
    )
    check(squashed.action, (a) => cdf(tanhLaw)(Math.atanh(a)), 'squashed')
    const cut = truncatedGaussianMixture({ ...tensors(parts), ...box })
    check(
      cut.sample(mixtureNoise('cut', uniforms('cut'))),
      cdf((p) => truncatedLaw(p, box)),
      'truncated',
    )
  })

  it('products of mixtures, on the line and on a box', () => {
    const product = productOfMixtures([tensors(parts), tensors(other)])
    check(
      gaussianMixture(product).sample(mixtureNoise('product', noise('product'))),
      productLaw().cdf,
      'line',
    )
    const cut = productOfMixtures([tensors(parts), tensors(other)], { box })
    const drawn = truncatedGaussianMixture({ ...cut, ...box }).sample(
      mixtureNoise('cut product', uniforms('cut product')),
    )
    const laws = [parts, other].map((p) =>
      mixtureLaw(
        p.logits,
        components(p).map((q) => truncatedLaw(q, box)),
      ),
    )
    check(drawn, tabulatedLaw((x) => laws[0].logDensity(x) + laws[1].logDensity(x), box).cdf, 'box')
  })

  it('uniform boxes, dimension by dimension', () => {
    const drawn = uniformBox({ low: [-2, 0], high: [1, 0.5] }).sample(
      tf.tensor2d(uniform(key(3), 2 * SAMPLES), [SAMPLES, 2]),
    )
    check(tf.slice(drawn, [0, 0], [SAMPLES, 1]), (x) => (x + 2) / 3, 'first')
    check(tf.slice(drawn, [0, 1], [SAMPLES, 1]), (x) => 2 * x, 'second')
  })

  it('choices', () => {
    const p = [0.05, 0.4, 0.25, 0.001, 0.299]
    const logits = tf.tile(tf.tensor2d([p.map(Math.log)]), [SAMPLES, 1])
    const counts = p.map(() => 0)
    for (const choice of categorical({ logits })
      .sample(tf.tensor1d(uniforms('choices')))
      .dataSync())
      counts[choice]++
    expect(chiSquared(counts, p)).toBeGreaterThan(1e-3)
    expect(chiSquared(counts, [0.055, 0.395, 0.25, 0.001, 0.299])).toBeLessThan(1e-3)
  })

  it('sequences of the AR(1) prior, at every step and from one to the next', () => {
    const coefficient = 0.8
    const { first, next } = autoregressivePrior({ coefficient })
    let z: Tensor = first([SAMPLES, 1]).sample(column(noise('z1')))
    for (let t = 2; t <= 4; t++) {
      const before = z
      z = next(before).sample(column(noise(`z${t}`)))
      check(z, normalCdf, `z${t}`)
      check(tf.sub(z, before), (x) => normalCdf(x / Math.sqrt(2 - 2 * coefficient)), `z${t} − z${t - 1}`)
    }
  })

  it('real NVP flows, over cells of the plane', () => {
    const params = flow.params()
    const condition = tf.tile(tf.tensor2d([flow.condition]), [SAMPLES, 1])
    const z = tf.tensor2d(normal(key(5), 2 * SAMPLES), [SAMPLES, 2])
    const samples = flowDistribution({ flow: flow.flow, params, condition })
      .sampleWithLogProb(z)
      .sample.dataSync()
    const logDensity = realNvpLogDensity(params, flow.condition)
    const [side, width] = [24, 0.5]
    const counts = new Float64Array(side * side + 1)
    for (let i = 0; i < SAMPLES; i++) {
      const [x, y] = [0, 1].map((k) => Math.floor(samples[2 * i + k] / width + side / 2))
      counts[x >= 0 && x < side && y >= 0 && y < side ? x * side + y : side * side]++
    }
    const cell = (k: number): number => (k - side / 2) * width
    const probabilities = Float64Array.from(counts, (_, i) => {
      const [x, y] = [cell(Math.floor(i / side)), cell(i % side)]
      const across = (at: number): number => Math.log(mass((b) => logDensity([at, b]), y, y + width, 8))
      return i === side * side ? 0 : mass(across, x, x + width, 8)
    })
    probabilities[side * side] = Math.max(0, 1 - probabilities.reduce((sum, p) => sum + p, 0))
    expect(chiSquared(counts, probabilities)).toBeGreaterThan(1e-3)
    const turned = probabilities.map((_, i) =>
      i === side * side ? probabilities[i] : probabilities[(i % side) * side + Math.floor(i / side)],
    )
    expect(chiSquared(counts, turned)).toBeLessThan(1e-3)
  })
})

/** Of the mixtures `parts` and `other` on the line. */
function productLaw(): Law {
  const laws = [parts, other].map((p) => mixtureLaw(p.logits, components(p).map(normalLaw)))
  return tabulatedLaw((x) => laws[0].logDensity(x) + laws[1].logDensity(x), { low: -8, high: 8 })
}

const flow = {
  flow: realNvp({ size: 2, condition: 1, hidden: [4], activation: 'tanh' }),
  condition: [0.5],
  params: (): RealNvpParams =>
    mapTree(flow.flow.init(key(4)), (leaf: Tensor) => tf.mul(0.7, leaf)) as RealNvpParams,
}
