/** Log densities in float64, written apart from the tensors: what float32 is compared to, and what is integrated numerically. */
import type { Tensor } from '@tensorflow/tfjs'
import type { RealNvpParams } from '../distributions/index.ts'
import type { MlpParams } from '../networks/index.ts'
import { normalCdf } from './goodnessOfFit.ts'

/** One component of a normal distribution. */
export interface Normal {
  readonly mean: number
  readonly logStd: number
}

/** A one-dimensional law with its distribution function. */
export interface Law {
  readonly logDensity: (x: number) => number
  readonly cdf: (x: number) => number
}

export function normalLaw({ mean, logStd }: Normal): Law {
  const scaled = (x: number): number => (x - mean) / Math.exp(logStd)
  return {
    logDensity: (x) => -0.5 * scaled(x) ** 2 - logStd - 0.5 * Math.log(2 * Math.PI),
    cdf: (x) => normalCdf(scaled(x)),
  }
}

/** Of a = tanh(u), as functions of u, which has the digits that a has lost. */
export function tanhLaw(normal: Normal): Law {
  const base = normalLaw(normal)
  return { logDensity: (u) => base.logDensity(u) + 2 * logCosh(u), cdf: base.cdf }
}

export interface Interval {
  readonly low: number
  readonly high: number
}

export function truncatedLaw(normal: Normal, { low, high }: Interval): Law {
  const base = normalLaw(normal)
  // Mirrored where both bounds lie on the right, so that the mass keeps its digits.
  const isRight = low + high > 2 * normal.mean
  const from = normalLaw({ mean: -normal.mean, logStd: normal.logStd }).cdf
  const below = (x: number): number => (isRight ? from(-low) - from(-x) : base.cdf(x) - base.cdf(low))
  return {
    logDensity: (x) => (x < low || x > high ? -Infinity : base.logDensity(x) - Math.log(below(high))),
    cdf: (x) => below(Math.min(Math.max(x, low), high)) / below(high),
  }
}

/** Weights are exp(logits) up to a factor. */
export function mixtureLaw(logits: readonly number[], components: readonly Law[]): Law {
  const total = logSum(logits)
  return {
    logDensity: (x) => logSum(components.map(({ logDensity }, m) => logits[m] - total + logDensity(x))),
    cdf: (x) => components.reduce((sum, { cdf }, m) => sum + Math.exp(logits[m] - total) * cdf(x), 0),
  }
}

/** The law ∝ exp(logDensity) on an interval, by the midpoint rule; between the edges of cells the distribution function is linear. */
export function tabulatedLaw(
  logDensity: (x: number) => number,
  { low, high }: Interval,
  cells = 20_000,
): Law {
  const width = (high - low) / cells
  const edges = new Float64Array(cells + 1)
  for (let i = 0; i < cells; i++)
    edges[i + 1] = edges[i] + Math.exp(logDensity(low + (i + 0.5) * width)) * width
  const mass = edges[cells]
  return {
    logDensity: (x) => logDensity(x) - Math.log(mass),
    cdf: (x) => {
      const at = Math.min(Math.max((x - low) / width, 0), cells)
      const i = Math.min(Math.floor(at), cells - 1)
      return (edges[i] + (at - i) * (edges[i + 1] - edges[i])) / mass
    },
  }
}

/** The density at x of what a real NVP with tanh units makes of N(0, I) under one condition, by its inverse. */
export function realNvpLogDensity(
  params: RealNvpParams,
  condition: readonly number[],
): (x: readonly number[]) => number {
  const layers = params.map(({ scale, translation }) => ({
    scale: perceptron(scale),
    translation: perceptron(translation),
  }))
  return (x) => {
    const first = Math.floor(x.length / 2)
    let [a, b] = [x.slice(0, first), x.slice(first)]
    let logDet = 0
    for (let i = layers.length - 1; i >= 0; i--) {
      const input = [...(i % 2 === 0 ? b : a), ...condition]
      const [scale, shift] = [layers[i].scale(input), layers[i].translation(input)]
      const undo = (values: number[]): number[] =>
        values.map((value, k) => (value - shift[k]) * Math.exp(-scale[k]))
      if (i % 2 === 0) a = undo(a)
      else b = undo(b)
      logDet -= scale.reduce((sum, value) => sum + value, 0)
    }
    const unit = normalLaw({ mean: 0, logStd: 0 })
    return [...a, ...b].reduce((sum, h) => sum + unit.logDensity(h), logDet)
  }
}

function perceptron(params: MlpParams): (x: readonly number[]) => number[] {
  const layers = params.map(({ kernel, bias }) => ({ rows: rows(kernel), bias: Array.from(bias.dataSync()) }))
  return (x) =>
    layers.reduce<number[]>(
      (values, { rows, bias }, i) => {
        const sums = bias.map((start, j) => values.reduce((sum, value, k) => sum + value * rows[k][j], start))
        return i === layers.length - 1 ? sums : sums.map(Math.tanh)
      },
      [...x],
    )
}

function rows(matrix: Tensor): number[][] {
  const [, columns] = matrix.shape
  const values = Array.from(matrix.dataSync())
  return Array.from({ length: values.length / columns }, (_, i) =>
    values.slice(i * columns, (i + 1) * columns),
  )
}

/** log Σ exp. */
function logSum(values: readonly number[]): number {
  const most = Math.max(...values)
  return most === -Infinity
    ? most
    : most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

function logCosh(u: number): number {
  return Math.abs(u) + Math.log1p(Math.exp(-2 * Math.abs(u))) - Math.LN2
}
