/** Something to be timed: `run(count)` does the work `count` times. */
export interface Contestant {
  readonly runs: number
  readonly run: (count: number) => void | Promise<void>
}

/** The middle value; the mean of the two middle values of an even number. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: values must have at least one entry, got none')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Milliseconds per run: one entry per block, in the order in which they ran. */
export type BlockTimes<Name extends string> = Readonly<Record<Name, readonly number[]>>

/**
 * Times contestants in alternating blocks, so that a drifting machine drifts under all of them alike. One block of each runs first and
 * is thrown away.
 */
export async function alternate<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  blocks: number,
): Promise<BlockTimes<Name>> {
  const names = Object.keys(contestants) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let block = -1; block < blocks; block++) {
    for (const name of names) {
      const { runs, run } = contestants[name]
      const start = performance.now()
      await run(runs)
      const ms = (performance.now() - start) / runs
      if (block >= 0) times[name].push(ms)
    }
  }
  return times
}

/** The median over blocks of `numerator / denominator`, each block against its neighbour in time. */
export function pairedRatio(numerator: readonly number[], denominator: readonly number[]): number {
  return median(numerator.map((value, i) => value / denominator[i]))
}
