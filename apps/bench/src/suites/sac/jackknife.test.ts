import { fillNormal, foldIn, key } from '@maxent/core/keys'
import { describe, expect, it } from 'vitest'
import { meanOf } from '../../statistics/samples.ts'
import { meanInterval } from '../../statistics/tests.ts'
import { goodWidth } from './goodRange.ts'
import { jackknife } from './jackknife.ts'

const seeds = [1, 2, 3, 4, 5]

it("is Student's interval where the statistic is a mean", () => {
  const values = [3, 1, 4, 1, 5]
  const found = jackknife(seeds, (some) => meanOf(some.map((seed) => values[seed - 1])))
  const { value, low, high } = meanInterval(values)
  expect(found.value).toBeCloseTo(value, 12)
  expect(found.low).toBeCloseTo(low, 12)
  expect(found.high).toBeCloseTo(high, 12)
})

it('has no width where no seed matters, and needs two', () => {
  expect(jackknife(seeds, () => 7)).toEqual({ value: 7, low: 7, high: 7 })
  expect(() => jackknife([1], () => 7)).toThrow('at least two values')
})

describe('of the widths of two good ranges, at five seeds of normal noise', () => {
  const broad = [70, 90, 100, 95, 60]
  const peaked = [5, 30, 100, 60, 15]
  const dataSets = 1_000
  const width = (values: readonly number[]): number =>
    goodWidth(values.map((value, i) => ({ decade: 0.75 * i, value })))

  /** Shares of data sets whose interval of the difference holds the true one, and lies above 0: of mean curves, and of those of single seeds. */
  function simulate(curves: readonly (readonly number[])[], deviation: number): readonly number[] {
    const difference = (rows: readonly (readonly number[])[]): number => width(rows[0]) - width(rows[1])
    const truth = difference(curves)
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < dataSets; i++) {
      const noise = new Float32Array(10 * seeds.length)
      fillNormal(foldIn(key(1), i), noise)
      const meanCurves = (some: readonly number[]): readonly (readonly number[])[] =>
        curves.map((curve, c) =>
          curve.map((level, j) =>
            meanOf(some.map((seed) => level + deviation * noise[10 * (seed - 1) + 5 * c + j])),
          ),
        )
      const whole = jackknife(seeds, (some) => difference(meanCurves(some)))
      const single = meanInterval(seeds.map((seed) => difference(meanCurves([seed]))))
      for (const [k, { low, high }] of [whole, single].entries()) {
        counts[2 * k] += Number(low <= truth && truth <= high)
        counts[2 * k + 1] += Number(low > 0)
      }
    }
    return counts.map((count) => count / dataSets)
  }

  // The table of docs/statistics.md.
  it.each([
    ['that differ', [broad, peaked], 15, [0.94, 0.79, 0.69, 0.86]],
    ['that differ, with twice the noise', [broad, peaked], 30, [0.9, 0.25, 0.25, 0.23]],
    ['that are equal', [peaked, peaked], 15, [0.97, 0.02, 0.96, 0.02]],
    ['that are equal, with twice the noise', [peaked, peaked], 30, [0.95, 0.02, 0.96, 0.02]],
  ] as const)('%s', (_, curves, deviation, shares) => {
    simulate(curves, deviation).forEach((share, i) => expect(share).toBeCloseTo(shares[i], 1))
  })
})
