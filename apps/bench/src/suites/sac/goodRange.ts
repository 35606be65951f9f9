import type { CellResult } from '../../run/cellResult.ts'
import { lateShare } from '../../run/curves.ts'
import { meanOf } from '../../statistics/samples.ts'
import type { CellsByRole, Judgement, Verdict } from '../suite.ts'
import { divergedIn, gainsOf, inWords, known, tasksIn, unlearned, type Interval } from './gains.ts'
import { jackknife } from './jackknife.ts'

/** The share of the best that counts as good. */
const good = 0.8

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

/** What is compared: the axis of a role that is claimed to be the wider, and that of another. */
export interface Axes {
  readonly wide: string
  readonly narrow: string
  /** The setting of a cell along the axis of a role; it must not be zero. */
  readonly setting: (cell: CellResult, role: string) => number
  /** Steps at the end of a run that are averaged, where they are less than its last fifth. */
  readonly lastSteps?: number
}

/** What the rule computes, in words: the gain that counts, and what the two axes are of. */
export function widthStatistic(gain: string, [wide, narrow]: readonly [string, string]): string {
  return (
    `per task and setting the width, in decades, of the part of the axis on which the ${gain} in the mean over seeds, is at least ` +
    `${100 * good} % of the best on that axis, linear between the values tried; both axes have five values over three decades; the mean over ` +
    `tasks of the width of ${wide} less that of ${narrow}, with a 95 % interval from leaving out one seed after the other (jackknife, Student)`
  )
}

/** An axis in one task: what is gained along it in the mean over some seeds. */
type Axis = (seeds: readonly number[]) => readonly (Place & { readonly at: number })[]

/** `undefined` where a run is too short. Actions that nothing was learned for have no setting: there is nothing on their axis. */
function axisOf(cells: CellsByRole, [task, role]: readonly [string, string], axes: Axes): Axis | undefined {
  const runs = cells[`${task}/${role}`].filter(({ settings }) => settings.kind !== 'uniform')
  if (runs.length === 0) return () => []
  const gains = gainsOf(runs, unlearned(cells, task), lateShare(runs[0], axes.lastSteps))
  if (gains === undefined) return undefined
  const tried = runs.map((cell, i) => ({ seed: cell.seed, at: axes.setting(cell, role), gain: gains[i] }))
  return (seeds) =>
    [...new Set(tried.map(({ at }) => at))].map((at) => {
      const own = tried.filter((one) => one.at === at && seeds.includes(one.seed))
      return { at, decade: Math.log10(Math.abs(at)), value: meanOf(own.map(({ gain }) => gain)) }
    })
}

/**
 * Whether the good range of one setting is wider than that of the other, in the mean over tasks: the ranges of what is gained in the mean over
 * seeds, as single seeds have their own noise for the best. Where nothing on the first axis gains anything, it is not.
 */
export function judgeWidths(axes: Axes): (cells: CellsByRole) => Judgement {
  const { wide, narrow } = axes
  return (cells) => {
    const tasks = tasksIn(cells)
    const seeds = [...new Set(Object.values(cells).flatMap((of) => of.map(({ seed }) => seed)))]
    const along = (role: string): readonly Axis[] =>
      tasks.flatMap((task) => axisOf(cells, [task, role], axes) ?? [])
    const [first, second] = [along(wide), along(narrow)]
    if (seeds.length < 2 || first.length < tasks.length || second.length < tasks.length)
      return { verdict: 'inconclusive', reason: 'some run is too short, or there is one seed', metrics: {} }
    const width =
      (found: readonly Axis[]) =>
      (some: readonly number[]): number =>
        meanOf(found.map((axis) => goodWidth(axis(some))))
    const [wider, narrower] = [first, second].map((found) => jackknife(seeds, width(found)))
    const difference = jackknife(seeds, (some) => width(first)(some) - width(second)(some))
    const bests = [
      [wide, first],
      [narrow, second],
    ] as const
    return {
      verdict: wider.value === 0 ? 'fails' : exceeds(difference),
      reason:
        `in decades, ${wide} is good over ${inWords(wider)}, ${narrow} over ${inWords(narrower)}; ` +
        `difference ${inWords(difference)}; most is gained at ` +
        bests.map(([name, found]) => `${name} ${bestsIn(tasks, found, seeds)}`).join(', ') +
        divergedIn(cells),
      metrics: known({ [wide]: wider, [narrow]: narrower, difference }),
    }
  }
}

/** Two ranges that are the whole of their axes differ by nothing, without any spread: that decides nothing. */
function exceeds({ low, high }: Interval): Verdict {
  return low > 0 ? 'holds' : high < 0 ? 'fails' : 'inconclusive'
}

/** `28 (ant) and 5 (walker2d)`. */
function bestsIn(tasks: readonly string[], axes: readonly Axis[], seeds: readonly number[]): string {
  const best = (axis: Axis): number | string =>
    [...axis(seeds)].sort((a, b) => b.value - a.value).at(0)?.at ?? 'none'
  return axes.map((axis, i) => `${best(axis)} (${tasks[i]})`).join(' and ')
}
