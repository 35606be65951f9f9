import { fillNormal, foldIn, key } from '@maxent/core/keys'
import { describe, expect, it } from 'vitest'
import { meanRatio, type RatioPair } from './ratio.ts'
import { welchDifference } from './tests.ts'

const of = [50, 60, 75]
const over = [90, 100, 112, 98]

describe("Fieller's interval of a ratio", () => {
  it('lies beyond a number exactly where the interval of Welch of x less number times y lies beyond zero', () => {
    const { value, low, high } = meanRatio([{ of, over }])
    expect(value).toBeCloseTo(185 / 3 / 100, 12)
    for (const [end, sign] of [
      [low, 1],
      [high, -1],
    ] as const) {
      const at = (number: number): ReturnType<typeof welchDifference> =>
        welchDifference(
          of,
          over.map((y) => number * y),
        )
      const edge = at(end)
      expect(sign === 1 ? edge.low : edge.high).toBeCloseTo(0, 8)
      const outside = at(end - sign * 0.01)
      expect(sign === 1 ? outside.low : -outside.high).toBeGreaterThan(0)
    }
  })

  it('is that of the mean, in units, where the unit is known', () => {
    const { low, high } = meanRatio([{ of: [1, 2, 3], over: [2, 2] }])
    // t of 2 degrees at 0.975 is 4.302653, s / √3 is 0.577350, halved.
    expect(low).toBeCloseTo(1 - 1.242069, 5)
    expect(high).toBeCloseTo(1 + 1.242069, 5)
  })

  it('is a point without any spread, and unbounded where the unit may be zero', () => {
    expect(meanRatio([{ of: [3, 3], over: [2, 2] }])).toEqual({ value: 1.5, low: 1.5, high: 1.5 })
    expect(meanRatio([{ of, over: [-10, 5, 20] }])).toMatchObject({ low: -Infinity, high: Infinity })
  })

  it('does not depend on units', () => {
    const scaled = meanRatio([{ of: of.map((x) => 7e6 * x), over: over.map((y) => 7e6 * y) }])
    const plain = meanRatio([{ of, over }])
    expect([scaled.low, scaled.high]).toEqual([
      expect.closeTo(plain.low, 10) as number,
      expect.closeTo(plain.high, 10) as number,
    ])
  })
})

describe('the mean of several ratios', () => {
  it('weighs every pair alike, whatever its unit', () => {
    const far = { of: of.map((x) => 100 * x), over: over.map((y) => 50 * y) }
    expect(meanRatio([{ of, over }, far]).value).toBeCloseTo((3 * 185) / 300 / 2, 12)
  })

  it('is known better than each', () => {
    const length = (pairs: readonly RatioPair[]): number => {
      const { low, high } = meanRatio(pairs)
      return high - low
    }
    expect(
      length([
        { of, over },
        { of, over },
      ]),
    ).toBeLessThan(length([{ of, over }]) / 1.3)
  })

  it('is held by 95 % of the intervals at five runs of two tasks of other ratios', () => {
    const draws = new Float32Array(20)
    let held = 0
    const sets = 300
    for (let set = 0; set < sets; set++) {
      fillNormal(foldIn(key(3), set), draws)
      const sample = (i: number, mean: number, std: number): number[] =>
        [...draws.subarray(5 * i, 5 * i + 5)].map((z) => mean + std * z)
      const { low, high } = meanRatio([
        { of: sample(0, 60, 15), over: sample(1, 100, 20) },
        { of: sample(2, 1400, 200), over: sample(3, 1000, 250) },
      ])
      if (low <= 1 && high >= 1) held++
    }
    expect(held / sets).toBeGreaterThan(0.92)
    expect(held / sets).toBeLessThan(0.99)
  })
})

it.each([
  ['a sample must have at least two values, got 1', { of: [1], over }],
  ['the mean of over must be positive, got -1', { of, over: [-1, -1] }],
])('says that %s', (message, pair) => {
  expect(() => meanRatio([pair])).toThrow(message)
})
