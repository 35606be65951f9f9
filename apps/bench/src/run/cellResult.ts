import { z } from 'zod'
import type { JsonValue } from '../suites/suite.ts'

const text = z.string().min(1)
const numbers = z.array(z.number())

const json: z.ZodType<JsonValue> = z.json()

const curve = z
  .strictObject({ steps: numbers, values: numbers })
  .refine(({ steps, values }) => steps.length === values.length, 'steps and values must be of one length')

const recording = z.strictObject({
  observations: z.array(numbers),
  info: z.array(z.record(z.string(), z.number())),
})

/** What is found by running a cell. */
const cellData = {
  /**
   * By name: `return` (deterministic evaluations), `episodeReturn` (episodes while learning), and every metric of the algorithm under its
   * own name. At most 1,000 points.
   */
  curves: z.record(z.string(), curve),
  /** By name: `return` (the evaluation at the end), `returnStd`, `stepsPerSecond`, `updates`, and whatever a suite adds. */
  scalars: z.record(z.string(), z.number()),
  /** By name: `returns` (the episodes of the evaluation at the end), and whatever a suite adds. */
  samples: z.record(z.string(), numbers),
  /** By name: `final` (an episode of the final policy). */
  recordings: z.record(z.string(), recording),
}

const cellResult = z.strictObject({
  /** The version of this format. */
  format: z.literal(1),
  suite: text,
  arm: text,
  seed: z.int().min(0),
  /** SHA-256 of arm, seed and settings, 16 digits. */
  identity: z.string().regex(/^[0-9a-f]{16}$/),
  /** All that decides the result, defaults filled in: `kind`, `algorithm`, `env`, `config`, `train`, `threads`. */
  settings: z.record(z.string(), json),
  /** Learning revision of each package that the suite declares. */
  revision: z.record(z.string(), z.int()),
  /** Commit of the working tree, with `+` where it held changes. */
  commit: text,
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int(),
    memoryGb: z.number(),
    platform: z.string(),
  }),
  runtime: text,
  startedAt: z.iso.datetime(),
  /** Seconds of work, summed over all sittings. */
  wallSeconds: z.number(),
  /** Lines of the run record that could not be read, skipped. */
  damagedLines: z.int().min(0),
  ...cellData,
})

/** A finished cell, as it is on disk: one file of JSON. */
export type CellResult = Readonly<z.infer<typeof cellResult>>

/** The part of a cell that is found by running it. */
export type CellData = Readonly<Pick<CellResult, keyof typeof cellData>>

/** Values of something over environment steps. */
export type Curve = Readonly<z.infer<typeof curve>>

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
