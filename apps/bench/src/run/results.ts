import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWholeFile } from '@maxent/train/node'
import { usageError } from '../errors.ts'
import { parseCellResult, type CellResult } from './cellResult.ts'
import { matchesRecorded } from './flatSettings.ts'
import type { Suite } from '../suites/suite.ts'
import { expandGrid, type Cell, type GridRequest } from './grid.ts'
import { sameRevision } from './revision.ts'

/** Where results accumulate, and are committed. */
export const committedResults: string = fileURLToPath(new URL('../../results', import.meta.url))

/** Where cells work; what is here is not committed, and is deleted when the cell is finished. */
const workFolder = 'work'

/** What a results folder may hold beside a folder for every suite. */
const reportFiles = ['report.html', 'summary.json', 'README.md', '.gitignore', workFolder]

/** The folder in which a cell's run is recorded until it is finished. */
export function cellFolder(out: string, { suite, name }: Cell): string {
  return join(out, workFolder, suite, name)
}

/** A cell's file, in the folder of its suite. */
export function cellFile(out: string, { suite, name }: Pick<Cell, 'suite' | 'name'>): string {
  return join(out, suite, `${name}.json`)
}

/** Writes a finished cell, complete or not at all: one line of JSON per field, so that changes can be read. */
export async function writeCell(out: string, cell: Cell, result: CellResult): Promise<void> {
  await mkdir(join(out, cell.suite), { recursive: true })
  const lines = Object.entries(result).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  )
  await writeWholeFile(cellFile(out, cell), `{\n${lines.join(',\n')}\n}\n`)
}

/** What a results folder holds of a grid. */
export interface FoundCells {
  /** Finished, of the revision that the packages are at; by arm and seed in the order of the grid. */
  readonly current: readonly CellResult[]
  /** Finished with the same settings, but of another revision: shown, and judged by nobody. */
  readonly stale: readonly CellResult[]
  readonly missing: readonly Cell[]
  /** Files that hold no complete cell: their cells count as missing. */
  readonly damaged: readonly { readonly file: string; readonly reason: string }[]
}

/** What the folder of a suite holds. */
export interface ReadCells {
  readonly results: readonly CellResult[]
  /** Files that hold no complete cell. */
  readonly damaged: FoundCells['damaged']
}

/** Reads every cell of a suite in a results folder. */
export async function readCells(out: string, suite: string): Promise<ReadCells> {
  const damaged: { file: string; reason: string }[] = []
  const results: CellResult[] = []
  for (const name of await filesIn(join(out, suite))) {
    const file = join(out, suite, name)
    try {
      results.push(parseCellResult(await readFile(file, 'utf8')))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      damaged.push({ file, reason: error.message })
    }
  }
  return { results, damaged }
}

/** Looks up the cells of a suite's grid in a results folder. Cells of other settings are left alone. */
export async function findCells(out: string, cells: readonly Cell[]): Promise<FoundCells> {
  const suites = [...new Set(cells.map((cell) => cell.suite))]
  const read = await Promise.all(suites.map((suite) => readCells(out, suite)))
  const results = read.flatMap((folder) => folder.results)
  return { ...matchCells(results, cells), damaged: read.flatMap(({ damaged }) => damaged) }
}

/** Looks up the cells of a grid among results. */
export function matchCells(
  results: readonly CellResult[],
  cells: readonly Cell[],
): Omit<FoundCells, 'damaged'> {
  const current: CellResult[] = []
  const stale: CellResult[] = []
  const missing: Cell[] = []
  for (const cell of cells) {
    const found = results.filter((result) => isCell(result, cell))
    const same = found.find(({ revision }) => sameRevision(revision, cell.revision))
    if (same === undefined) missing.push(cell)
    else current.push(same)
    stale.push(...found.filter(({ revision }) => !sameRevision(revision, cell.revision)))
  }
  return { current, stale, missing }
}

/** The cells of a suite's grid, those of arms included whose settings are decided by finished cells among the results. */
export function planCells(
  suite: Suite,
  request: Omit<GridRequest, 'finished'>,
  results: readonly CellResult[],
): readonly Cell[] {
  const first = expandGrid(suite, request)
  if (!suite.grid.some((arm) => arm.kind === 'train' && arm.choice !== undefined)) return first
  return expandGrid(suite, { ...request, finished: matchCells(results, first).current })
}

function isCell({ suite, arm, seed, settings }: CellResult, cell: Cell): boolean {
  return suite === cell.suite && arm === cell.arm.id && seed === cell.seed && matchesRecorded(settings, cell)
}

async function filesIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter((name) => name.endsWith('.json')).sort()
}

/**
 * Refuses a folder that holds something else than results.
 * @throws CommandError that names the first thing that does not belong there.
 */
export async function checkResultsFolder(out: string, suites: readonly string[]): Promise<void> {
  const strange = (await entriesOf(out)).find((name) => !suites.includes(name) && !reportFiles.includes(name))
  if (strange !== undefined) {
    throw usageError(
      `run: --out must be a folder of results, or a new one, got ${out}, which holds "${strange}", name another folder`,
    )
  }
}

/** The cells that were begun and not finished. */
export async function unfinishedCells(out: string, cells: readonly Cell[]): Promise<readonly Cell[]> {
  const begun = new Set<string>()
  for (const suite of new Set(cells.map((cell) => cell.suite))) {
    for (const name of await entriesOf(join(out, workFolder, suite))) begun.add(`${suite}/${name}`)
  }
  return cells.filter(({ suite, name }) => begun.has(`${suite}/${name}`))
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR') {
      throw usageError(`run: --out must be a folder, got the file ${folder}, name another one`, {
        cause: error,
      })
    }
    throw error
  }
}
