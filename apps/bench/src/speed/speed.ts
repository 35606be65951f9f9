import { runtimeVersion } from '@maxent/jit'
import { describeMachine, type Machine } from '../machine.ts'
import type { ActingSpeed } from './acting.ts'
import { median } from './blocks.ts'
import type { Effort } from './effort.ts'
import type { EndToEndSpeed } from './endToEnd.ts'
import type { EnvSpeed } from './envs.ts'
import { allowedLoad, noisy, otherLoad, readCpu, waitForQuiet } from './load.ts'
import type { PartResults, SpeedPart } from './speedParts.ts'
import { measurePeers, type PeerSpeed, type PeerSpeeds } from './peers.ts'
import type { RngSpeed } from './rng.ts'
import { runPart, throwIfStopped } from './partProcess.ts'
import { spinProbe, twoRealCores } from './spinProbe.ts'
import type { UpdateSpeed } from './update.ts'

/** The update at one thread count: medians over processes. */
interface ThreadsSpeed {
  readonly ms: number
  readonly updatesPerSecond: number
  readonly matmulLimitMs: number
  readonly fractionOfLimit: number
}

/** What `bench speed --json` prints. */
export interface SpeedReport {
  readonly machine: Machine
  readonly node: string
  readonly runtime: string
  readonly sacUpdate: {
    readonly threads1: ThreadsSpeed
    /** `null` where two threads have no two cores. */
    readonly threads2: (ThreadsSpeed & { readonly speedup: number }) | null
    /** Why `threads2` is `null`. */
    readonly threads2Reason?: string
    /** CPU time over wall time of two spinning threads. */
    readonly spinProbe: number
  }
  readonly act: ActingSpeed
  readonly env: EnvSpeed
  readonly endToEnd: EndToEndSpeed
  /** Tracing and compiling act and update, the first program of a process. */
  readonly compileMs: number
  readonly compileUpdates: number
  readonly rng: RngSpeed
  readonly rssMb: number
  /** The Python libraries that are installed, where asked for; `speedup` is their time over the time with one thread here. */
  readonly peers?: Readonly<Record<string, PeerSpeed & { readonly speedup: number }>>
  /** Cores that other processes kept busy meanwhile. */
  readonly otherLoad: number
}

export interface SpeedOptions {
  readonly effort: Effort
  /** Seconds to wait for a quiet machine, each time. */
  readonly patience: number
  /** Measures on a loaded machine too. */
  readonly force: boolean
  /** The Python whose libraries are measured too. */
  readonly python?: string
  readonly say: (line: string) => void
  /** Ends the measurement, and the process that is at it. */
  readonly signal: AbortSignal
}

/**
 * Measures this machine, part after part, each in a process of its own.
 * @throws CommandError (`noisy`, exit status 2) when other processes load the machine, and (130) when stopped.
 */
export async function measureSpeed({
  effort,
  patience,
  force,
  python,
  say,
  signal,
}: SpeedOptions): Promise<SpeedReport> {
  const loads: number[] = []
  const measure = async <P extends SpeedPart>(part: P): Promise<PartResults[P]> => {
    if (!force) {
      await waitForQuiet({
        patience,
        onWait: (load) => {
          throwIfStopped(signal)
          say(`waiting: other processes keep ${load.toFixed(2)} cores busy`)
        },
      })
    }
    say(`measuring ${part}`)
    const before = readCpu()
    const { result, cpuMs } = await runPart(part, effort, signal)
    loads.push(otherLoad(before, readCpu(), cpuMs))
    return result
  }

  const rounds = await repeat(effort.processes, async () => {
    const update = await measure('update')
    if (python === undefined) return { update, peers: {} }
    say(`measuring the libraries of ${python}`)
    return { update, peers: await measurePeers(python, effort, signal) }
  })
  const one = rounds.map(({ update }) => update)
  const probe = await spinProbe()
  const two = probe < twoRealCores ? undefined : await repeat(effort.processes, () => measure('update2'))
  const acts = await repeat(effort.processes, () => measure('acting'))
  const env = await measure('envs')
  const endToEnd = await measure('endToEnd')
  const rng = await measure('rng')
  const load = median(loads)
  if (!force && load > allowedLoad) throw noisy(load)
  const threads1 = summarise(one)
  const compileMs = median(one.map((process) => process.compileMs))
  return {
    machine: describeMachine(),
    node: process.version,
    runtime: `onnxruntime-node ${await runtimeVersion()}, cpu`,
    sacUpdate: {
      threads1,
      threads2:
        two === undefined ? null : { ...summarise(two), speedup: median(two.map(({ speedup }) => speedup)) },
      ...(two === undefined
        ? { threads2Reason: `two spinning threads got ${probe.toFixed(2)} cores, less than ${twoRealCores}` }
        : {}),
      spinProbe: probe,
    },
    act: summariseActing(acts),
    env,
    endToEnd,
    compileMs,
    compileUpdates: compileMs / threads1.ms,
    rng,
    rssMb: median(one.map(({ rssMb }) => rssMb)),
    ...(python === undefined ? {} : { peers: summarisePeers(rounds) }),
    otherLoad: load,
  }
}

/** Medians over processes: where the system puts a process's memory moves the time between updates by half. */
function summariseActing(acts: readonly ActingSpeed[]): ActingSpeed {
  return {
    us: median(acts.map(({ us }) => us)),
    usBetweenUpdates: median(acts.map(({ usBetweenUpdates }) => usBetweenUpdates)),
    fractionOfUpdate: median(acts.map(({ fractionOfUpdate }) => fractionOfUpdate)),
    fractionOfUpdateBetween: median(acts.map(({ fractionOfUpdateBetween }) => fractionOfUpdateBetween)),
  }
}

/** Medians over rounds, in each of which the peers ran right after the update here. */
function summarisePeers(
  rounds: readonly { readonly update: UpdateSpeed; readonly peers: PeerSpeeds }[],
): NonNullable<SpeedReport['peers']> {
  const summarisePeer = (name: string): PeerSpeed & { readonly speedup: number } => {
    const ms = median(rounds.map(({ peers }) => peers[name].ms))
    const speedup = median(rounds.map(({ update, peers }) => peers[name].ms / update.ms))
    return { version: rounds[0].peers[name].version, ms, updatesPerSecond: 1000 / ms, speedup }
  }
  return Object.fromEntries(Object.keys(rounds[0].peers).map((name) => [name, summarisePeer(name)]))
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let i = 0; i < times; i++) results.push(await work())
  return results
}

function summarise(processes: readonly UpdateSpeed[]): ThreadsSpeed {
  const ms = median(processes.map((process) => process.ms))
  return {
    ms,
    updatesPerSecond: 1000 / ms,
    matmulLimitMs: median(processes.map(({ matmulLimitMs }) => matmulLimitMs)),
    fractionOfLimit: median(processes.map(({ fractionOfLimit }) => fractionOfLimit)),
  }
}
