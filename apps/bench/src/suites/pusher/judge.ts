import type { CellResult } from '../../run/cellResult.ts'
import { medianOf } from '../../statistics/samples.ts'
import type { CellsByRole, Judgement, Metric } from '../suite.ts'
import { goals, type Goal } from './goals.ts'

/** What each policy must come to, m: the median over seeds of its mean distance. */
export const bars = { line: 0.15, point: 0.2 } as const

const combined = (goal: string): boolean => goals[goal as Goal].env === 'planar-pusher-point'

/** The goals that cells have a distance of. */
function goalsIn(cells: readonly CellResult[], prefix = ''): readonly Goal[] {
  return (Object.keys(goals) as Goal[]).filter((goal) =>
    cells.every(({ scalars }) => `${prefix}${goal}.distance` in scalars),
  )
}

function median(cells: readonly CellResult[], name: string): number {
  return medianOf(cells.map(({ scalars }) => scalars[`${name}.distance`]))
}

/**
 * The rule of table 6.1: every merged policy ends near its goal. Where a goal that was learned by itself misses its own bar, nothing is said
 * of merging: `inconclusive`.
 */
export function judge({ learned, merged }: CellsByRole): Judgement {
  const own = goalsIn(learned)
  const both = goalsIn(merged, 'merge-')
  if (own.length === 0 || both.length === 0)
    return {
      verdict: 'inconclusive',
      reason: 'no goal was learned, or none merged, in all cells',
      metrics: {},
    }
  const distances = (names: readonly string[], cells: readonly CellResult[]): Record<string, Metric> =>
    Object.fromEntries(names.map((name) => [name, { value: median(cells, name) }]))
  const metrics = {
    ...distances(own, learned),
    ...distances(
      both.map((goal) => `merge-${goal}`),
      merged,
    ),
  }
  const missed = own.filter((goal) => !(metrics[goal].value <= (combined(goal) ? bars.point : bars.line)))
  const far = both.filter((goal) => !(metrics[`merge-${goal}`].value <= bars.point))
  const told = Object.entries(metrics).map(([name, { value }]) => `${name} ${value.toFixed(2)} m`)
  const stepped = merged.filter(({ scalars }) => scalars.newSteps !== 0)
  return {
    verdict: missed.length > 0 ? 'inconclusive' : far.length > 0 || stepped.length > 0 ? 'fails' : 'holds',
    reason:
      `median over seeds of the mean distance at the end: ${told.join(', ')}` +
      (missed.length > 0 ? `; ${missed.join(', ')} did not learn well enough to tell` : '') +
      (stepped.length > 0
        ? `; ${stepped.length} of ${merged.length} seeds took steps in an environment while merging`
        : ''),
    metrics,
  }
}
