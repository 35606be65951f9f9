import { z } from 'zod'

const verdict = z.enum(['holds', 'fails', 'inconclusive'])

const metric = z.strictObject({
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
})

const entry = z.strictObject({
  id: z.string(),
  paper: z.string(),
  figure: z.string(),
  profile: z.enum(['smoke', 'quick', 'standard', 'paper']),
  claim: z.string(),
  verdict,
  /** Why, in a sentence; below the paper's scale it begins `at reduced scale:`. */
  reason: z.string(),
  /** What the same rule says of the negative control. */
  control: verdict,
  metrics: z.record(z.string(), metric),
  /** Seeds that every judged arm has finished. */
  seeds: z.int(),
  /** Cells that enter the verdict, that other revisions left, and that are missing. */
  cells: z.strictObject({ current: z.int(), stale: z.int(), missing: z.int() }),
  /** What differs from the paper's table, a line each. */
  differences: z.array(z.string()),
  /** Commits, machines and runtimes of the cells, each once. */
  commit: z.array(z.string()),
  machine: z.array(z.string()),
  runtime: z.array(z.string()),
  revision: z.record(z.string(), z.int()),
  /** When the first cell began; `null` before there is one. */
  startedAt: z.iso.datetime().nullable(),
  /** Seconds of work of all cells. */
  wallSeconds: z.number(),
})

/** `summary.json`: an entry per suite and profile. */
export const summarySchema: z.ZodType<readonly SummaryEntry[]> = z.array(entry)

/** What came of one suite in one profile. */
export type SummaryEntry = Readonly<z.infer<typeof entry>>
