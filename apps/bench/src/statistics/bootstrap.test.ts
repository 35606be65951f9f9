import { key } from '@maxent/core/keys'
import { describe, expect, it } from 'vitest'
import { interquartileMean, meanScore, medianScore, optimalityGap } from './aggregates.ts'
import {
  bootstrapAggregate,
  bootstrapImprovement,
  bootstrapProfile,
  sampleEfficiencyCurve,
  stratifiedBootstrap,
} from './bootstrap.ts'
import { probabilityOfImprovement } from './improvement.ts'
import { performanceProfile } from './profiles.ts'
import { quantile, sorted } from './samples.ts'

describe('aggregates by hand', () => {
  it('leaves a quarter of all runs out at either end', () => {
    expect(
      interquartileMean([
        [1, 2, 3, 4],
        [100, -50, 5, 6],
      ]),
    ).toBe((2 + 3 + 4 + 5) / 4)
    expect(interquartileMean([[1, 2, 9]])).toBe(4)
    expect(interquartileMean([[1, 2, 3, 4, 90]])).toBe(3)
  })

  it('takes means over runs before the median over tasks', () => {
    const scores = [
      [0, 10],
      [1, 1],
      [2, 4],
    ]
    expect(medianScore(scores)).toBe(3)
    expect(meanScore(scores)).toBe(3)
  })

  it('counts what misses the target, and nothing above it', () => {
    expect(optimalityGap([[0.5, 3], [1]])).toBeCloseTo(1 - 2.5 / 3, 15)
    expect(optimalityGap([[2, 3]])).toBe(0)
  })

  it('counts ties half when runs are compared', () => {
    expect(probabilityOfImprovement([[1, 2]], [[1, 0]])).toBe((0.5 + 1 + 1 + 1) / 4)
    expect(probabilityOfImprovement([[1, 2]], [[1, 2]])).toBe(0.5)
  })

  it('refuses tasks without runs, scores that are no numbers, and tasks that do not match', () => {
    expect(() => interquartileMean([])).toThrow(
      'interquartileMean: scores must have at least one task, got none',
    )
    expect(() => meanScore([[1], []])).toThrow(
      'meanScore: scores must have at least one run per task, got none for task 1',
    )
    expect(() => medianScore([[1, NaN]])).toThrow(
      'medianScore: scores must be finite, got NaN for run 1 of task 0',
    )
    expect(() => optimalityGap([[Infinity]])).toThrow('optimalityGap: scores must be finite, got Infinity')
    expect(() => probabilityOfImprovement([[1]], [[1], [2]])).toThrow('must have the same tasks, got 1 and 2')
    expect(() => performanceProfile([[NaN]], [0])).toThrow('performanceProfile: scores must be finite')
  })
})

describe('sorted and quantile', () => {
  it('sorts small and large samples by value', () => {
    const sample = Array.from({ length: 100 }, (_, i) => ((i * 37) % 101) - 50)
    for (const length of [1, 2, 31, 32, 33, 100]) {
      const part = sample.slice(0, length)
      expect([...sorted(part)]).toEqual([...part].sort((a, b) => a - b))
    }
  })

  it('interpolates between neighbours', () => {
    expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 3, 5, 11], share))).toEqual([1, 2.5, 4, 11])
    expect(quantile([7], 0.975)).toBe(7)
  })
})

describe('the stratified bootstrap', () => {
  const scores = [
    [1, 2, 3, 4, 5],
    [10, 20],
  ]
  const options = { key: key(1), repetitions: 500 }

  it('repeats with its key and differs with another', () => {
    const uneven = [[1, 2.7, 7.1, 9.3, 20.9, 33.3]]
    const interval = bootstrapAggregate(uneven, meanScore, options)
    expect(bootstrapAggregate(uneven, meanScore, options)).toEqual(interval)
    expect(bootstrapAggregate(uneven, meanScore, { ...options, key: key(2) })).not.toEqual(interval)
  })

  it('draws every stratum from itself alone, as many values as it has', () => {
    stratifiedBootstrap(
      [5, 2, 1],
      (choice) => {
        expect(choice.map(({ length }) => length)).toEqual([5, 2, 1])
        choice.forEach((places, stratum) => {
          expect([...places].every((place) => place >= 0 && place < [5, 2, 1][stratum])).toBe(true)
        })
        return [0]
      },
      options,
    )
  })

  it('has the exact distribution where that can be counted: the sum of two draws of {0, 1}', () => {
    // 0, 0.5 and 1 with probabilities 1/4, 1/2, 1/4.
    const at = (level: number): object =>
      bootstrapAggregate([[0, 1]], meanScore, { key: key(3), repetitions: 20_000, level })
    expect(at(0.45)).toEqual({ value: 0.5, low: 0.5, high: 0.5 })
    expect(at(0.55)).toEqual({ value: 0.5, low: 0, high: 1 })
  })

  it('is a point where there is no spread, and wider at a higher level', () => {
    expect(bootstrapAggregate([[2, 2, 2]], interquartileMean, options)).toEqual({ value: 2, low: 2, high: 2 })
    const [narrow, wide] = [0.8, 0.99].map((level) =>
      bootstrapAggregate(scores, meanScore, { ...options, level }),
    )
    expect(wide.low).toBeLessThan(narrow.low)
    expect(wide.high).toBeGreaterThan(narrow.high)
  })

  it('draws both sides of a comparison on their own', () => {
    const same = [[1, 2, 3, 4]]
    const { value, low, high } = bootstrapImprovement(same, same, options)
    expect(value).toBe(0.5)
    expect(low).toBeLessThan(0.3)
    expect(high).toBeGreaterThan(0.7)
  })

  it('gives a profile an interval per threshold, without spread where all runs agree', () => {
    const [all, some, none] = bootstrapProfile([[1, 2, 3, 4]], [0, 2.5, 9], options)
    expect(all).toEqual({ value: 1, low: 1, high: 1 })
    expect(some.value).toBe(0.5)
    expect(some.low).toBeLessThan(0.5)
    expect(none).toEqual({ value: 0, low: 0, high: 0 })
  })

  it('draws whole curves: an interval at a point is that of the point alone', () => {
    const curves = [
      [
        [1, 10],
        [2, 30],
        [3, 20],
        [4, 0],
      ],
    ]
    const [first] = sampleEfficiencyCurve(curves, interquartileMean, options)
    expect(first).toEqual(bootstrapAggregate([[1, 2, 3, 4]], interquartileMean, options))
  })

  it('refuses levels, repetitions and curves that make no sense', () => {
    expect(() => bootstrapAggregate(scores, meanScore, { ...options, level: 95 })).toThrow(
      'level must lie between 0 and 1, got 95, write 0.95 for 95 %',
    )
    expect(() => bootstrapAggregate(scores, meanScore, { ...options, repetitions: 0 })).toThrow(
      'repetitions must be an integer from 1, got 0',
    )
    expect(() => sampleEfficiencyCurve([[[1, 2], [1]]], meanScore, options)).toThrow(
      'curves must have the same points, got 2 and 1',
    )
    expect(() => sampleEfficiencyCurve([[]], meanScore, options)).toThrow('at least one task, run and point')
  })
})
