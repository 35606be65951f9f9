import { describe, expect, it } from 'vitest'
import { cellResult } from '../../run/cellResult.testData.ts'
import type { CellResult } from '../../run/cellResult.ts'
import { welchDifference } from '../../statistics/tests.ts'
import {
  divergedIn,
  gainsOf,
  inWords,
  isPositive,
  known,
  learns,
  reaches,
  shareOf,
  staysBelow,
  tasksIn,
  together,
  unlearned,
  unlearnedRoles,
} from './gains.ts'

const run = (values: readonly number[]): CellResult =>
  cellResult({
    settings: { kind: 'train', train: { steps: 100 * values.length } },
    curves: { return: { steps: values.map((_, i) => 100 * (i + 1)), values } },
  })
const random = [10, 30].map((value) =>
  cellResult({ settings: { kind: 'uniform' }, scalars: { return: value } }),
)

describe('gains', () => {
  it('are means of the last fifth of the run, less the mean of random actions', () => {
    const cells = [run([0, 0, 0, 0, 120]), run([9, 9, 9, 9, 20])]
    expect(gainsOf(cells, random)).toEqual([100, 0])
    expect(gainsOf(cells, random, 1)).toEqual([24 - 20, 56 / 5 - 20])
  })

  it('of random actions are about zero', () => {
    expect(gainsOf(random, random)).toEqual([-10, 10])
  })

  it('are what comes on top of standing still, where that is paid more than random actions', () => {
    const still = [1000, 900].map((value) =>
      cellResult({ arm: 'still', settings: { kind: 'uniform' }, scalars: { return: value } }),
    )
    expect(gainsOf([run([960]), run([940])], [...random, ...still])).toEqual([10, -10])
    const poor = still.map((cell) => ({ ...cell, scalars: { return: -500 } }))
    expect(gainsOf([run([120]), run([20])], [...random, ...poor])).toEqual([100, 0])
  })

  it('are not there without anything to measure from', () => {
    expect(gainsOf([run([1]), run([2])], [])).toBeUndefined()
  })

  it('are not there for a single seed, or a run that was not evaluated at its end', () => {
    expect(gainsOf([run([1, 2, 3, 4, 5])], random)).toBeUndefined()
    const short = { ...run([1, 2, 3]), settings: { kind: 'train', train: { steps: 1_000 } } }
    expect(gainsOf([short, short], random)).toBeUndefined()
  })
})

describe('a share of other gains', () => {
  const [ours, theirs] = [
    [50, 60, 70],
    [90, 100, 110],
  ]

  it('lies beyond its bar exactly where the difference of Welch lies beyond zero', () => {
    for (const bar of [0.3, 0.5, 0.6, 0.8, 1]) {
      const share = shareOf(ours, theirs, bar)
      const { low, high } = welchDifference(
        ours,
        theirs.map((value) => bar * value),
      )
      expect(share?.value).toBeCloseTo(0.6, 12)
      expect(reaches(share, bar) === 'holds', `${bar}`).toBe(low >= 0)
      expect(reaches(share, bar) === 'fails', `${bar}`).toBe(high < 0)
    }
  })

  it('is not there where the others gain nothing', () => {
    expect(shareOf(ours, [-1, 1, 0], 1)).toBeUndefined()
    expect(shareOf(undefined, theirs, 1)).toBeUndefined()
    expect(reaches(undefined, 1)).toBe('inconclusive')
    expect(staysBelow(undefined, 1)).toBe('inconclusive')
  })

  it('stays below a bar where all of its interval does, and fails to where none does', () => {
    expect(staysBelow({ value: 0.5, low: 0.1, high: 0.9 }, 1)).toBe('holds')
    expect(staysBelow({ value: 0.5, low: 0.1, high: 1 }, 1)).toBe('inconclusive')
    expect(staysBelow({ value: 1.2, low: 1, high: 1.4 }, 1)).toBe('fails')
  })
})

it('knows learning from nothing', () => {
  expect(learns([10, 11, 12])).toBe('holds')
  expect(learns([-10, 11, 2])).toBe('inconclusive')
  expect(learns([-10, -11, -12])).toBe('fails')
  expect(learns([-10, 11, -2])).toBe('fails')
  expect(learns(undefined)).toBe('inconclusive')
})

it('finds that random actions learn nothing, whatever they return', () => {
  const odd = [0.1, 0.7, 1e3, -3.3].map((value) =>
    cellResult({ settings: { kind: 'uniform' }, scalars: { return: value } }),
  )
  expect(learns(gainsOf(odd, odd))).toBe('fails')
})

it('knows the cells that nothing was learned for, by their roles', () => {
  const [still] = random
  const cells = { 'a/learned': [run([1])], 'a/random': random, 'a/still': [still], 'b/random': [still] }
  expect(unlearned(cells, 'a')).toEqual([...random, still])
  expect(unlearned(cells, 'b')).toEqual([still])
  expect(Object.keys(unlearnedRoles('a'))).toEqual(['a/random', 'a/still'])
})

it('is above zero with certainty, certainly not, or perhaps', () => {
  const found = [
    { value: 1, low: 0.1, high: 2 },
    { value: -1, low: -2, high: 0 },
    { value: 0, low: -1, high: 1 },
  ]
  expect(found.map(isPositive)).toEqual(['holds', 'fails', 'inconclusive'])
})

it('fails with one part, and holds with all', () => {
  expect(together(['holds', 'holds'])).toBe('holds')
  expect(together(['holds', 'inconclusive'])).toBe('inconclusive')
  expect(together(['inconclusive', 'fails', 'holds'])).toBe('fails')
  expect(together([])).toBe('inconclusive')
})

it('counts runs that diverged once, whatever roles they have', () => {
  const lost = { ...run([1]), scalars: { divergedAt: 50 } }
  expect(divergedIn({ a: [lost, run([1])], b: [lost], random })).toBe('; 1 of 2 runs diverged')
  expect(divergedIn({ a: [run([1])], random })).toBe('')
})

it('keeps figures that a file of JSON can hold', () => {
  const fine = { value: 1, low: 0, high: 2 }
  expect(known({ fine, missing: undefined, wild: { ...fine, high: Infinity } })).toEqual({ fine })
})

it('writes figures as a page does', () => {
  expect(inWords({ value: -0.001, low: -1.5, high: 0.256 })).toBe('0.00 [−1.50, 0.26]')
  expect(inWords({ value: 1, low: -Infinity, high: Infinity })).toBe('1.00 [−∞, ∞]')
  expect(inWords(undefined)).toBe('unknown')
})

it('finds tasks in the names of roles', () => {
  expect(tasksIn({ 'a/x': [], 'a/y': [], 'b/x': [] })).toEqual(['a', 'b'])
})
