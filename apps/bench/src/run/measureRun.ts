import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitForQuiet } from '../speed/load.ts'
import { loadSuites, profileOf } from '../suites/index.ts'
import type { ProfileName } from '../suites/suite.ts'
import { expandGrid } from './grid.ts'
import { findCells } from './results.ts'
import { revisionOf } from './revision.ts'
import { runSuites } from './runSuites.ts'

/** What `bench run` costs beside the work of its cells. */
export interface RunCost {
  readonly cells: number
  /** One cell at a time: seconds in all, those that the cells learned, and the share of the rest. */
  readonly one: { readonly wallSeconds: number; readonly workSeconds: number; readonly overhead: number }
  readonly two: { readonly wallSeconds: number }
  /** Throughput of two cells at a time over one. */
  readonly speedup: number
}

/** The most that the rest may take, and the least that two cells at a time must gain. */
export const allowedOverhead = 0.02
export const wantedSpeedup = 1.7

export interface RunCostOptions {
  readonly profile: ProfileName
  /** Seconds to wait for a quiet machine, before each of the two runs; without it none. */
  readonly patience?: number
  readonly say: (line: string) => void
}

/**
 * Runs the two cells of the first seed of `sac-entropy`, one after the other and then side by side, in folders that are deleted.
 * @throws CommandError when other processes load the machine (`noisy`, exit status 2), and when stopped.
 */
export async function measureRun({ profile, patience, say }: RunCostOptions): Promise<RunCost> {
  const suites = await loadSuites()
  const suite = suites['sac-entropy']
  const revision = await revisionOf(suite.packages)
  const cells = expandGrid(suite, { profile: profileOf(suite, profile), revision, seeds: 1 })
  const run = async (jobs: number): Promise<{ wallSeconds: number; workSeconds: number }> => {
    if (patience !== undefined) await waitForQuiet({ patience })
    const out = await mkdtemp(join(tmpdir(), 'run-cost-'))
    try {
      const since = performance.now()
      await runSuites({
        suites: [suite],
        profile,
        seeds: 1,
        jobs,
        threads: 1,
        out,
        resume: false,
        python: 'python3',
        known: Object.keys(suites),
        resumeCommand: 'the same command, which measures anew',
        say,
      })
      const wallSeconds = (performance.now() - since) / 1000
      const { current } = await findCells(out, cells)
      return { wallSeconds, workSeconds: current.reduce((sum, cell) => sum + cell.wallSeconds, 0) }
    } finally {
      await rm(out, { recursive: true, force: true })
    }
  }
  const one = await run(1)
  const two = await run(2)
  return {
    cells: cells.length,
    one: { ...one, overhead: 1 - one.workSeconds / one.wallSeconds },
    two: { wallSeconds: two.wallSeconds },
    speedup: one.wallSeconds / two.wallSeconds,
  }
}
