import {
  mapTree,
  type AlgorithmSpec,
  type AnyAlgorithm,
  type NoiseSpec,
  type TensorSpec,
  type Tree,
} from '@maxent/core'
import { key } from '@maxent/core/keys'
import { matmulLimit } from '@maxent/jit/limit'
import { createAgent, memoryStore, train, type Agent } from '@maxent/train'
import { makeEnv } from '@maxent/envs'
import { quietTfjs } from '../quietTfjs.ts'
import { algorithms } from '../registry/algorithms.ts'
import { makeExperienceEnv } from '../run/experienceEnv.ts'
import { alternate, median, pairedRatio } from './blocks.ts'
import type { Effort } from './effort.ts'
import { inFreshProcess } from './partProcess.ts'
import { measurePeers, summarisePeer, type PeerRatio, type PeerRound, type PeerWork } from './peers.ts'
import { normals } from './sacProgram.ts'

/** How fast one algorithm learns at its defaults, on one thread, with HalfCheetah's sizes. */
export interface AlgorithmSpeed {
  readonly algo: string
  /** Milliseconds per gradient step, over a whole round of its schedule. */
  readonly updateMs: number
  /** Of the matrix products in it. */
  readonly fractionOfLimit: number
  /** Of an algorithm that learns from rollouts: environment steps per second of HalfCheetah, learning included. */
  readonly stepsPerSecond?: number
}

/** The same with the peer's time for the work that is compared: a gradient step, or an environment step where there are rollouts. */
export interface ComparedAlgorithm extends AlgorithmSpeed {
  readonly sb3?: PeerRatio & { readonly version: string }
}

/** The work of Stable-Baselines3 that an algorithm is compared with. */
const peerWork: Readonly<Record<string, PeerWork>> = { sac: 'update', td3: 'td3', ddpg: 'ddpg', ppo: 'ppo' }

const halfCheetah: AlgorithmSpec = {
  observation: { proprio: 17 },
  action: { low: Array<number>(6).fill(-1), high: Array<number>(6).fill(1) },
}

/**
 * Times every algorithm of the registry that acts in a box, each in a process of its own; where a Python is given, in rounds that alternate
 * with Stable-Baselines3.
 * @throws CommandError when one cannot be measured, and (exit status 130) when the signal is raised.
 */
export async function measureEveryAlgorithm(options: {
  readonly effort: Effort
  readonly ids?: readonly string[]
  readonly python?: string
  readonly say?: (line: string) => void
  readonly signal: AbortSignal
}): Promise<ComparedAlgorithm[]> {
  const { effort, python, say, signal } = options
  const { ids = Object.keys(algorithms).filter((id) => algorithms[id].actions !== 'choices') } = options
  const rows: ComparedAlgorithm[] = []
  for (const algo of ids) {
    say?.(`measuring ${algo}`)
    const rounds: { readonly own: AlgorithmSpeed; readonly round: PeerRound }[] = []
    const work = python === undefined ? undefined : peerWork[algo]
    for (let i = 0; i < (work === undefined ? 1 : effort.processes); i++) {
      const own = await inFreshProcess<AlgorithmSpeed>(
        algo,
        ['speed-algo', algo, JSON.stringify(effort)],
        signal,
      )
      const request = { work: work ?? 'update', blocks: effort.blocks, repetitions: effort.updates }
      const peers =
        python === undefined || work === undefined ? {} : await measurePeers(python, request, signal)
      rounds.push({ own, round: { ms: msOf(own), peers } })
    }
    const peers = summarisePeer(rounds.map(({ round }) => round))
    rows.push({ ...middle(rounds.map(({ own }) => own)), ...('sb3' in peers ? { sb3: peers.sb3 } : {}) })
  }
  return rows
}

/** What is compared with a peer, in milliseconds. */
const msOf = ({ updateMs, stepsPerSecond }: AlgorithmSpeed): number =>
  stepsPerSecond === undefined ? updateMs : 1000 / stepsPerSecond

