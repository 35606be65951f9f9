import { expect, it } from 'vitest'
import { cellResult } from './cellResult.testData.ts'
import { floorOf, lateMean, thinned } from './curves.ts'

const run = (points: number): { steps: number[]; values: number[] } => ({
  steps: Array.from({ length: points }, (_, i) => 1_000 * (i + 1)),
  values: Array.from({ length: points }, (_, i) => i),
})

it('keeps a thousand points as they are', () => {
  expect(thinned(run(1_000))).toEqual(run(1_000))
  expect(thinned({ steps: [], values: [] })).toEqual({ steps: [], values: [] })
})

it('keeps means of successive values of more, and what the end came to', () => {
  const { steps, values } = thinned(run(2_999))
  expect(steps).toHaveLength(1_000)
  expect([steps[0], values[0], steps.at(-1), values.at(-1)]).toEqual([3_000, 1, 2_999_000, 2_997.5])
  const cell = (curve: ReturnType<typeof run>): ReturnType<typeof cellResult> =>
    cellResult({
      settings: { kind: 'train', train: { steps: 1_000 * curve.steps.length } },
      curves: { return: curve },
    })
  const whole = cell(run(3_000))
  const thin = { ...whole, curves: { return: thinned(run(3_000)) } }
  expect(lateMean(thin, 'return')).toBeCloseTo(lateMean(whole, 'return') ?? NaN, 9)
})

it('takes the better of what is there without learning, each in the mean over its seeds', () => {
  const cells = (
    [
      ['random', 10],
      ['random', 30],
      ['still', 19],
      ['still', 18],
    ] as const
  ).map(([arm, value]) => cellResult({ arm, scalars: { return: value } }))
  expect(floorOf(cells)).toBe(20)
  expect(floorOf(cells.slice(1))).toBe(30)
  expect(floorOf(cells.slice(2))).toBe(18.5)
})
