import { fillIntegers, foldIn, type Key } from '@maxent/core/keys'
import { checkScores, type Curves, type Scores } from './scores.ts'
import type { Aggregate } from './aggregates.ts'
import { probabilityOfImprovement } from './improvement.ts'
import { performanceProfile } from './profiles.ts'
import { quantile } from './samples.ts'

/** A confidence interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** An estimate with its interval. */
export interface Estimate extends Interval {
  readonly value: number
}

export interface BootstrapOptions {
  /** Decides which resamples are drawn. */
  readonly key: Key
  /** Number of resamples: 2,000 when absent, which leaves the level uncertain by 0.35 points at either end. */
  readonly repetitions?: number
  /** 0.95 when absent. */
  readonly level?: number
}

/** For each stratum the places of the values that were drawn, as many as it has. */
type Choice = readonly Int32Array[]

/**
 * The percentile bootstrap with strata: in every repetition each stratum is drawn anew from itself, with replacement, and the interval of each
 * statistic reaches from the (1 - level) / 2 quantile of its values to the quantile opposite (Efron 1979; Agarwal et al. 2021, section 4.1).
 * @param sizes Number of values of each stratum.
 * @param statistics The statistics of a choice; always as many.
 */
export function stratifiedBootstrap(
  sizes: readonly number[],
  statistics: (choice: Choice) => readonly number[],
  { key, repetitions = 2_000, level = 0.95 }: BootstrapOptions,
): Interval[] {
  if (!Number.isInteger(repetitions) || repetitions < 1)
    throw new RangeError(`stratifiedBootstrap: repetitions must be an integer from 1, got ${repetitions}`)
  if (!(level > 0 && level < 1))
    throw new RangeError(
      `stratifiedBootstrap: level must lie between 0 and 1, got ${level}, write 0.95 for 95 %`,
    )
  const draws = sizes.map((size, stratum) => {
    const places = new Int32Array(size * repetitions)
    fillIntegers(foldIn(key, stratum), places, size)
    return places
  })
  const choice = sizes.map((size) => new Int32Array(size))
  const values: Float64Array[] = []
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let stratum = 0; stratum < choice.length; stratum++) {
      const places = choice[stratum]
      const from = repetition * places.length
      for (let i = 0; i < places.length; i++) places[i] = draws[stratum][from + i]
    }
    const found = statistics(choice)
    for (let i = 0; i < found.length; i++) {
      values[i] ??= new Float64Array(repetitions)
      values[i][repetition] = found[i]
    }
  }
  return values.map((sample) => {
    sample.sort()
    return { low: quantile(sample, (1 - level) / 2), high: quantile(sample, (1 + level) / 2) }
  })
}

const sizesOf = (strata: readonly (readonly unknown[])[]): number[] => strata.map(({ length }) => length)

/** The rows with the chosen entries. */
function take<T>(strata: readonly (readonly T[])[], choice: Choice): T[][] {
  const taken: T[][] = []
  for (let stratum = 0; stratum < strata.length; stratum++) {
    const row: T[] = []
    for (const place of choice[stratum]) row.push(strata[stratum][place])
    taken.push(row)
  }
  return taken
}

/** An aggregate with its interval; each task is a stratum. */
export function bootstrapAggregate(
  scores: Scores,
  aggregate: Aggregate,
  options: BootstrapOptions,
): Estimate {
  checkScores('bootstrapAggregate', scores)
  const statistics = (choice: Choice): number[] => [aggregate(take(scores, choice))]
  const [interval] = stratifiedBootstrap(sizesOf(scores), statistics, options)
  return { value: aggregate(scores), ...interval }
}

/** The probability of improvement with its interval; X and Y are drawn independently of each other. */
export function bootstrapImprovement(x: Scores, y: Scores, options: BootstrapOptions): Estimate {
  const value = probabilityOfImprovement(x, y)
  const statistics = (choice: Choice): number[] => [
    probabilityOfImprovement(take(x, choice), take(y, choice.slice(x.length))),
  ]
  const [interval] = stratifiedBootstrap(sizesOf([...x, ...y]), statistics, options)
  return { value, ...interval }
}

/** The performance profile with an interval at each threshold. */
export function bootstrapProfile(
  scores: Scores,
  thresholds: readonly number[],
  options: BootstrapOptions,
): Estimate[] {
  const values = performanceProfile(scores, thresholds)
  const statistics = (choice: Choice): number[] => performanceProfile(take(scores, choice), thresholds)
  const intervals = stratifiedBootstrap(sizesOf(scores), statistics, options)
  return values.map((value, i) => ({ value, ...intervals[i] }))
}

/**
 * The sample-efficiency curve: the aggregate at every point, with its interval. A resample draws whole curves; rliable draws anew at every
 * point, which gives each point the same interval.
 * @throws RangeError where curves differ in length.
 */
export function sampleEfficiencyCurve(
  curves: Curves,
  aggregate: Aggregate,
  options: BootstrapOptions,
): Estimate[] {
  const points = checkCurves(curves)
  const at = (chosen: Curves, point: number): number =>
    aggregate(chosen.map((runs) => runs.map((curve) => curve[point])))
  const along = (chosen: Curves): number[] => Array.from({ length: points }, (_, point) => at(chosen, point))
  const intervals = stratifiedBootstrap(sizesOf(curves), (choice) => along(take(curves, choice)), options)
  return along(curves).map((value, i) => ({ value, ...intervals[i] }))
}

function checkCurves(curves: Curves): number {
  const points = curves[0]?.[0]?.length ?? 0
  const other = curves.flat().find(({ length }) => length !== points)
  if (other !== undefined)
    throw new RangeError(
      `sampleEfficiencyCurve: curves must have the same points, got ${points} and ${other.length}, cut or interpolate them first`,
    )
  if (points === 0)
    throw new RangeError('sampleEfficiencyCurve: curves must have at least one task, run and point, got none')
  return points
}
