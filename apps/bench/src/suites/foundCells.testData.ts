import type { CellResult } from '../run/cellResult.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import { expandGrid } from '../run/grid.ts'
import type { FoundCells } from '../run/results.ts'
import { summarise } from '../run/summarise.ts'
import type { SummaryEntry } from '../report/summary.ts'
import { profileOf } from './index.ts'
import type { Suite } from './suite.ts'

/** What a seed of an arm came to; a number is the level of its returns all along. */
type Level =
  number | { readonly returns?: readonly number[]; readonly scalars?: Readonly<Record<string, number>> }

export const revision = { '@maxent/sac': 1 }
export const around: readonly number[] = [-2, -1, 0, 1, 2]

/** Five evaluations of a run of five steps, all the same where the level is a number. */
export function cellOf(cell: Pick<CellResult, 'arm' | 'seed' | 'settings'>, level: Level): CellResult {
  const given = typeof level === 'number' ? {} : level
  const returns = given.returns ?? Array<number>(5).fill(typeof level === 'number' ? level : 0)
  return cellResult({
    ...cell,
    revision,
    curves: { return: { steps: [1, 2, 3, 4, 5], values: returns } },
    scalars: { return: returns[4], ...given.scalars },
  })
}

/** Every cell of the suite's quick profile, as a function of arm and seed says; those that it leaves out are missing. */
export function cellsOf(suite: Suite, levelOf: (arm: string, i: number) => Level | undefined): FoundCells {
  const request = { profile: profileOf(suite, 'quick'), revision }
  const make = (cells: ReturnType<typeof expandGrid>): CellResult[] =>
    cells.flatMap(({ arm, seed, settings }) => {
      const level = levelOf(arm.id, seed % 5)
      const train = { ...(settings.train as object), steps: 5 }
      return level === undefined
        ? []
        : [
            cellOf(
              { arm: arm.id, seed, settings: { ...settings, ...('train' in settings ? { train } : {}) } },
              level,
            ),
          ]
    })
  const first = make(expandGrid(suite, request))
  const cells = expandGrid(suite, { ...request, finished: first })
  const current = make(cells)
  const missing = cells.filter(
    ({ arm, seed }) => !current.some((one) => one.arm === arm.id && one.seed === seed),
  )
  return { current, missing, stale: [], damaged: [] }
}

export function outcome(suite: Suite, found: FoundCells): SummaryEntry {
  return summarise(suite, { profile: 'quick', revision, found })
}

export const isIdle = (arm: string): boolean => /-(random|still)$/.test(arm)

/** The verdict, where every seed is within 2 of its arm's level, and random actions and none are at 0. */
export function verdict(suite: Suite, levels: (arm: string) => number): SummaryEntry {
  return outcome(
    suite,
    cellsOf(suite, (arm, i) => (isIdle(arm) ? around[i] : levels(arm) + around[i])),
  )
}

/** Without some cells, and with some of another revision. */
export function without(
  found: FoundCells,
  isGone: (cell: CellResult) => boolean,
  isStale: (cell: CellResult) => boolean = () => false,
): FoundCells {
  const gone = found.current.filter((cell) => isGone(cell) || isStale(cell))
  const missing = gone.map(({ arm, seed }) => ({ arm: { id: arm }, seed }))
  return {
    ...found,
    current: found.current.filter((cell) => !gone.includes(cell)),
    stale: gone.filter(isStale),
    missing: missing as unknown as FoundCells['missing'],
  }
}
