import { runtimeVersion } from '@maxent/jit'
import { describeMachine, type Machine } from '../machine.ts'
import type { ActingSpeed, ActTimes } from './acting.ts'
import { median } from './blocks.ts'
import type { Effort } from './effort.ts'
import type { EndToEndSpeed } from './endToEnd.ts'
import type { EnvSpeed } from './envs.ts'
import { allowedLoad, noisy, otherLoad, readCpu, waitForQuiet } from './load.ts'
import type { PartResults, SpeedPart } from './speedParts.ts'
import {
  measurePeers,
  missingPeers,
  summarisePeers,
  type PeerReport,
  type PeerRequest,
  type PeerTimes,
} from './peers.ts'
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
  /** The Python libraries that are installed, where asked for, with the ratios of their times to those here. */
  readonly peers?: Readonly<Record<string, PeerReport>>
  /** Which of them were not there, a sentence each. */
  readonly missingPeers?: readonly string[]
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

  /** A part here and, where a Python was named, the same work in its libraries right after it. */
  const measureBeside = async <P extends SpeedPart>(
    part: P,
    request: PeerRequest,
  ): Promise<{ readonly own: PartResults[P]; readonly peers: PeerTimes }> => {
    const own = await measure(part)
    if (python === undefined) return { own, peers: {} }
    say(`measuring ${request.work} with the libraries of ${python}`)
    return { own, peers: await measurePeers(python, request, signal) }
  }
  const { blocks, processes } = effort
  const updates = await repeat(processes, () =>
    measureBeside('update', { work: 'update', blocks, repetitions: effort.updates }),
  )
  const one = updates.map(({ own }) => own)
  const probe = await spinProbe()
  const two = probe < twoRealCores ? undefined : await repeat(effort.processes, () => measure('update2'))
  const acts = await repeat(effort.processes, () => measure('acting'))
  // Ratios to peers have a spread only where there are several rounds.
  const times = python === undefined ? 1 : processes
  const envs = await repeat(times, () => measureBeside('envs', { work: 'env', blocks, repetitions: 1_000 }))
  const ends = await repeat(processes, () =>
    measureBeside('endToEnd', { work: 'endToEnd', blocks, repetitions: effort.steps }),
  )
  const rng = await measure('rng')
  const load = median(loads)
  if (!force && load > allowedLoad) throw noisy(load)
  const threads1 = summarise(one)
  const peers =
    python === undefined
      ? undefined
      : summarisePeers({
          update: updates.map(({ own, peers: found }) => ({ ms: own.ms, peers: found })),
          endToEnd: ends.map(({ own, peers: found }) => ({ ms: cheetahMs(own), peers: found })),
          env: envs.map(({ own, peers: found }) => ({ ms: cheetahMs(own), peers: found })),
        })
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
    env: middle(envs.map(({ own }) => own)),
    endToEnd: summariseEnds(ends.map(({ own }) => own)),
    compileMs,
    compileUpdates: compileMs / threads1.ms,
    rng,
    rssMb: median(one.map(({ rssMb }) => rssMb)),
    ...(peers === undefined ? {} : { peers, missingPeers: missingPeers(peers) }),
    otherLoad: load,
  }
}

/** Medians over processes: where the system puts a process's memory moves the time between updates by half. */
function summariseActing(acts: readonly ActingSpeed[]): ActingSpeed {
  return { ...medianTimes(acts), loaded: medianTimes(acts.map(({ loaded }) => loaded)) }
}

function medianTimes(acts: readonly ActTimes[]): ActTimes {
  return {
    us: median(acts.map(({ us }) => us)),
    usBetweenUpdates: median(acts.map(({ usBetweenUpdates }) => usBetweenUpdates)),
    fractionOfUpdate: median(acts.map(({ fractionOfUpdate }) => fractionOfUpdate)),
    fractionOfUpdateBetween: median(acts.map(({ fractionOfUpdateBetween }) => fractionOfUpdateBetween)),
  }
}

/** Medians over processes: in one of them the ratio is off by some hundredths, either way. */
function summariseEnds(ends: readonly EndToEndSpeed[]): EndToEndSpeed {
  const cheetahs = ends.map((end) => end['half-cheetah'])
  return {
    'half-cheetah': {
      stepsPerSecond: median(cheetahs.map(({ stepsPerSecond }) => stepsPerSecond)),
      ratioToUpdateRate: median(cheetahs.map(({ ratioToUpdateRate }) => ratioToUpdateRate)),
    },
  }
}

/** Milliseconds of a step of HalfCheetah. */
function cheetahMs({ 'half-cheetah': { stepsPerSecond } }: EnvSpeed | EndToEndSpeed): number {
  return 1000 / stepsPerSecond
}

/** The result in the middle by its steps of HalfCheetah per second. */
function middle(results: readonly EnvSpeed[]): EnvSpeed {
  return [...results].sort((a, b) => cheetahMs(a) - cheetahMs(b))[results.length >> 1]
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
