import { z } from 'zod'
import type { Revision } from '../run/revision.ts'
import type { Metric, ProfileName, Verdict } from '../suites/suite.ts'

/** What came of one suite in one profile. */
export interface SummaryEntry {
  readonly id: string
  readonly paper: string
  readonly figure: string
  readonly profile: ProfileName
  readonly claim: string
  readonly verdict: Verdict
  /** Why, in a sentence; below the paper's scale it begins `at reduced scale:`. */
  readonly reason: string
  /** What the same rule says of the negative control. */
  readonly control: Verdict
  /** The figures of the rule, by name; those of the control begin with `control.`. */
  readonly metrics: Readonly<Record<string, Metric>>
  /** Seeds that every judged arm has finished. */
  readonly seeds: number
  /** Cells that enter the verdict, that other revisions left, and that are missing. */
  readonly cells: { readonly current: number; readonly stale: number; readonly missing: number }
  /** What differs from the paper's table, a line each. */
  readonly differences: readonly string[]
  /** Commits, machines and runtimes of the cells, each once. */
  readonly commit: readonly string[]
  readonly machine: readonly string[]
  readonly runtime: readonly string[]
  readonly revision: Revision
  /** When the first cell began; `null` before there is one. */
  readonly startedAt: string | null
  /** Seconds of work of all cells. */
  readonly wallSeconds: number
}

const verdict = z.enum(['holds', 'fails', 'inconclusive'])

const metric = z.strictObject({
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
}) as z.ZodType<Metric>

/** `summary.json`: an entry per suite and profile. */
export const summarySchema: z.ZodType<readonly SummaryEntry[]> = z.array(
  z.strictObject({
    id: z.string(),
    paper: z.string(),
    figure: z.string(),
    profile: z.enum(['smoke', 'quick', 'standard', 'paper']),
    claim: z.string(),
    verdict,
    reason: z.string(),
    control: verdict,
    metrics: z.record(z.string(), metric),
    seeds: z.int(),
    cells: z.strictObject({ current: z.int(), stale: z.int(), missing: z.int() }),
    differences: z.array(z.string()),
    commit: z.array(z.string()),
    machine: z.array(z.string()),
    runtime: z.array(z.string()),
    revision: z.record(z.string(), z.int()),
    startedAt: z.iso.datetime().nullable(),
    wallSeconds: z.number(),
  }),
)
