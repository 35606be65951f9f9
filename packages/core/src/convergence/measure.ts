/** How an estimator nears the exact value: its bias and variance by the number of samples. */
import { foldIn, key, type Key } from '../keys/index.ts'

/** An estimator on a problem whose exact value is known. */
export interface Convergence {
  /** The estimator and its equation. */
  readonly id: string
  /** The problem, and where its exact value comes from. */
  readonly problem: string
  readonly exact: number
  /**
   * The power of 1/K that the bias falls with; `none` where the estimator is unbiased for every K. Variances fall with the first power.
   */
  readonly bias: 'none' | 1
  /**
   * c, where the estimate is c·log X of an unbiased X: c·(X/E[X] − 1), known from the estimate and the exact value, has mean zero and
   * is subtracted before the bias is measured, so that less than its own size hides it.
   */
  readonly logScale?: number
  /** The K at which the rates are measured. */
  readonly samples: readonly number[]
  /** Draws for each K, shared out among estimates. */
  readonly draws: number
  /** `rows` independent estimates, each from K samples. */
  readonly estimate: (at: Key, rows: number, samples: number) => Float32Array
}

export interface Measured {
  /** K */
  readonly samples: number
  readonly bias: number
  /** Of the bias. */
  readonly standardError: number
  readonly variance: number
}

/** Bias and variance at each number of samples, from independent estimates. */
export function measure(
  { id, exact, estimate, logScale, samples, draws }: Convergence,
  seed: number,
): readonly Measured[] {
  return samples.map((count) => {
    const rows = Math.floor(draws / count)
    const estimates = estimate(foldIn(foldIn(key(seed), id), count), rows, count)
    const steadied =
      logScale === undefined
        ? estimates
        : Float64Array.from(estimates, (x) => x - logScale * Math.expm1((x - exact) / logScale))
    const bias = meanOf(steadied) - exact
    const spread = varianceOf(steadied)
    return { samples: count, bias, standardError: Math.sqrt(spread / rows), variance: varianceOf(estimates) }
  })
}

const meanOf = (values: Float32Array | Float64Array): number => {
  let sum = 0
  for (const x of values) sum += x
  return sum / values.length
}

function varianceOf(values: Float32Array | Float64Array): number {
  const mean = meanOf(values)
  let sum = 0
  for (const x of values) sum += (x - mean) ** 2
  return sum / (values.length - 1)
}

/** The slope of log y over log K by least squares, each point weighed by the inverse variance of its logarithm. */
export function rateOf(points: readonly { samples: number; y: number; error: number }[]): number {
  const weighed = points.map(({ samples, y, error }) => ({
    x: Math.log(samples),
    y: Math.log(Math.abs(y)),
    weight: (y / error) ** 2,
  }))
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const mean = (pick: (point: { x: number; y: number }) => number): number =>
    weighed.reduce((sum, point) => sum + point.weight * pick(point), 0) / total
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  return mean(({ x, y }) => (x - mx) * (y - my)) / mean(({ x }) => (x - mx) ** 2)
}

/** What the measurements say of the rates. */
export interface Rates {
  /** The largest |bias| over its standard error. */
  readonly deviation: number
  /** The slope of log |bias| over log K, where the estimator is biased. */
  readonly bias: number | undefined
  /** The slope of log variance over log K. */
  readonly variance: number
  /** Whether both are as declared. */
  readonly asDeclared: boolean
}

/** Standard errors that an unbiased estimator may be off. */
const OFF = 4.5
/** How far the slopes may be from −1. */
const SLACK = 0.2

/** Rates from measurements; a bias counts where it stands out of its standard error fivefold. */
export function ratesOf({ bias }: Convergence, measured: readonly Measured[]): Rates {
  const deviation = Math.max(...measured.map((at) => Math.abs(at.bias) / at.standardError))
  const variance = rateOf(
    // A sample variance of n values has a relative error of about √(2/n), alike for all K here up to a factor: weights of one.
    measured.map((at) => ({ samples: at.samples, y: at.variance, error: at.variance })),
  )
  const spread = Math.abs(variance + 1) <= SLACK
  if (bias === 'none') return { deviation, bias: undefined, variance, asDeclared: spread && deviation <= OFF }
  const seen = measured.filter((at) => Math.abs(at.bias) > 5 * at.standardError)
  const slope = rateOf(seen.map((at) => ({ samples: at.samples, y: at.bias, error: at.standardError })))
  return {
    deviation,
    bias: slope,
    variance,
    asDeclared: spread && seen.length >= 2 && Math.abs(slope + bias) <= SLACK,
  }
}
