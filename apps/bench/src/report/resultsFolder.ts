import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { usageError } from '../errors.ts'
import type { CellResult } from '../run/cellResult.ts'
import { matchCells, planCells, readCells, type FoundCells, type ReadCells } from '../run/results.ts'
import { revisionOf } from '../run/revision.ts'
import { summarise } from '../run/summarise.ts'
import { profileNames, type ProfileName, type Suite } from '../suites/suite.ts'
import { summarySchema, type SummaryEntry } from './summary.ts'

/** What came of a suite in one profile. */
export interface SuiteResults {
  readonly suite: Suite
  readonly profile: ProfileName
  readonly summary: SummaryEntry
  /** Finished cells of the present learning revision. */
  readonly cells: readonly CellResult[]
  /** Finished cells of other revisions: shown, judged by nobody. */
  readonly stale: readonly CellResult[]
}

/** What a results folder holds. */
export interface ResultsFolder {
  readonly folder: string
  readonly suites: readonly SuiteResults[]
  /** Files that hold no complete cell, passed over. */
  readonly damaged: FoundCells['damaged']
  /** Cells by suite whose settings no profile has today: kept, not shown. */
  readonly unknown: Readonly<Record<string, number>>
}

/**
 * Reads a results folder: of every suite the profiles that `summary.json` names, or where it names none the one with most of its
 * cells. A suite that has cells in the folder of another is read with that.
 * @throws CommandError for a folder that is not there or holds something else.
 */
export async function readResultsFolder(
  folder: string,
  suites: Readonly<Record<string, Suite>>,
): Promise<ResultsFolder> {
  const entries = await entriesOf(folder)
  const found = Object.keys(suites)
    .filter((id) => keepersOf(suites[id]).some((name) => entries.includes(name)))
    .sort()
  if (found.length === 0) {
    const holds =
      entries.length === 0
        ? 'nothing'
        : entries
            .slice(0, 3)
            .map((name) => `"${name}"`)
            .join(', ')
    throw usageError(
      `report: a folder must hold results of bench run, one folder per suite, got ${folder}, which holds ${holds}, name another folder`,
    )
  }
  const named = await namedProfiles(join(folder, 'summary.json'))
  const read = await Promise.all(
    found.map(async (id) => suiteResults(suites[id], await readAll(folder, suites[id]), named)),
  )
  return {
    folder,
    suites: read.flatMap(({ results }) => results),
    damaged: read.flatMap(({ damaged }) => damaged),
    unknown: Object.fromEntries(read.flatMap(({ id, unknown }) => (unknown > 0 ? [[id, unknown]] : []))),
  }
}

/** The suites in whose folders a suite has cells, itself first. */
function keepersOf({ id, profiles }: Suite): readonly string[] {
  return distinct([id, ...Object.values(profiles).flatMap(({ cellsOf }) => cellsOf ?? [])])
}

/** The cells in a suite's own folder, and those of its arms in the folders of others. */
async function readAll(folder: string, suite: Suite): Promise<ReadCells> {
  const [first, ...others] = await Promise.all(keepersOf(suite).map((id) => readCells(folder, id)))
  const arms = new Set(suite.grid.map(({ id }) => id))
  const shared = others.flatMap(({ results }) => results).filter(({ arm }) => arms.has(arm))
  return { results: [...first.results, ...shared], damaged: first.damaged }
}

async function suiteResults(
  suite: Suite,
  { results, damaged }: ReadCells,
  named: ReadonlySet<string>,
): Promise<{
  readonly id: string
  readonly results: readonly SuiteResults[]
  readonly damaged: FoundCells['damaged']
  readonly unknown: number
}> {
  const revision = await revisionOf(suite.packages)
  // Arms with seeds of their own tell nothing of how many the others were run with.
  const own = new Set(suite.grid.filter((arm) => arm.seeds !== undefined).map(({ id }) => id))
  const seedsOf = (cells: readonly CellResult[]): readonly number[] =>
    cells.filter(({ arm }) => !own.has(arm)).map(({ seed }) => seed)
  const seeds = Math.max(1, ...seedsOf(results))
  const threadCounts = distinct(results.map(({ settings }) => settings.threads)).filter(
    (threads) => typeof threads === 'number',
  )
  const candidates = profileNames.flatMap((name) => {
    const profile = suite.profiles[name]
    if (profile === undefined) return []
    // A suite that only computes has no cells that know a number of threads.
    return (threadCounts.length === 0 ? [1] : threadCounts).map((threads) => {
      const asked = Math.max(profile.seeds, seeds)
      const all = matchCells(results, planCells(suite, { profile, revision, seeds: asked, threads }, results))
      // Seeds beyond the profile's own are missing only where some arm has them.
      const wanted = Math.max(profile.seeds, ...seedsOf(all.current))
      const missing = all.missing.filter(({ arm, seed }) => own.has(arm.id) || seed <= wanted)
      return { name, threads, found: { ...all, missing, damaged } }
    })
  })
  const size = ({ found }: (typeof candidates)[number]): number => found.current.length + found.stale.length
  const filled = candidates.filter((candidate) => size(candidate) > 0)
  const isNamed = profileNames.some((name) => named.has(`${suite.id}/${name}`))
  const shown = isNamed
    ? filled.filter(({ name }) => named.has(`${suite.id}/${name}`))
    : [...filled]
        .sort((a, b) => size(b) - size(a) || a.found.missing.length - b.found.missing.length)
        .slice(0, 1)
  const known = new Set(candidates.flatMap(({ found }) => [...found.current, ...found.stale]))
  return {
    id: suite.id,
    results: shown.map(({ name, found }) => ({
      suite,
      profile: name,
      summary: summarise(suite, { profile: name, revision, found }),
      cells: found.current,
      stale: found.stale,
    })),
    damaged,
    unknown: results.filter((result) => result.suite === suite.id && !known.has(result)).length,
  }
}

/** `suite/profile` of everything that has been run here; nothing where there is no summary that can be read. */
async function namedProfiles(path: string): Promise<ReadonlySet<string>> {
  try {
    const entries = summarySchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return new Set(entries.map(({ id, profile }) => `${id}/${profile}`))
  } catch {
    return new Set()
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    const what = code === 'ENOENT' ? 'which does not exist' : 'which is a file'
    throw usageError(
      `report: a folder of results must be named, got ${folder}, ${what}, bench run makes one`,
      {
        cause: error,
      },
    )
  }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
