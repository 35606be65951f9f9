import { matmulLimit } from '@maxent/jit/limit'
import { alternate, median, pairedRatio } from './blocks.ts'
import type { Effort } from './effort.ts'
import { buildMs, createSacProgram } from './sacProgram.ts'

/** One process's measurement of the update against the matrix products in it. */
export interface UpdateSpeed {
  readonly ms: number
  readonly matmulLimitMs: number
  readonly fractionOfLimit: number
  /** Time of the update with one thread over that with `threads`; 1 for one thread. */
  readonly speedup: number
  readonly compileMs: number
  readonly rssMb: number
}

/**
 * Blocks of updates, of the same number of runs of the limit, and (for more threads than one) of updates with one thread, in turn.
 */
export async function measureUpdate({ blocks, updates }: Effort, threads: number): Promise<UpdateSpeed> {
  const learner = await createSacProgram(threads)
  const limit = await matmulLimit(learner.agent.program, 'update')
  const single = threads === 1 ? learner : await createSacProgram(1)
  const times = await alternate<'update' | 'limit' | 'single'>(
    {
      update: { runs: updates, run: learner.update },
      limit: {
        runs: updates,
        run: async (count) => {
          for (let i = 0; i < count; i++) await limit.run()
        },
      },
      single: { runs: threads === 1 ? 1 : updates, run: single.update },
    },
    blocks,
  )
  const ms = median(times.update)
  return {
    ms,
    matmulLimitMs: median(times.limit),
    fractionOfLimit: pairedRatio(times.limit, times.update),
    speedup: threads === 1 ? 1 : pairedRatio(times.single, times.update),
    compileMs: buildMs(learner.agent),
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }
}
