import { readFileSync } from 'node:fs'
import { key } from '@maxent/core/keys'
import { describe, expect, it } from 'vitest'
import { interquartileMean, meanScore, medianScore, optimalityGap } from './aggregates.ts'
import {
  bootstrapAggregate,
  bootstrapImprovement,
  bootstrapProfile,
  sampleEfficiencyCurve,
  type Estimate,
} from './bootstrap.ts'
import { probabilityOfImprovement } from './improvement.ts'
import { averagePerformanceProfile, performanceProfile } from './profiles.ts'
import type { Scores } from './scores.ts'

interface End {
  readonly rliable: readonly number[]
  /** The same end of another bootstrap of as many resamples lies between these, four standard errors away. */
  readonly brackets: readonly [readonly number[], readonly number[]]
}

interface Intervals {
  readonly repetitions: number
  readonly low: End
  readonly high: End
}

interface Fixture {
  readonly cases: readonly {
    readonly x: number[][]
    readonly y: number[][]
    readonly aggregates: readonly number[]
    readonly optimalityGapOfTwo: number
    readonly aggregateIntervals: Intervals
    readonly improvement: number
    readonly improvementInterval: Intervals
    readonly thresholds: readonly number[]
    readonly profile: readonly number[]
    readonly averageProfile: readonly number[]
    readonly profileIntervals: Intervals
  }[]
  readonly curves: {
    readonly scores: number[][][]
    readonly iqm: readonly number[]
    readonly intervals: Intervals
  }
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/statistics.json', import.meta.url), 'utf8'),
) as Fixture

/** rliable's matrix of runs x tasks as rows of tasks. */
function byTask<T>(runs: readonly (readonly T[])[]): T[][] {
  return runs[0].map((_, task) => runs.map((run) => run[task]))
}

const aggregates = [interquartileMean, meanScore, medianScore, optimalityGap]

function expectExact(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-12))
}

function expectWithinBrackets(estimates: readonly Estimate[], { low, high }: Intervals): void {
  expect(estimates).toHaveLength(low.rliable.length)
  estimates.forEach((estimate, i) => {
    for (const [value, { brackets }] of [
      [estimate.low, low],
      [estimate.high, high],
    ] as const) {
      expect(value).toBeGreaterThanOrEqual(brackets[0][i] - 1e-12)
      expect(value).toBeLessThanOrEqual(brackets[1][i] + 1e-12)
    }
  })
}

describe.each(fixture.cases.map((data, i) => ({ i, data })))('scores of case $i', ({ data }) => {
  const x: Scores = byTask(data.x)
  const y: Scores = byTask(data.y)

  it('have the aggregates that rliable computes, to 1e-12', () => {
    expectExact(
      aggregates.map((aggregate) => aggregate(x)),
      data.aggregates,
    )
    expectExact([optimalityGap(x, 2)], [data.optimalityGapOfTwo])
  })

  it('have the probability of improvement and the profiles that rliable computes, to 1e-12', () => {
    expectExact([probabilityOfImprovement(x, y)], [data.improvement])
    expectExact(performanceProfile(x, data.thresholds), data.profile)
    expectExact(averagePerformanceProfile(x, data.thresholds), data.averageProfile)
  })

  it("have bootstrap intervals within four Monte Carlo standard errors of rliable's", () => {
    const { repetitions } = data.aggregateIntervals
    const options = { key: key(7), repetitions }
    expectWithinBrackets(
      aggregates.map((aggregate) => bootstrapAggregate(x, aggregate, options)),
      data.aggregateIntervals,
    )
    expectWithinBrackets(bootstrapProfile(x, data.thresholds, options), data.profileIntervals)
    expectWithinBrackets(
      [bootstrapImprovement(x, y, { key: key(7), repetitions: data.improvementInterval.repetitions })],
      data.improvementInterval,
    )
  })
})

it('gives the sample-efficiency curve of rliable, exactly, and its intervals within Monte Carlo error', () => {
  const { scores, iqm, intervals } = fixture.curves
  const curve = sampleEfficiencyCurve(byTask(scores), interquartileMean, {
    key: key(7),
    repetitions: intervals.repetitions,
  })
  expectExact(
    curve.map(({ value }) => value),
    iqm,
  )
  expectWithinBrackets(curve, intervals)
})
