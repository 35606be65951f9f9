/** Intervals and tests from Student's t: what may decide with few runs (docs/statistics.md has their coverage). */
import type { Estimate } from './bootstrap.ts'
import { meanOf, varianceOf } from './samples.ts'
import { studentTQuantile, studentTTwoSided } from './studentT.ts'

/**
 * The mean with Student's interval: mean -+ t s / sqrt(n).
 * @throws RangeError for fewer than two values.
 */
export function meanInterval(sample: readonly number[], level = 0.95): Estimate {
  checkSample('meanInterval', sample)
  return around(meanOf(sample), {
    error: Math.sqrt(varianceOf(sample) / sample.length),
    degrees: sample.length - 1,
    level,
  })
}

/**
 * The mean of x - y for pairs (the same seed, the same task) with Student's interval.
 * @throws RangeError where the numbers differ, or for fewer than two pairs.
 */
export function pairedDifference(x: readonly number[], y: readonly number[], level = 0.95): Estimate {
  if (x.length !== y.length)
    throw new RangeError(
      `pairedDifference: x and y must be pairs, got ${x.length} and ${y.length} values, leave out what has no partner`,
    )
  return meanInterval(
    x.map((value, i) => value - y[i]),
    level,
  )
}

/** A difference of two means, with the probability of one as large where there is none. */
export interface Difference extends Estimate {
  readonly pValue: number
  readonly degrees: number
}

/**
 * Welch's test: the mean of x less the mean of y, where neither variances nor numbers need be equal. Degrees of freedom after Welch and
 * Satterthwaite. Samples without any spread differ with certainty or not at all.
 * @throws RangeError for fewer than two values on either side.
 */
export function welchDifference(x: readonly number[], y: readonly number[], level = 0.95): Difference {
  checkSample('welchDifference', x)
  checkSample('welchDifference', y)
  const [a, b] = [varianceOf(x) / x.length, varianceOf(y) / y.length]
  const value = meanOf(x) - meanOf(y)
  if (a + b === 0) {
    return { value, low: value, high: value, pValue: value === 0 ? 1 : 0, degrees: x.length + y.length - 2 }
  }
  const degrees = (a + b) ** 2 / (a ** 2 / (x.length - 1) + b ** 2 / (y.length - 1))
  const error = Math.sqrt(a + b)
  return {
    ...around(value, { error, degrees, level }),
    pValue: studentTTwoSided(value / error, degrees),
    degrees,
  }
}

/**
 * Holm's step-down correction: p-values that may be compared to one level although there are several, in the order given. The chance of any
 * false discovery among them stays below that level. Holm 1979, "A simple sequentially rejective multiple test procedure".
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j])
  const adjusted = Array<number>(pValues.length).fill(0)
  let largest = 0
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[i]))
    adjusted[i] = largest
  })
  return adjusted
}

function around(
  value: number,
  { error, degrees, level }: { readonly error: number; readonly degrees: number; readonly level: number },
): Estimate {
  const reach = studentTQuantile((1 + level) / 2, degrees) * error
  return { value, low: value - reach, high: value + reach }
}

function checkSample(caller: string, sample: readonly number[]): void {
  if (sample.length < 2)
    throw new RangeError(
      `${caller}: a sample must have at least two values, got ${sample.length}, run more seeds`,
    )
  const wrong = sample.find((value) => !Number.isFinite(value))
  if (wrong !== undefined)
    throw new RangeError(`${caller}: values must be finite, got ${wrong}, leave the run out and say so`)
}
