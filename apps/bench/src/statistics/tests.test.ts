import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { studentTCdf, studentTQuantile, studentTTwoSided } from './studentT.ts'
import { holm, meanInterval, pairedDifference, welchDifference } from './tests.ts'

interface Fixture {
  readonly studentT: { readonly cdf: readonly Triple[]; readonly quantile: readonly Triple[] }
  readonly welch: readonly {
    readonly x: number[]
    readonly y: number[]
    readonly difference: number
    readonly pValue: number
    readonly degrees: number
    readonly interval: readonly [number, number]
  }[]
  readonly holm: readonly [number[], number[]]
}

type Triple = readonly [number, number, number]

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/statistics.json', import.meta.url), 'utf8'),
) as Fixture

function expectRelative(value: number, expected: number, tolerance: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), 1e-12))
}

describe("Student's t", () => {
  it("has SciPy's cumulative probabilities, tails included", () => {
    for (const [t, degrees, expected] of fixture.studentT.cdf) {
      expectRelative(studentTCdf(t, degrees), expected, 1e-12)
    }
  })

  it("has SciPy's quantiles", () => {
    for (const [p, degrees, expected] of fixture.studentT.quantile) {
      expectRelative(studentTQuantile(p, degrees), expected, 1e-12)
      expectRelative(studentTQuantile(1 - p, degrees), -expected, 1e-12)
    }
  })

  it("is Cauchy's law for one degree of freedom, where SciPy is off by 1e-11 beside zero", () => {
    for (const t of [1e-6, -1e-6, 0.3, 50])
      expectRelative(studentTCdf(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-13)
  })

  it('is symmetric, certain at infinity, and twice its tail on both sides', () => {
    expect(studentTCdf(0, 3)).toBe(0.5)
    expect(studentTCdf(-Infinity, 3)).toBe(0)
    expect(studentTTwoSided(-1.3, 4)).toBeCloseTo(2 * studentTCdf(-1.3, 4), 15)
    expect(studentTTwoSided(0, 4)).toBe(1)
  })

  it('refuses degrees and probabilities out of range', () => {
    expect(() => studentTCdf(1, 0)).toThrow('studentTCdf: degrees must be positive and finite, got 0')
    expect(() => studentTQuantile(1, 3)).toThrow(
      'studentTQuantile: probability must lie between 0 and 1, got 1',
    )
  })
})

describe("Welch's test", () => {
  it('agrees with SciPy', () => {
    for (const { x, y, difference, pValue, degrees, interval } of fixture.welch) {
      const found = welchDifference(x, y)
      expectRelative(found.value, difference, 1e-12)
      expectRelative(found.degrees, degrees, 1e-12)
      expectRelative(found.pValue, pValue, 1e-11)
      expectRelative(found.low, interval[0], 1e-11)
      expectRelative(found.high, interval[1], 1e-11)
    }
  })

  it('is certain, either way, where nothing spreads', () => {
    expect(welchDifference([1, 1], [1, 1])).toMatchObject({ value: 0, pValue: 1 })
    expect(welchDifference([1, 1], [0, 0])).toMatchObject({ value: 1, low: 1, high: 1, pValue: 0 })
  })
})

describe("Student's interval", () => {
  it('is the mean and t s / sqrt(n) to either side', () => {
    // For two degrees of freedom t(p) = u sqrt(2 / (1 - u^2)) with u = 2 p - 1; s = 1, n = 3.
    const { value, low, high } = meanInterval([1, 2, 3])
    expect(value).toBe(2)
    expect(high - 2).toBeCloseTo((0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))) / Math.sqrt(3), 12)
    expect(2 - low).toBeCloseTo(high - 2, 12)
  })

  it('takes pairs by their differences', () => {
    expect(pairedDifference([10, 21, 32], [9, 19, 29])).toEqual(meanInterval([1, 2, 3]))
  })

  it('refuses single values, unequal pairs, and what is no number', () => {
    expect(() => meanInterval([1])).toThrow('a sample must have at least two values, got 1, run more seeds')
    expect(() => pairedDifference([1, 2], [1])).toThrow('x and y must be pairs, got 2 and 1 values')
    expect(() => welchDifference([1, NaN], [1, 2])).toThrow('values must be finite, got NaN')
  })
})

describe("Holm's correction", () => {
  it('agrees with statsmodels', () => {
    const [pValues, adjusted] = fixture.holm
    holm(pValues).forEach((p, i) => expect(p).toBeCloseTo(adjusted[i], 14))
  })

  it('by hand: 0.01 of two doubles, 0.04 stays', () => {
    expect(holm([0.04, 0.01])).toEqual([0.04, 0.02])
    expect(holm([])).toEqual([])
  })
})
