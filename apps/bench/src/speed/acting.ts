import { median } from './blocks.ts'
import type { Effort } from './effort.ts'
import { createSacProgram } from './sacProgram.ts'

/** What one action costs, for one observation. */
export interface ActingSpeed {
  /** Microseconds in a loop of nothing else. */
  readonly us: number
  /** Microseconds when every action follows an update, which leaves the caches to the learner. */
  readonly usBetweenUpdates: number
  /** The same as shares of an update's time. */
  readonly fractionOfUpdate: number
  readonly fractionOfUpdateBetween: number
}

const hotActs = 500

/** Blocks of acting alone, then of updates with one action after each, in turn. */
export async function measureActing({ blocks, updates }: Effort): Promise<ActingSpeed> {
  const learner = await createSacProgram(1)
  const hot: number[] = []
  const between: number[] = []
  const update: number[] = []
  for (let block = -1; block < blocks; block++) {
    const start = performance.now()
    await learner.act(hotActs)
    const hotMs = (performance.now() - start) / hotActs
    let actMs = 0
    let updateMs = 0
    for (let i = 0; i < updates; i++) {
      const begin = performance.now()
      await learner.update(1)
      const middle = performance.now()
      await learner.act(1)
      updateMs += middle - begin
      actMs += performance.now() - middle
    }
    if (block < 0) continue
    hot.push(hotMs)
    between.push(actMs / updates)
    update.push(updateMs / updates)
  }
  return {
    us: median(hot) * 1000,
    usBetweenUpdates: median(between) * 1000,
    fractionOfUpdate: median(hot.map((ms, i) => ms / update[i])),
    fractionOfUpdateBetween: median(between.map((ms, i) => ms / update[i])),
  }
}
