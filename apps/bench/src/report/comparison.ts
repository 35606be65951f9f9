import { meanOf } from '../statistics/samples.ts'
import { probabilityOfImprovement } from '../statistics/improvement.ts'
import { holm, welchDifference } from '../statistics/tests.ts'
import { recordedScalars, type CellResult } from '../run/cellResult.ts'
import type { ProfileName, Suite, Verdict } from '../suites/suite.ts'
import type { ResultsFolder, SuiteResults } from './resultsFolder.ts'

/** The chance at which any difference at all may be marked where there is none. */
export const familyLevel = 0.05

/** A number of an arm in two folders. */
export interface ComparedScalar {
  readonly suite: string
  readonly profile: ProfileName
  readonly arm: string
  readonly label: string
  readonly scalar: string
  /** Means over the seeds, and their numbers. */
  readonly a: { readonly mean: number; readonly seeds: number }
  readonly b: { readonly mean: number; readonly seeds: number }
  /** Of B over A; `undefined` where one of them has fewer than two seeds. */
  readonly difference?: {
    /** Mean of B less mean of A, with Welch's 95 % interval. */
    readonly value: number
    readonly low: number
    readonly high: number
    /** That a run of B exceeds one of A. */
    readonly probability: number
    /** Of Welch's test, corrected by Holm's method over all differences of the comparison. */
    readonly pValue: number
    readonly significant: boolean
  }
}

/** A suite that both folders hold. */
export interface ComparedSuite {
  readonly suite: Suite
  readonly profile: ProfileName
  readonly verdicts: readonly [Verdict, Verdict]
  readonly scalars: readonly ComparedScalar[]
  /** The cells that are compared: of an arm those of the present revision, or where there are none those of others. */
  readonly cells: readonly [readonly CellResult[], readonly CellResult[]]
}

/** Two folders beside each other. */
export interface Comparison {
  readonly folders: readonly [string, string]
  readonly suites: readonly ComparedSuite[]
  /** What only one of them has, or what was read with a reservation, a sentence each. */
  readonly notes: readonly string[]
  /** How many differences were tested together. */
  readonly tested: number
}

/** Compares what two folders share, arm by arm. */
export function compareFolders(a: ResultsFolder, b: ResultsFolder): Comparison {
  const pairs = a.suites.flatMap((left) => {
    const right = b.suites.find((other) => nameOf(other) === nameOf(left))
    return right === undefined ? [] : [[left, right] as const]
  })
  const plain = pairs.flatMap(([left, right]) => comparedScalars(left, right))
  const tested = plain.filter(({ difference }) => difference !== undefined)
  const corrected = new Map(
    holm(tested.map(({ difference }) => difference?.pValue ?? 1)).map((pValue, i) => [tested[i], pValue]),
  )
  const scalars = plain.map((entry): ComparedScalar => {
    const pValue = corrected.get(entry)
    if (entry.difference === undefined || pValue === undefined) return entry
    return { ...entry, difference: { ...entry.difference, pValue, significant: pValue < familyLevel } }
  })
  return {
    folders: [a.folder, b.folder],
    suites: pairs.map(([left, right]) => ({
      suite: left.suite,
      profile: left.profile,
      verdicts: [left.summary.verdict, right.summary.verdict],
      scalars: scalars.filter(({ suite, profile }) => suite === left.suite.id && profile === left.profile),
      cells: [cellsOf(left), cellsOf(right)],
    })),
    notes: [...notesOf(a, b), ...notesOf(b, a)],
    tested: tested.length,
  }
}

const nameOf = ({ suite, profile }: SuiteResults): string => `${suite.id}, ${profile}`

/** Of every arm the cells of the present revision, or where there are none those of others. */
function cellsOf({ cells, stale }: SuiteResults): readonly CellResult[] {
  const present = new Set(cells.map(({ arm }) => arm))
  return [...cells, ...stale.filter(({ arm }) => !present.has(arm))]
}

function comparedScalars(left: SuiteResults, right: SuiteResults): ComparedScalar[] {
  const { suite, profile } = left
  const [all, others] = [cellsOf(left), cellsOf(right)]
  return suite.grid.flatMap((arm) =>
    scalarsOf(suite, arm.id).flatMap((scalar) => {
      const [x, y] = [all, others].map((cells) => valuesOf(cells, arm.id, scalar))
      if (x.length === 0 || y.length === 0) return []
      return [{ suite: suite.id, profile, arm: arm.id, label: arm.label, scalar, ...compareValues(x, y) }]
    }),
  )
}

function compareValues(
  a: readonly number[],
  b: readonly number[],
): Pick<ComparedScalar, 'a' | 'b' | 'difference'> {
  const means = { a: { mean: meanOf(a), seeds: a.length }, b: { mean: meanOf(b), seeds: b.length } }
  if (a.length < 2 || b.length < 2) return means
  const { value, low, high, pValue } = welchDifference(b, a)
  const probability = probabilityOfImprovement([b], [a])
  return { ...means, difference: { value, low, high, probability, pValue, significant: false } }
}

/** What a suite's tables show of an arm; the return where they show nothing. */
function scalarsOf({ plots }: Suite, arm: string): readonly string[] {
  const shown = plots.flatMap((plot) =>
    plot.kind === 'table' && plot.arms.includes(arm) ? plot.columns.map(({ scalar }) => scalar) : [],
  )
  return shown.length === 0 ? ['return'] : [...new Set(shown)]
}

function valuesOf(cells: readonly CellResult[], arm: string, scalar: string): number[] {
  return recordedScalars(
    cells.filter((cell) => cell.arm === arm),
    scalar,
  )
}

function notesOf(folder: ResultsFolder, other: ResultsFolder): string[] {
  const there = new Set(other.suites.map(nameOf))
  return [
    ...folder.suites
      .filter((results) => !there.has(nameOf(results)))
      .map((results) => `${nameOf(results)}: only in ${folder.folder}`),
    ...folder.suites
      .filter(({ stale }) => stale.length > 0)
      .map(
        (results) =>
          `${nameOf(results)}: ${results.stale.length} cells in ${folder.folder} are of another learning revision; ` +
          `they are compared where there are no others, and enter no verdict`,
      ),
    ...folder.damaged.map(
      ({ file, reason }) => `${file} holds no complete cell and was passed over: ${reason}`,
    ),
    ...Object.entries(folder.unknown).map(
      ([suite, count]) =>
        `${suite}: ${count} cells in ${folder.folder} have settings that no profile has today`,
    ),
    ...folder.suites.flatMap(({ suite, cells }) =>
      cells
        .filter(({ damagedLines }) => damagedLines > 0)
        .map(
          ({ arm, seed, damagedLines }) =>
            `${suite.id}, ${arm}, seed ${seed} in ${folder.folder}: ${damagedLines} damaged lines of its record were skipped`,
        ),
    ),
  ]
}
