import { foldIn, key } from '@maxent/core/keys'
import type { CellResult } from '../../run/cellResult.ts'
import { stratifiedBootstrap } from '../../statistics/bootstrap.ts'
import { meanOf } from '../../statistics/samples.ts'
import type { CellsByRole, Judgement, Verdict } from '../suite.ts'
import { gainsOf, inWords, known, tasksIn, unlearned, type Interval } from './gains.ts'

/** The share of the best that counts as good. */
export const good = 0.8

/** Factors three quarters of a decade apart, over three decades. */
export const threeDecades: readonly number[] = [-1.5, -0.75, 0, 0.75, 1.5].map((exponent) => 10 ** exponent)

/** One value of a setting: its place on the logarithmic axis, and what it came to. */
interface Place {
  readonly decade: number
  readonly value: number
}

/**
 * The width, in decades, of the part of a logarithmic axis on which performance is at least a share of the best: linear between the values
 * that were tried, and nothing beyond them. Zero where nothing is gained at all.
 */
export function goodWidth(places: readonly Place[], share: number = good): number {
  const along = [...places].sort((a, b) => a.decade - b.decade)
  const best = Math.max(...along.map(({ value }) => value))
  if (!(best > 0)) return 0
  const bar = share * best
  let width = 0
  for (let i = 1; i < along.length; i++) {
    const [a, b] = [along[i - 1], along[i]]
    width += (b.decade - a.decade) * shareAbove(a.value - bar, b.value - bar)
  }
  return width
}

/** The share of a line from a to b that is not below zero. */
function shareAbove(a: number, b: number): number {
  if (a >= 0 && b >= 0) return 1
  if (a < 0 && b < 0) return 0
  return Math.max(a, b) / Math.abs(a - b)
}

/** The gains along one axis in one task: of every value of the setting those of its seeds. */
interface Axis {
  readonly decades: readonly number[]
  readonly gains: readonly (readonly number[])[]
}

function axisOf(
  cells: readonly CellResult[],
  idle: readonly CellResult[],
  setting: (cell: CellResult) => number,
): Axis | undefined {
  const arms = [...new Set(cells.map(({ arm }) => arm))].map((arm) =>
    cells.filter((cell) => cell.arm === arm),
  )
  const gains = arms.map((own) => gainsOf(own, idle))
  if (!gains.every((own) => own !== undefined)) return undefined
  return { decades: arms.map(([cell]) => Math.log10(Math.abs(setting(cell)))), gains }
}

/** What is compared: the axis of a role that is claimed to be the wider, and that of another. */
export interface Axes {
  readonly wide: string
  readonly narrow: string
  /** The setting of a cell along its axis; it must not be zero. */
  readonly setting: (cell: CellResult) => number
}

interface Widths {
  readonly wide: Interval
  readonly narrow: Interval
  readonly difference: Interval
}

/** Mean widths over tasks and their difference; the seeds of every value of both settings are drawn anew. */
function widthsOf(pairs: readonly (readonly [Axis, Axis])[]): Widths {
  const axes = pairs.flat()
  const strata = axes.flatMap(({ gains }) => gains)
  const starts = axes.map((_, i) => axes.slice(0, i).reduce((sum, { gains }) => sum + gains.length, 0))
  const widths = (means: readonly number[]): readonly [number, number, number] => {
    const each = axes.map(({ decades }, i) =>
      goodWidth(decades.map((decade, j) => ({ decade, value: means[starts[i] + j] }))),
    )
    const [wide, narrow] = [0, 1].map((side) => meanOf(each.filter((_, i) => i % 2 === side)))
    return [wide, narrow, wide - narrow]
  }
  const values = widths(strata.map(meanOf))
  const [wide, narrow, difference] = stratifiedBootstrap(
    strata.map(({ length }) => length),
    (choice) => widths(choice.map((places, i) => meanOf([...places].map((place) => strata[i][place])))),
    { key: foldIn(key(1), 'good range') },
  ).map((interval, i) => ({ value: values[i], ...interval }))
  return { wide, narrow, difference }
}

/** Whether the good range of one setting is wider than that of the other, in the mean over tasks. */
export function judgeWidths({ wide, narrow, setting }: Axes): (cells: CellsByRole) => Judgement {
  return (cells) => {
    const tasks = tasksIn(cells)
    const pairs = tasks.flatMap((task): (readonly [Axis, Axis])[] => {
      const [a, b] = [wide, narrow].map((role) =>
        axisOf(cells[`${task}/${role}`], unlearned(cells, task), setting),
      )
      return a === undefined || b === undefined ? [] : [[a, b]]
    })
    if (pairs.length < tasks.length)
      return { verdict: 'inconclusive', reason: 'some run is too short, or there is one seed', metrics: {} }
    const found = widthsOf(pairs)
    return {
      verdict: verdictOf(found.difference),
      reason:
        `in decades, ${wide} is good over ${inWords(found.wide)}, ${narrow} over ${inWords(found.narrow)}; ` +
        `difference ${inWords(found.difference)} (${tasks.join(', ')})`,
      metrics: known({ [wide]: found.wide, [narrow]: found.narrow, difference: found.difference }),
    }
  }
}

function verdictOf({ low, high }: Interval): Verdict {
  return low > 0 ? 'holds' : high <= 0 ? 'fails' : 'inconclusive'
}
