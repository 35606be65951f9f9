import type { CellResult } from '../../run/cellResult.ts'
import { floorOf, lateMean } from '../../run/curves.ts'
import { meanOf } from '../../statistics/samples.ts'
import { meanInterval, welchDifference } from '../../statistics/tests.ts'
import type { CellsByRole, Metric, Roles, Verdict } from '../suite.ts'

/** A figure with its interval. */
export type Interval = Required<Metric>

/** What gains are measured from, in the words of rules. */
export const floor = 'above the better of random actions and actions of zero'

/** The tasks that roles such as `hopper/soft` speak of. */
export function tasksIn(cells: CellsByRole): readonly string[] {
  return [...new Set(Object.keys(cells).map((role) => role.split('/')[0]))]
}

/** The cells of a task that nothing was learned for, of random actions and of none: in the roles that `unlearnedRoles` has made. */
export function unlearned(cells: CellsByRole, task: string): readonly CellResult[] {
  return Object.keys(unlearnedRoles(task)).flatMap((role) => (Object.hasOwn(cells, role) ? cells[role] : []))
}

/** The roles of a task for what is there without learning: random actions, and actions of zero. */
export function unlearnedRoles(task: string): Roles {
  return { [`${task}/random`]: [`${task}-random`], [`${task}/still`]: [`${task}-still`] }
}

/**
 * What every run gains: the mean return of its evaluations over the last share of its steps, less what is returned without learning, by random
 * actions or by none, whichever is better. `undefined` where a run has no evaluation there, a seed stands alone, or there is nothing to measure from.
 */
export function gainsOf(
  cells: readonly CellResult[],
  idle: readonly CellResult[],
  share?: number,
): readonly number[] | undefined {
  if (cells.length < 2 || idle.length === 0) return undefined
  const floor = floorOf(idle)
  const returns = cells.map((cell) => lateMean(cell, 'return', share))
  if (!returns.every((value) => value !== undefined)) return undefined
  return returns.map((value) => value - floor)
}

/**
 * The gain of some runs as a share of that of others, with an interval that lies beyond `bar` exactly where Welch's of x − bar · y lies beyond
 * zero. `undefined` where there are no gains, or the others gain nothing.
 */
export function shareOf(
  ours: readonly number[] | undefined,
  theirs: readonly number[] | undefined,
  bar: number,
): Interval | undefined {
  if (ours === undefined || theirs === undefined) return undefined
  const unit = meanOf(theirs)
  if (!(unit > 0)) return undefined
  const scaled = theirs.map((value) => bar * value)
  const { value, low, high } = welchDifference(ours, scaled)
  return { value: bar + value / unit, low: bar + low / unit, high: bar + high / unit }
}

/** Whether what is at least `bar` is so with certainty, is not, or may be. */
export function reaches(found: Interval | undefined, bar: number): Verdict {
  if (found === undefined) return 'inconclusive'
  if (found.low >= bar) return 'holds'
  return found.high < bar ? 'fails' : 'inconclusive'
}

/** Whether what is below `bar` is so with certainty, is not, or may be. */
export function staysBelow(found: Interval | undefined, bar: number): Verdict {
  if (found === undefined) return 'inconclusive'
  if (found.high < bar) return 'holds'
  return found.low >= bar ? 'fails' : 'inconclusive'
}

/**
 * Whether runs gain anything: with certainty, or nothing in the mean. What is its own floor gains nothing, up to rounding: such a claim fails
 * for random actions, whatever the other cells are.
 */
export function learns(gains: readonly number[] | undefined): Verdict {
  if (gains === undefined) return 'inconclusive'
  const { value, low } = meanInterval(gains)
  if (value <= 1e-9 * Math.max(...gains.map(Math.abs))) return 'fails'
  return low > 0 ? 'holds' : 'inconclusive'
}

/** Above zero with certainty, certainly not, or perhaps. */
export function isPositive({ low, high }: Pick<Interval, 'low' | 'high'>): Verdict {
  return low > 0 ? 'holds' : high <= 0 ? 'fails' : 'inconclusive'
}

/** A claim of several parts: it fails with one of them, and holds with all. */
export function together(parts: readonly Verdict[]): Verdict {
  if (parts.includes('fails')) return 'fails'
  return parts.length > 0 && parts.every((part) => part === 'holds') ? 'holds' : 'inconclusive'
}

/** `; 2 of 50 runs diverged`, and nothing where none did. */
export function divergedIn(cells: CellsByRole): string {
  const runs = [...new Set(Object.values(cells).flat())].filter(({ settings }) => settings.kind === 'train')
  const diverged = runs.filter(({ scalars }) => 'divergedAt' in scalars)
  return diverged.length === 0 ? '' : `; ${diverged.length} of ${runs.length} runs diverged`
}

/** `0.52 [−0.41, 0.63]`. */
export function inWords(found: Interval | undefined): string {
  if (found === undefined) return 'unknown'
  const { value, low, high } = found
  return `${hundredths(value)} [${hundredths(low)}, ${hundredths(high)}]`
}

/** Two digits behind the point, and no zero below zero; `∞` where an interval has no bound. */
export function hundredths(value: number): string {
  const text = value.toFixed(2)
  return Number(text) === 0 ? '0.00' : text.replace('-', '−').replace('Infinity', '∞')
}

/** The figures that there are. */
export function known(
  metrics: Readonly<Record<string, Interval | undefined>>,
): Readonly<Record<string, Metric>> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, metric]) =>
      metric !== undefined && [metric.value, metric.low, metric.high].every(Number.isFinite)
        ? [[name, metric]]
        : [],
    ),
  )
}
