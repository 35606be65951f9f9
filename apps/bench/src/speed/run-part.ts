import { CommandError, exitCodes } from '../errors.ts'
import { startHelper } from '../processes.ts'
import type { Effort } from './effort.ts'
import type { PartResults, SpeedPart } from './parts.ts'

/** A part's result, with the CPU milliseconds that its process used. */
export interface PartReport<P extends SpeedPart> {
  readonly result: PartResults[P]
  readonly cpuMs: number
}

/** Measures a part in a fresh process. */
export async function runPart<P extends SpeedPart>(part: P, effort: Effort): Promise<PartReport<P>> {
  let got: PartReport<P> | undefined
  const helper = startHelper(
    ['speed-part', part, JSON.stringify(effort)],
    (report) => (got = report as PartReport<P>),
  )
  const stop = (): void => helper.stop()
  process.once('SIGINT', stop)
  const { status, errors } = await helper.finished
  process.off('SIGINT', stop)
  if (status === 0 && got !== undefined) return got
  throw new CommandError(`speed: ${part} must be measurable, got: ${errors.trim()}`, exitCodes.failed)
}
