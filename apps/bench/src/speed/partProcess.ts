import { CommandError, exitCodes, interruption } from '../errors.ts'
import { startHelper } from '../processes.ts'
import type { Effort } from './effort.ts'
import type { PartResults, SpeedPart } from './speedParts.ts'

/** A part's result, with the CPU milliseconds that its process used. */
export interface PartReport<P extends SpeedPart> {
  readonly result: PartResults[P]
  readonly cpuMs: number
}

/**
 * Measures a part in a fresh process, which an abort ends at once: half a measurement is none.
 * @throws CommandError when it breaks, and (exit status 130) when it is aborted.
 */
export async function runPart<P extends SpeedPart>(
  part: P,
  effort: Effort,
  signal: AbortSignal,
): Promise<PartReport<P>> {
  return inFreshProcess<PartReport<P>>(part, ['speed-part', part, JSON.stringify(effort)], signal)
}

/**
 * What a hidden command of the bench reports, run in a process of its own, which an abort ends at once.
 * @param what What it measures, for messages.
 * @throws CommandError when it breaks, and (exit status 130) when it is aborted.
 */
export async function inFreshProcess<T>(
  what: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<T> {
  throwIfStopped(signal)
  let got: T | undefined
  const helper = startHelper(command, (report) => (got = report as T))
  signal.addEventListener('abort', helper.kill)
  const { status, errors } = await helper.finished
  signal.removeEventListener('abort', helper.kill)
  throwIfStopped(signal)
  if (status === 0 && got !== undefined) return got
  throw new CommandError(`speed: ${what} must be measurable, got: ${errors.trim()}`, exitCodes.failed)
}

/** @throws CommandError (exit status 130) when the signal is raised. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw interruption('speed: stopped before the end, nothing is kept')
}
