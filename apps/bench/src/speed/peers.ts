import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CommandError, exitCodes, usageError } from '../errors.ts'
import type { Effort } from './effort.ts'
import { throwIfStopped } from './partProcess.ts'

/** One SAC update of a Python library, with one thread. */
export interface PeerSpeed {
  readonly version: string
  readonly ms: number
  readonly updatesPerSecond: number
}

/** The libraries that are installed, by short name. */
export type PeerSpeeds = Readonly<Record<string, PeerSpeed>>

const script = fileURLToPath(new URL('../../peers/measure.py', import.meta.url))
const run = promisify(execFile)

/**
 * Measures the Python peers that a Python has installed (`sb3`, `sbx`).
 * @throws CommandError when there is no such Python, when a library that is installed does not run, or when stopped.
 */
export async function measurePeers(
  python: string,
  { blocks, updates }: Pick<Effort, 'blocks' | 'updates'>,
  signal?: AbortSignal,
): Promise<PeerSpeeds> {
  try {
    const { stdout } = await run(python, [script, `${blocks}`, `${updates}`], {
      ...(signal === undefined ? {} : { signal }),
    })
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as PeerSpeeds
  } catch (error) {
    if (signal !== undefined) throwIfStopped(signal)
    const cause = error as NodeJS.ErrnoException & { readonly stderr?: string }
    if (cause.code === 'ENOENT') {
      throw usageError(`speed: --python must be a Python, got ${python}, name one that is installed`, {
        cause,
      })
    }
    throw new CommandError(
      `speed: the Python peers must be measurable, got: ${(cause.stderr ?? cause.message).trim()}`,
      exitCodes.failed,
      {
        cause,
      },
    )
  }
}
