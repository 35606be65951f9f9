import { expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import { armCurve } from './armCurve.ts'

const cells = [
  [1, 2],
  [3, 10],
  [8, 3],
].map((values, i) => cellResult({ seed: i + 1, curves: { return: { steps: [10, 20], values } } }))

it('gives the mean with the least and the largest seed where a paper draws those', () => {
  expect(armCurve(cells, 'return', 'range')).toEqual({
    points: [
      { step: 10, value: 4, low: 1, high: 8 },
      { step: 20, value: 5, low: 2, high: 10 },
    ],
    seeds: 3,
    perPoint: 1,
  })
})

it('gives the interquartile mean with its interval else', () => {
  const [first] = armCurve(cells, 'return').points
  expect(first).toMatchObject({ step: 10, value: 4 })
  expect(first.low).toBeGreaterThanOrEqual(1)
  expect(first.high).toBeLessThanOrEqual(8)
})

it('has no points where no cell has the curve', () => {
  expect(armCurve(cells, 'alpha', 'range').points).toEqual([])
})

it('gives the mean with one standard deviation over seeds where a paper draws that', () => {
  // Of 1, 3 and 8: (9 + 1 + 16) / 2 = 13.
  expect(armCurve(cells, 'return', 'deviation').points[0]).toEqual({
    step: 10,
    value: 4,
    low: 4 - Math.sqrt(13),
    high: 4 + Math.sqrt(13),
  })
  const [alone] = armCurve(cells.slice(0, 1), 'return', 'deviation').points
  expect(alone).toEqual({ step: 10, value: 1, low: 1, high: 1 })
})
