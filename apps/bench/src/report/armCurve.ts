import { foldIn, key } from '@maxent/core/keys'
import type { CellResult, Curve } from '../run/cellResult.ts'
import { interquartileMean } from '../statistics/aggregates.ts'
import { sampleEfficiencyCurve, type Estimate } from '../statistics/bootstrap.ts'
import { meanOf, varianceOf } from '../statistics/samples.ts'

/** More points than this are not told apart at the width of a figure. */
const mostPoints = 150

/** A point of an arm's curve: the value over its seeds, with its interval or range where there are several. */
interface ArmPoint extends Estimate {
  readonly step: number
}

/** The curve of an arm over its seeds. */
export interface ArmCurve {
  readonly points: readonly ArmPoint[]
  readonly seeds: number
  /** Successive recorded values behind each point. */
  readonly perPoint: number
}

/**
 * Sums up a curve of several seeds: the interquartile mean with its interval, or the mean with the least and the largest or one deviation. Long curves are
 * thinned by taking means of successive values.
 */
export function armCurve(
  cells: readonly CellResult[],
  name: string,
  over: 'interval' | 'range' | 'deviation' = 'interval',
): ArmCurve {
  const curves = cells
    .map((cell) => cell.curves[name] as Curve | undefined)
    .filter((curve) => curve !== undefined)
    .filter(({ steps }) => steps.length > 0)
  if (curves.length === 0) return { points: [], seeds: 0, perPoint: 1 }
  const steps = commonSteps(curves)
  const perPoint = Math.ceil(steps.length / mostPoints)
  const values = curves.map((curve) => inGroups(valuesAt(curve, steps), perPoint))
  const places = inGroups(steps, perPoint)
  const estimates =
    over !== 'interval'
      ? places.map((_, i) => bandsOf[over](values.map((curve) => curve[i])))
      : sampleEfficiencyCurve([values], interquartileMean, { key: foldIn(key(1), name), repetitions: 1_000 })
  return {
    points: estimates.map((estimate, i) => ({ ...estimate, step: places[i] })),
    seeds: curves.length,
    perPoint,
  }
}

/** The mean of a sample between its extremes, or one standard deviation either way. */
const bandsOf: Readonly<Record<'range' | 'deviation', (sample: readonly number[]) => Estimate>> = {
  range: (sample) => ({ value: meanOf(sample), low: Math.min(...sample), high: Math.max(...sample) }),
  deviation: (sample) => {
    const value = meanOf(sample)
    const deviation = sample.length > 1 ? Math.sqrt(varianceOf(sample)) : 0
    return { value, low: value - deviation, high: value + deviation }
  },
}

/** The steps of the curve that has most, as far as all curves go. */
function commonSteps(curves: readonly Curve[]): readonly number[] {
  const first = Math.max(...curves.map(({ steps }) => steps[0]))
  const last = Math.min(...curves.map(({ steps }) => steps[steps.length - 1]))
  const [longest] = [...curves].sort((a, b) => b.steps.length - a.steps.length)
  const steps = longest.steps.filter((step) => step >= first && step <= last)
  return steps.length > 0 ? steps : [last]
}

/** A curve at ascending steps within its own, linear between its points. */
function valuesAt({ steps, values }: Curve, at: readonly number[]): number[] {
  let right = 0
  return at.map((step) => {
    while (right < steps.length - 1 && steps[right] < step) right++
    if (right === 0 || steps[right] <= step) return values[right]
    const share = (step - steps[right - 1]) / (steps[right] - steps[right - 1])
    return values[right - 1] + share * (values[right] - values[right - 1])
  })
}

function inGroups(values: readonly number[], size: number): number[] {
  if (size === 1) return [...values]
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    meanOf(values.slice(i * size, (i + 1) * size)),
  )
}
