import { median } from './blocks.ts'
import type { Effort } from './effort.ts'
import { createSacProgram, loadPolicyOf } from './sacProgram.ts'

/** What one action costs, for one observation. */
export interface ActTimes {
  /** Microseconds in a loop of nothing else. */
  readonly us: number
  /** Microseconds when every action follows an update, which leaves the caches to the learner. */
  readonly usBetweenUpdates: number
  /** The same as shares of an update's time. */
  readonly fractionOfUpdate: number
  readonly fractionOfUpdateBetween: number
}

/** Of the learner as it explores, and of the policy that leaves it as a file as services act. */
export interface ActingSpeed extends ActTimes {
  /** Of `loadPolicy(file).act`. */
  readonly loaded: ActTimes
}

const hotActs = 500

type Act = (count: number) => Promise<void>

/** Blocks of acting alone, then of updates with one action after each, in turn, by either way of acting. */
export async function measureActing({ blocks, updates }: Effort): Promise<ActingSpeed> {
  const learner = await createSacProgram(1)
  const policy = await loadPolicyOf(learner)
  const own = clockOf()
  const loaded = clockOf()
  for (let block = -1; block < blocks; block++) {
    for (const [act, clock] of [
      [learner.act, own],
      [policy.act, loaded],
    ] as const) {
      const times = await timesOf(act, learner.update, updates)
      if (block >= 0) clock.add(times)
    }
  }
  return { ...own.medians(), loaded: loaded.medians() }
}

interface BlockTimes {
  readonly hotMs: number
  readonly betweenMs: number
  readonly updateMs: number
}

async function timesOf(act: Act, update: Act, updates: number): Promise<BlockTimes> {
  const start = performance.now()
  await act(hotActs)
  const hotMs = (performance.now() - start) / hotActs
  let actMs = 0
  let updateMs = 0
  for (let i = 0; i < updates; i++) {
    const begin = performance.now()
    await update(1)
    const middle = performance.now()
    await act(1)
    updateMs += middle - begin
    actMs += performance.now() - middle
  }
  return { hotMs, betweenMs: actMs / updates, updateMs: updateMs / updates }
}

/** Gathers blocks. */
function clockOf(): { add(times: BlockTimes): void; medians(): ActTimes } {
  const all: BlockTimes[] = []
  return {
    add: (times) => void all.push(times),
    medians: () => ({
      us: median(all.map(({ hotMs }) => hotMs)) * 1000,
      usBetweenUpdates: median(all.map(({ betweenMs }) => betweenMs)) * 1000,
      fractionOfUpdate: median(all.map(({ hotMs, updateMs }) => hotMs / updateMs)),
      fractionOfUpdateBetween: median(all.map(({ betweenMs, updateMs }) => betweenMs / updateMs)),
    }),
  }
}
