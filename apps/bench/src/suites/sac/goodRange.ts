import type { CellResult } from '../../run/cellResult.ts'
import { lateShare } from '../../run/curves.ts'
import { meanOf } from '../../statistics/samples.ts'
import { meanInterval, pairedDifference } from '../../statistics/tests.ts'
import type { CellsByRole, Judgement } from '../suite.ts'
import { gainsOf, inWords, isPositive, known, tasksIn, unlearned } from './gains.ts'

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

/** What is compared: the axis of a role that is claimed to be the wider, and that of another. */
export interface Axes {
  readonly wide: string
  readonly narrow: string
  /** The setting of a cell along its axis; it must not be zero. */
  readonly setting: (cell: CellResult) => number
  /** Steps at the end of a run that are averaged, where they are less than its last fifth. */
  readonly lastSteps?: number
}

/** An axis in one task. */
interface Axis {
  /** Width of its good range by seed, decades. */
  readonly widths: readonly number[]
  /** The setting that gains most in the mean over seeds. */
  readonly best: number
}

/** `undefined` where a run is too short, or there is one seed. Actions that nothing was learned for have no setting: nothing on their axis is good. */
function axisOf(
  cells: readonly CellResult[],
  idle: readonly CellResult[],
  { setting, lastSteps }: Axes,
): Axis | undefined {
  const seeds = [...new Set(cells.map(({ seed }) => seed))]
  const runs = cells.filter(({ settings }) => settings.kind !== 'uniform')
  if (seeds.length < 2) return undefined
  if (runs.length === 0) return { widths: seeds.map(() => 0), best: NaN }
  const gains = gainsOf(runs, idle, lateShare(runs[0], lastSteps))
  if (gains === undefined) return undefined
  const tried = runs.map((cell, i) => ({ seed: cell.seed, at: setting(cell), gain: gains[i] }))
  const widths = seeds.map((seed) =>
    goodWidth(
      tried
        .filter((one) => one.seed === seed)
        .map(({ at, gain }) => ({ decade: Math.log10(Math.abs(at)), value: gain })),
    ),
  )
  const means = [...new Set(tried.map(({ at }) => at))].map((at) => ({
    at,
    mean: meanOf(tried.filter((one) => one.at === at).map(({ gain }) => gain)),
  }))
  return { widths, best: means.reduce((best, one) => (one.mean > best.mean ? one : best)).at }
}

/** The mean over tasks of the widths of every seed. */
function bySeed(axes: readonly Axis[]): readonly number[] {
  return axes[0].widths.map((_, i) => meanOf(axes.map(({ widths }) => widths[i])))
}

/**
 * Whether the good range of one setting is wider than that of the other, in the mean over tasks: widths of single seeds, whose difference has
 * Student's interval. Where nothing on the first axis gains anything, it is not.
 */
export function judgeWidths(axes: Axes): (cells: CellsByRole) => Judgement {
  const { wide, narrow } = axes
  return (cells) => {
    const tasks = tasksIn(cells)
    const along = (role: string): readonly Axis[] =>
      tasks.flatMap((task) => axisOf(cells[`${task}/${role}`], unlearned(cells, task), axes) ?? [])
    const [first, second] = [along(wide), along(narrow)]
    if (first.length < tasks.length || second.length < tasks.length)
      return { verdict: 'inconclusive', reason: 'some run is too short, or there is one seed', metrics: {} }
    const [ours, theirs] = [bySeed(first), bySeed(second)]
    const difference = pairedDifference(ours, theirs)
    const [wider, narrower] = [meanInterval(ours), meanInterval(theirs)]
    const bests = [
      [wide, first],
      [narrow, second],
    ] as const
    return {
      verdict: ours.every((width) => width === 0) ? 'fails' : isPositive(difference),
      reason:
        `in decades, ${wide} is good over ${inWords(wider)}, ${narrow} over ${inWords(narrower)}; ` +
        `difference ${inWords(difference)}; most is gained at ` +
        bests.map(([name, found]) => `${name} ${bestsIn(tasks, found)}`).join(', '),
      metrics: known({ [wide]: wider, [narrow]: narrower, difference }),
    }
  }
}

/** `28 (ant) and 5 (walker2d)`. */
function bestsIn(tasks: readonly string[], axes: readonly Axis[]): string {
  return axes.map(({ best }, i) => `${Number.isNaN(best) ? 'none' : best} (${tasks[i]})`).join(' and ')
}
