import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, exitCodes } from '../errors.ts'

/** CPU milliseconds spent since some moment: by the whole machine, and by this process. */
export interface CpuReading {
  readonly at: number
  readonly machine: number
  readonly own: number
}

/** Other processes may keep this many cores busy before a measurement counts as disturbed. */
export const allowedLoad = 0.2

export function readCpu(): CpuReading {
  const own = process.cpuUsage()
  let machine = 0
  for (const { times } of cpus()) machine += times.user + times.nice + times.sys + times.irq
  return { at: performance.now(), machine, own: (own.user + own.system) / 1000 }
}

/**
 * The cores that other processes kept busy between two readings.
 * @param children CPU milliseconds of processes that the measurement itself started in between.
 */
export function otherLoad(before: CpuReading, after: CpuReading, children = 0): number {
  const own = after.own - before.own + children
  return Math.max(0, (after.machine - before.machine - own) / (after.at - before.at))
}

export interface QuietOptions {
  /** Seconds to wait at most. */
  readonly patience: number
  /** Cores busy with other work, over the next second. */
  readonly measure?: () => Promise<number>
  readonly onWait?: (load: number) => void
}

/**
 * Waits for a quiet machine.
 * @throws CommandError (`noisy`, exit status 2) when it stays loaded for longer than `patience`.
 */
export async function waitForQuiet({
  patience,
  measure = loadOfASecond,
  onWait,
}: QuietOptions): Promise<number> {
  const deadline = performance.now() + patience * 1000
  for (;;) {
    const load = await measure()
    if (load <= allowedLoad) return load
    if (performance.now() >= deadline) throw noisy(load)
    onWait?.(load)
  }
}

export function noisy(load: number): CommandError {
  return new CommandError(
    `noisy: other processes must keep at most ${allowedLoad} of a core busy, got ${load.toFixed(2)}, stop them and run again (or measure all the same with --force)`,
    exitCodes.usage,
  )
}

async function loadOfASecond(): Promise<number> {
  const before = readCpu()
  await sleep(1000)
  return otherLoad(before, readCpu())
}
