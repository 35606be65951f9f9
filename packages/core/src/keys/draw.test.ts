import { describe, expect, it } from 'vitest'
import { chiSquared as chiSquaredOf } from '../testing/goodnessOfFit.ts'
import {
  fillGeometric,
  fillIntegers,
  fillNormal,
  fillUniform,
  foldIn,
  integers,
  key,
  normal,
  permutation,
  uniform,
} from './index.ts'

const n = 1_000_000

/** Φ by Abramowitz & Stegun 7.1.26; its error of 1.5e-7 is far below what these tests can see. */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * z)
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const half = 0.5 * poly * Math.exp(-z * z)
  return x < 0 ? half : 1 - half
}

/** √n times the largest distance between the empirical and the true distribution: above 1.95 once in 1,000 samples. */
function kolmogorovSmirnov(sample: Float32Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort()
  let most = 0
  sorted.forEach((x, i) => {
    const p = cdf(x)
    most = Math.max(most, p - i / sorted.length, (i + 1) / sorted.length - p)
  })
  return most * Math.sqrt(sorted.length)
}

/** Pearson's statistic against equal counts, in standard deviations from its mean. */
function chiSquared(counts: ArrayLike<number>): number {
  const cells = counts.length
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0)
  const expected = total / cells
  const statistic = Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return (statistic - (cells - 1)) / Math.sqrt(2 * (cells - 1))
}

function moment(sample: Float32Array, power: number): number {
  return sample.reduce((sum, x) => sum + x ** power, 0) / sample.length
}

describe('uniforms', () => {
  const sample = uniform(key(11), n)

  it('lie in [0, 1) on a grid of 2^-24', () => {
    expect(sample.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 24))).toBe(true)
  })

  it('have the moments of the uniform law', () => {
    expect(Math.abs(moment(sample, 1) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n))
    expect(Math.abs(moment(sample, 2) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n))
  })

  it('pass Kolmogorov-Smirnov and chi-squared over values and over pairs of neighbours', () => {
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(1.95)
    const values = new Uint32Array(1024)
    const pairs = new Uint32Array(1024)
    for (let i = 0; i < n; i++) values[Math.floor(sample[i] * 1024)]++
    for (let i = 0; i + 1 < n; i += 2)
      pairs[Math.floor(sample[i] * 32) * 32 + Math.floor(sample[i + 1] * 32)]++
    expect(Math.abs(chiSquared(values))).toBeLessThan(4)
    expect(Math.abs(chiSquared(pairs))).toBeLessThan(4)
  })

  it('vary in every one of their 24 bits', () => {
    for (let bit = 0; bit < 24; bit++) {
      const ones = sample.reduce((sum, x) => sum + ((Math.floor(x * 2 ** 24) >>> bit) & 1), 0)
      expect(Math.abs(ones - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4))
    }
  })
})

