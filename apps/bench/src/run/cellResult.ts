import { z } from 'zod'
import type { Recording } from '../film/index.ts'
import type { Machine } from '../machine.ts'
import type { JsonRecord, JsonValue } from '../suites/suite.ts'
import type { Revision } from './revision.ts'

/** Values of something over environment steps. */
export interface Curve {
  readonly steps: readonly number[]
  readonly values: readonly number[]
}

/** The part of a cell that is found by running it. */
export interface CellData {
  /**
   * By name: `return` (deterministic evaluations), `episodeReturn` (episodes while learning), and every metric of the algorithm under its
   * own name. A curve has at most 1,000 points: suites log so seldom, and of more evaluations means of successive ones are kept.
   */
  readonly curves: Readonly<Record<string, Curve>>
  /** By name: `return` (the evaluation at the end), `returnStd`, `stepsPerSecond`, `updates`, and whatever a suite adds. */
  readonly scalars: Readonly<Record<string, number>>
  /** By name: `returns` (the episodes of the evaluation at the end), and whatever a suite adds. */
  readonly samples: Readonly<Record<string, readonly number[]>>
  /** By name: `final` (an episode of the final policy), and whatever a suite adds. */
  readonly recordings: Readonly<Record<string, Recording>>
}

/** A finished cell, as it is on disk: one file of JSON. */
export interface CellResult extends CellData {
  /** The version of this format. */
  readonly format: 1
  readonly suite: string
  readonly arm: string
  readonly seed: number
  /** SHA-256 of arm, seed and settings, 16 digits. */
  readonly identity: string
  /** All that decides the result, defaults filled in: `kind`, `algorithm`, `env`, `config`, `train`, `threads`. */
  readonly settings: JsonRecord
  /** Learning revision of each package that the suite declares; none where nothing of this project learns. */
  readonly revision: Revision
  /** Commit of the working tree, with `+` where sources held changes. */
  readonly commit: string
  readonly machine: Machine
  readonly runtime: string
  readonly startedAt: string
  /** Seconds of work, summed over all sittings. */
  readonly wallSeconds: number
  /** Lines of the run record that could not be read, skipped. */
  readonly damagedLines: number
}

const text = z.string().min(1)
const numbers = z.array(z.number())

const curve: z.ZodType<Curve> = z
  .strictObject({ steps: numbers, values: numbers })
  .refine(({ steps, values }) => steps.length === values.length, 'steps and values must be of one length')

const recording: z.ZodType<Recording> = z.strictObject({
  observations: z.array(numbers),
  info: z.array(z.record(z.string(), z.number())),
})

const json: z.ZodType<JsonValue> = z.json()

const cellResult: z.ZodType<CellResult> = z.strictObject({
  format: z.literal(1),
  suite: text,
  arm: text,
  seed: z.int().min(0),
  identity: z.string().regex(/^[0-9a-f]{16}$/),
  settings: z.record(z.string(), json),
  revision: z.record(z.string(), z.int()),
  commit: text,
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memoryGb: z.number(),
    platform: z.string(),
  }),
  runtime: text,
  startedAt: z.iso.datetime(),
  wallSeconds: z.number(),
  damagedLines: z.int().min(0),
  curves: z.record(z.string(), curve),
  scalars: z.record(z.string(), z.number()),
  samples: z.record(z.string(), numbers),
  recordings: z.record(z.string(), recording),
})

/**
 * Reads a cell's file.
 * @throws RangeError that names the first field that is not as it must be.
 */
export function parseCellResult(source: string): CellResult {
  let found: unknown
  try {
    found = JSON.parse(source)
  } catch (error) {
    throw new RangeError(`parseCellResult: source must be JSON, got ${(error as Error).message}`, {
      cause: error,
    })
  }
  const { data, error } = cellResult.safeParse(found)
  if (data !== undefined) return data
  const [{ path, message }] = error.issues
  throw new RangeError(
    `parseCellResult: ${path.map(String).join('.') || 'source'} must be as a cell's file has it, got: ${message}`,
    { cause: error },
  )
}

/** A number that cells hold, of those that hold it. */
export function recordedScalars(cells: readonly CellResult[], name: string): number[] {
  return cells
    .map(({ scalars }) => scalars[name] as number | undefined)
    .filter((value) => value !== undefined)
}