/** The medians over processes. */
function middle(runs: readonly AlgorithmSpeed[]): AlgorithmSpeed {
  const [{ algo, stepsPerSecond }] = runs
  return {
    algo,
    updateMs: median(runs.map(({ updateMs }) => updateMs)),
    fractionOfLimit: median(runs.map(({ fractionOfLimit }) => fractionOfLimit)),
    ...(stepsPerSecond === undefined
      ? {}
      : { stepsPerSecond: median(runs.map((run) => run.stepsPerSecond ?? NaN)) }),
  }
}

/** Times one algorithm, in this process: blocks of rounds of its schedule, and of the matrix products in them, in turn. */
export async function measureAlgorithm(algo: string, { blocks, updates }: Effort): Promise<AlgorithmSpeed> {
  quietTfjs()
  const algorithm = algorithms[algo].make(halfCheetah, {})
  const agent = await createAgent({ algorithm, key: key(1) })
  const round = await roundOf(agent)
  const runs = Math.max(1, Math.round(updates / round.steps))
  const times = await alternate(
    { update: { runs, run: round.update }, limit: { runs, run: round.limit } },
    blocks,
  )
  await agent.dispose()
  return {
    algo,
    updateMs: median(times.update) / round.steps,
    fractionOfLimit: pairedRatio(times.limit, times.update),
    ...(algorithm.experience?.kind === 'rollouts' && { stepsPerSecond: await learn(algorithm, blocks) }),
  }
}

/** One round of a schedule, as work that can be repeated. */
interface Round {
  /** Gradient steps in it. */
  readonly steps: number
  readonly update: (count: number) => Promise<void>
  /** The matrix products of the same steps. */
  readonly limit: (count: number) => Promise<void>
}

async function roundOf({ algorithm, program }: Agent): Promise<Round> {
  const { schedule, batch, noise } = algorithm
  const names = schedule?.map((step) => `update:${schedule.indexOf(step)}`) ?? ['update']
  const noises = mapTree(noise.update, ({ shape }: NoiseSpec): TensorSpec => ({ shape }))
  const data = normals([batch, noises] as Tree<TensorSpec>, 0)
  const limits = Object.fromEntries(
    await Promise.all(
      [...new Set(names)].map(async (name) => [name, await matmulLimit(program, name)] as const),
    ),
  )
  return {
    steps: names.length,
    update: async (count) => {
      for (let i = 0; i < count; i++)
        for (const name of names) await program.call(name, data, { fetch: 'none' })
    },
    limit: async (count) => {
      for (let i = 0; i < count; i++) for (const name of names) await limits[name].run()
    },
  }
}

/** Environment steps per second of HalfCheetah, for as many rollouts as there are blocks. */
async function learn(algorithm: AnyAlgorithm, rollouts: number): Promise<number> {
  if (algorithm.experience?.kind !== 'rollouts') return NaN
  const { environments, length } = algorithm.experience
  const env = await makeExperienceEnv(() => makeEnv('half-cheetah'), algorithm)
  const evalEnv = await makeEnv('half-cheetah')
  try {
    const { stepsPerSecond } = await train({
      env,
      evalEnv,
      algorithm,
      config: {
        steps: environments * length * rollouts,
        warmupSteps: 0,
        evaluateEvery: 0,
        finalEpisodes: 0,
        checkpointEvery: 0,
      },
      seed: 1,
      store: memoryStore(),
    })
    return stepsPerSecond
  } finally {
    env.close()
    evalEnv.close()
  }
}

/** The rows of the table. */
export function everyAlgorithmRows(rows: readonly ComparedAlgorithm[]): string[][] {
  return [
    ['ALGORITHM', 'MS PER GRADIENT STEP', 'OF THE LIMIT', 'STEPS/S', 'X STABLE-BASELINES3'],
    ...rows.map(({ algo, updateMs, fractionOfLimit, stepsPerSecond, sb3 }) => [
      algo,
      updateMs.toFixed(2),
      fractionOfLimit.toFixed(2),
      stepsPerSecond?.toFixed(0) ?? '',
      sb3 === undefined
        ? ''
        : `${sb3.ratio.toFixed(2)} (${sb3.low.toFixed(2)} to ${sb3.high.toFixed(2)}), ${stepsPerSecond === undefined ? 'gradient steps' : 'environment steps'}`,
    ]),
  ]
}
