import { describe, expect, it } from 'vitest'
import { foldIn, key, normal, uniform } from '../keys/index.ts'
import { chiSquared, kolmogorovSmirnov, normalCdf } from './goodnessOfFit.ts'

describe('normalCdf', () => {
  it('has the digits of float64 from tail to tail', () => {
    // scipy.special.ndtr
    for (const [x, expected] of [
      [-30, 4.906713927147908e-198],
      [-6, 9.865876450376946e-10],
      [-3.1, 9.676032132183563e-4],
      [-2.9, 1.8658133003840375e-3],
      [-1, 0.15865525393145707],
      [0, 0.5],
      [0.5, 0.6914624612740131],
      [3, 0.9986501019683699],
      [40, 1],
    ])
      expect(Math.abs(normalCdf(x) / expected - 1), `at ${x}`).toBeLessThan(1e-13)
  })
})

describe('kolmogorovSmirnov', () => {
  it('has the quantiles of the limiting law', () => {
    // All samples at 0.5 ± distance of a uniform law: the statistic is the larger of the two sides.
    const n = 100_000
    const shifted = (size: number): number[] =>
      Array.from({ length: n }, (_, i) => Math.min(1, (i + 0.5) / n + size / Math.sqrt(n)))
    // Kolmogorov's law: 5 % above 1.3581, 0.1 % above 1.9495.
    expect(kolmogorovSmirnov(shifted(1.3581), (x) => x)).toBeCloseTo(0.05, 2.5)
    expect(kolmogorovSmirnov(shifted(1.9495), (x) => x)).toBeCloseTo(0.001, 4)
  })

  it('is uniform for samples of the law, and small for those of another', () => {
    const p = Array.from({ length: 200 }, (_, i) =>
      kolmogorovSmirnov(normal(foldIn(key(1), i), 500), normalCdf),
    )
    expect(p.filter((x) => x < 0.2).length / 200).toBeGreaterThan(0.1)
    expect(p.filter((x) => x < 0.2).length / 200).toBeLessThan(0.3)
    const other = normal(key(2), 2000).map((x) => 1.2 * x + 0.1)
    expect(kolmogorovSmirnov(other, normalCdf)).toBeLessThan(1e-3)
    expect(kolmogorovSmirnov([NaN], normalCdf)).toBeNaN()
  })

  it('refuses no samples', () => {
    expect(() => kolmogorovSmirnov([], (x) => x)).toThrow('kolmogorovSmirnov: samples must have at least one')
  })
})

describe('chiSquared', () => {
  it('has the quantiles of the law, by scipy.stats.chi2', () => {
    // Two cells with counts of (n ± d)/2 have the statistic d²/n.
    const n = 10_000
    const cells = (d: number): number => chiSquared([(n + d) / 2, (n - d) / 2], [0.5, 0.5])
    expect(cells(Math.sqrt(3.841458820694124 * n))).toBeCloseTo(0.05, 2)
    const many = (statistic: number): number => {
      const counts = new Float64Array(100).fill(1000)
      const d = Math.sqrt((statistic * 1000) / 100)
      return chiSquared(
        counts.map((count, i) => count + (i % 2 === 0 ? d : -d)),
        new Float64Array(100).fill(0.01),
      )
    }
    expect(many(148.23035917)).toBeCloseTo(0.001, 4)
    expect(many(98.33413733)).toBeCloseTo(0.5, 3)
  })

  it('finds samples of another law, and samples where none can be', () => {
    const count = (samples: Float32Array): number[] =>
      samples.reduce(
        (counts, x) => counts.with(Math.floor(10 * x), counts[Math.floor(10 * x)] + 1),
        Array<number>(10).fill(0),
      )
    const tenths = Array<number>(10).fill(0.1)
    const fair = uniform(key(3), 5000)
    expect(chiSquared(count(fair), tenths)).toBeGreaterThan(1e-3)
    expect(chiSquared(count(fair.map((x) => x ** 1.2)), tenths)).toBeLessThan(1e-3)
    expect(chiSquared([50, 50, 1], [0.5, 0.5, 0])).toBe(0)
    expect(chiSquared([50, 50, 0], [0.5, 0.5, 0])).toBeGreaterThan(0.9)
  })

  it('counts small cells as one', () => {
    const small = Array<number>(100).fill(0.001)
    const counts = [900, ...small.map((_, i) => (i < 10 ? 10 : 0))]
    expect(chiSquared(counts, [0.9, ...small])).toBeGreaterThan(0.9)
  })

  it('refuses lengths that differ, and one cell', () => {
    expect(() => chiSquared([1], [0.5, 0.5])).toThrow(
      'chiSquared: probabilities must be as many as counts, got 2 and 1',
    )
    expect(() => chiSquared([10], [1])).toThrow(
      'chiSquared: probabilities must leave at least two cells, got 1',
    )
  })
})
