import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CommandError, exitCodes, usageError } from '../errors.ts'
import { median } from './blocks.ts'
import { throwIfStopped } from './partProcess.ts'

/** What `bench speed` compares: one SAC update, one step of learning HalfCheetah with one update, one control step of HalfCheetah. */
export type SpeedWork = 'update' | 'endToEnd' | 'env'

/** What can be compared: besides, one update of TD3 and of DDPG, and one environment step of PPO learning HalfCheetah. */
export type PeerWork = SpeedWork | 'td3' | 'ddpg' | 'ppo'

/** A library's time for a work, on one thread. */
interface PeerTime {
  readonly version: string
  /** Milliseconds per repetition. */
  readonly ms: number
}

/** The libraries that are installed, by short name: `sb3`, `sbx`, `gymnasium`; `torch` stands in for `sb3` where that is missing. */
export type PeerTimes = Readonly<Record<string, PeerTime>>

/** What a script is asked for. */
export interface PeerRequest {
  readonly work: PeerWork
  readonly blocks: number
  /** Per block. */
  readonly repetitions: number
}

const script = fileURLToPath(new URL('../../peers/measure.py', import.meta.url))
const run = promisify(execFile)

/**
 * Measures the Python peers that a Python has installed.
 * @throws CommandError when there is no such Python, when a library that is installed does not run, or when stopped.
 */
export async function measurePeers(
  python: string,
  { work, blocks, repetitions }: PeerRequest,
  signal?: AbortSignal,
): Promise<PeerTimes> {
  try {
    const { stdout } = await run(python, [script, work, `${blocks}`, `${repetitions}`], {
      ...(signal === undefined ? {} : { signal }),
    })
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as PeerTimes
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

/** One round: the time here, and right after it those of the peers. */
export interface PeerRound {
  readonly ms: number
  readonly peers: PeerTimes
}

/** A peer's time for a work, and how many times the time here that is. */
export interface PeerRatio {
  /** Median over rounds. */
  readonly ms: number
  readonly perSecond: number
  /** Their time over ours: above 1 where we are faster. Median, least and largest over rounds. */
  readonly ratio: number
  readonly low: number
  readonly high: number
}

/** What came of a peer. */
export interface PeerReport extends Readonly<Partial<Record<SpeedWork, PeerRatio>>> {
  readonly version: string
}

/** Sums the rounds of each work up, peer by peer. */
export function summarisePeers(
  rounds: Readonly<Record<SpeedWork, readonly PeerRound[]>>,
): Readonly<Record<string, PeerReport>> {
  const reports: Record<string, PeerReport> = {}
  for (const [work, of] of Object.entries(rounds)) {
    for (const [name, { version, ...ratio }] of Object.entries(summarisePeer(of))) {
      reports[name] = { ...(reports[name] ?? { version }), [work]: ratio }
    }
  }
  return reports
}

/** Sums the rounds of one work up, peer by peer. */
export function summarisePeer(
  rounds: readonly PeerRound[],
): Readonly<Record<string, PeerRatio & { readonly version: string }>> {
  return Object.fromEntries(
    Object.entries(rounds[0]?.peers ?? {}).map(([name, { version }]) => [
      name,
      { version, ...ratioOf(name, rounds) },
    ]),
  )
}

function ratioOf(name: string, rounds: readonly PeerRound[]): PeerRatio {
  const ms = median(rounds.map(({ peers }) => peers[name].ms))
  const ratios = rounds.map((round) => round.peers[name].ms / round.ms)
  return {
    ms,
    perSecond: 1000 / ms,
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  }
}

/** The libraries that were looked for and are not there, a sentence each. */
export function missingPeers(reports: Readonly<Record<string, PeerReport>>): string[] {
  return ['sb3', 'sbx', 'gymnasium']
    .filter((name) => !Object.hasOwn(reports, name))
    .map((name) =>
      name === 'sb3' && Object.hasOwn(reports, 'torch')
        ? 'sb3 is not installed: its update written out in plain torch stands in'
        : `${name} is not installed, and was skipped`,
    )
}