describe('normals', () => {
  const sample = normal(key(12), n)

  it('have the moments of the standard normal law', () => {
    expect(Math.abs(moment(sample, 1))).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(moment(sample, 2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(moment(sample, 3))).toBeLessThan(5 * Math.sqrt(15 / n))
    expect(Math.abs(moment(sample, 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
  })

  it('pass Kolmogorov-Smirnov and chi-squared over cells of equal probability', () => {
    expect(kolmogorovSmirnov(sample, normalCdf)).toBeLessThan(1.95)
    const cells = new Uint32Array(500)
    for (const x of sample) cells[Math.min(499, Math.floor(normalCdf(x) * 500))]++
    expect(Math.abs(chiSquared(cells))).toBeLessThan(4)
  })

  it('reach as far into both tails as they should', () => {
    for (const edge of [2, 3, 3.6541528853610088, 4]) {
      const expected = n * normalCdf(-edge)
      const above = sample.reduce((sum, x) => sum + (x > edge ? 1 : 0), 0)
      const below = sample.reduce((sum, x) => sum + (x < -edge ? 1 : 0), 0)
      expect(Math.abs(above - expected)).toBeLessThan(5 * Math.sqrt(expected))
      expect(Math.abs(below - expected)).toBeLessThan(5 * Math.sqrt(expected))
    }
  })

  it('do not correlate with their neighbours, nor in size', () => {
    for (const lag of [1, 2, 3, 1024]) {
      let product = 0
      let size = 0
      for (let i = lag; i < n; i++) {
        product += sample[i] * sample[i - lag]
        size += (sample[i] ** 2 - 1) * (sample[i - lag] ** 2 - 1)
      }
      expect(Math.abs(product / n)).toBeLessThan(5 / Math.sqrt(n))
      expect(Math.abs(size / n)).toBeLessThan(5 * Math.sqrt(4 / n))
    }
  })
})

describe('integers', () => {
  it.each([2, 3, 7, 100, 1000])('are equally likely below %i', (high) => {
    const counts = new Uint32Array(high)
    for (const value of integers(foldIn(key(13), high), n, high)) counts[value]++
    expect(Math.abs(chiSquared(counts))).toBeLessThan(4)
  })

  it('have no modulo bias where 2^32 is far from a multiple of the bound', () => {
    const high = 3 * 2 ** 30
    const out = new Uint32Array(300_000)
    fillIntegers(key(14), out, high)
    const counts = new Uint32Array(3)
    for (const value of out) counts[Math.floor(value / 2 ** 30)]++
    expect(out.every((value) => value < high)).toBe(true)
    expect(Math.abs(chiSquared(counts))).toBeLessThan(4)
  })

  it('take every uint32 where the bound is 2^32, and only 0 where it is 1', () => {
    const out = new Uint32Array(1000)
    fillIntegers(key(15), out, 2 ** 32)
    expect(Math.max(...out)).toBeGreaterThan(2 ** 32 * 0.99)
    expect(integers(key(15), 5, 1)).toEqual(new Int32Array(5))
  })

  it('refuse a bound that the array cannot hold', () => {
    const message = /^fillIntegers: high must be an integer in \[1, 2147483648\], got/
    expect(() => integers(key(1), 3, 2 ** 31 + 1)).toThrow(message)
    expect(() => integers(key(1), 3, 0)).toThrow(message)
    expect(() => fillIntegers(key(1), new Uint32Array(1), 2 ** 32 + 1)).toThrow(RangeError)
  })
})

describe('integers that become rarer', () => {
  const draw = (seed: number, count: number, law: { high: number; rate: number }): Int32Array => {
    const out = new Int32Array(count)
    fillGeometric(key(seed), out, law)
    return out
  }

  it.each([
    [10, 0.3],
    [50, 1],
    [1000, 1e-3],
    [1000, 1e-9],
  ])('below %i have the shares of exp(−%f k)', (high, rate) => {
    const counts = new Uint32Array(high)
    for (const value of draw(20, n, { high, rate })) counts[value]++
    const weights = Array.from({ length: high }, (_, k) => Math.exp(-rate * k))
    const sum = weights.reduce((total, weight) => total + weight)
    const shares = weights.map((weight) => weight / sum)
    expect(chiSquaredOf(counts, shares)).toBeGreaterThan(1e-3)
    // Half the rate is another law, as far as this many samples can tell.
    if (rate * high > 0.1) {
      const others = shares.map((share, k) => share * Math.exp((rate / 2) * k))
      const rest = others.reduce((total, share) => total + share)
      expect(
        chiSquaredOf(
          counts,
          others.map((share) => share / rest),
        ),
      ).toBeLessThan(1e-9)
    }
  })

  it('are those of fillIntegers at a rate of 0', () => {
    expect(draw(21, 1000, { high: 77, rate: 0 })).toEqual(integers(key(21), 1000, 77))
  })

  it('stay below the bound, and a shorter draw is the beginning of a longer', () => {
    expect(draw(22, 100, { high: 1, rate: 0.5 })).toEqual(new Int32Array(100))
    const long = draw(22, 5000, { high: 2 ** 31, rate: 1e-8 })
    expect(Math.min(...long)).toBeGreaterThanOrEqual(0)
    expect(long.slice(0, 700)).toEqual(draw(22, 700, { high: 2 ** 31, rate: 1e-8 }))
  })

  it('refuse another bound or rate', () => {
    expect(() => draw(1, 1, { high: 0, rate: 0.5 })).toThrow('fillGeometric: high must be an integer in')
    for (const rate of [-0.1, 1.1, NaN])
      expect(() => draw(1, 1, { high: 3, rate })).toThrow(
        `fillGeometric: rate must be in [0, 1], got ${rate}`,
      )
  })
})

describe('permutations', () => {
  it('hold every number once', () => {
    expect([...permutation(key(16), 3000)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 3000 }, (_, i) => i),
    )
    expect(permutation(key(16), 0)).toEqual(new Int32Array(0))
  })

  it('come in all orders, equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(foldIn(key(17), i), 4).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(Math.abs(chiSquared([...counts.values()]))).toBeLessThan(4)
  })
})

describe('every stream', () => {
  it('has its shorter draws as prefixes of its longer ones', () => {
    for (const short of [1, 2, 7, 1023, 1024, 1025]) {
      expect(uniform(key(18), 5000).slice(0, short)).toEqual(uniform(key(18), short))
      expect(normal(key(18), 5000).slice(0, short)).toEqual(normal(key(18), short))
      expect(integers(key(18), 5000, 3 * 2 ** 29).slice(0, short)).toEqual(
        integers(key(18), short, 3 * 2 ** 29),
      )
    }
  })

  it('fills views without touching what lies beside them', () => {
    const buffer = new Float32Array(10).fill(9)
    fillNormal(key(19), buffer.subarray(2, 5))
    fillUniform(key(19), buffer.subarray(6, 8))
    expect(buffer.subarray(2, 5)).toEqual(normal(key(19), 3))
    expect([0, 1, 5, 8, 9].map((i) => buffer[i])).toEqual([9, 9, 9, 9, 9])
  })

  it('refuses a length that is none', () => {
    expect(() => uniform(key(1), -1)).toThrow('uniform: n must be an integer in [0, 2147483647], got -1')
    expect(() => normal(key(1), 1.5)).toThrow(/^normal: n must be/)
    expect(() => integers(key(1), NaN, 5)).toThrow(/^integers: n must be/)
    expect(() => permutation(key(1), -2)).toThrow(/^permutation: n must be/)
  })
})
