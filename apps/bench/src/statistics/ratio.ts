import type { Estimate } from './bootstrap.ts'
import { meanOf, varianceOf } from './samples.ts'
import { studentTQuantile } from './studentT.ts'

/** Two samples whose means are set in relation: the mean of `over` is the unit. */
export interface RatioPair {
  readonly of: readonly number[]
  readonly over: readonly number[]
}

/** What a sample adds to a variance: its own share, and the degrees of freedom behind it. */
interface Part {
  readonly variance: number
  readonly degrees: number
}

/**
 * The mean over pairs of the ratios of their means, with the shifts δ of all ratios alike that the data do not turn down:
 *
 *     mean_k (x̄_k − (r_k + δ) ȳ_k) / ȳ_k = −δ,   r_k = x̄_k / ȳ_k
 *     δ² <= t² 1/K² Σ_k (s²_xk / n_k + (r_k + δ)² s²_yk / m_k) / ȳ_k²
 *
 * with Student's t at the degrees of freedom of Welch and Satterthwaite. For one pair this is Fieller's interval (1954), which lies beyond a number
 * exactly where Welch's of x − number · y lies beyond zero. Unbounded where the units may be zero: no ratio is turned down then.
 * @throws RangeError for a sample of fewer than two values, and for a unit that is not positive.
 */
export function meanRatio(pairs: readonly RatioPair[], level = 0.95): Estimate {
  for (const { of, over } of pairs) {
    if (of.length < 2 || over.length < 2)
      throw new RangeError(
        `meanRatio: a sample must have at least two values, got ${Math.min(of.length, over.length)}, run more seeds`,
      )
    if (!(meanOf(over) > 0))
      throw new RangeError(
        `meanRatio: the mean of over must be positive, got ${meanOf(over)}, leave the pair out and say so`,
      )
  }
  const ratios = pairs.map(({ of, over }) => meanOf(of) / meanOf(over))
  const value = meanOf(ratios)
  const scale = pairs.map(({ over }) => (pairs.length * meanOf(over)) ** -2)
  const above = pairs.map(({ of }, k) => partOf(of, scale[k]))
  const below = pairs.map(({ over }, k) => partOf(over, scale[k]))
  /** The reach of the interval where every ratio is shifted by δ. */
  const reachAt = (shift: number): number =>
    reachOf([...above, ...below.map((part, k) => times(part, (ratios[k] + shift) ** 2))], level)
  // Per unit of a shift without bounds.
  if (reachOf(below, level) >= 1) return { value, low: -Infinity, high: Infinity }
  return { value, low: value + edge(reachAt, -1), high: value + edge(reachAt, 1) }
}

function partOf(sample: readonly number[], scale: number): Part {
  return { variance: (scale * varianceOf(sample)) / sample.length, degrees: sample.length - 1 }
}

function times({ variance, degrees }: Part, factor: number): Part {
  return { variance: factor * variance, degrees }
}

/** t times the standard error of a sum of independent parts. */
function reachOf(parts: readonly Part[], level: number): number {
  const variance = parts.reduce((sum, part) => sum + part.variance, 0)
  if (variance === 0) return 0
  const degrees = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0)
  return studentTQuantile((1 + level) / 2, degrees) * Math.sqrt(variance)
}

/** The shift in one direction up to which the data do not turn shifts down. */
function edge(reachAt: (shift: number) => number, sign: 1 | -1): number {
  const isKept = (size: number): boolean => size <= reachAt(sign * size)
  let high = reachAt(0)
  while (high > 0 && isKept(high)) high *= 2
  let low = 0
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return sign * low
    if (isKept(middle)) low = middle
    else high = middle
  }
}
