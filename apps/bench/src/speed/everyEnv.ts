import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { uniformAction } from '@maxent/core'
import type { Env } from '@maxent/core/contracts'
import { foldIn, key } from '@maxent/core/keys'
import type { EnvId, EnvInfo } from '@maxent/envs'
import { listEnvs, makeEnv } from '@maxent/envs'
import { createBareLoop, type BareLoop } from '@maxent/envs/diagnostics'
import { thousands } from '../report/numbers.ts'
import { median, pairedRatio } from './blocks.ts'
import { inFreshProcess } from './partProcess.ts'

/** How fast one environment steps, per second of CPU time. */
export interface EveryEnvSpeed {
  readonly id: EnvId
  readonly stepsPerSecond: number
  /** Against a bare loop of its `mj_step` calls; absent where there is no MuJoCo. */
  readonly ratioToBareLoop?: number
  /** Of the same task in Gymnasium, where a Python with it was given. */
  readonly gymnasiumStepsPerSecond?: number
}

const SEED = 1
/** An episode is followed for so many steps at most, or to its end: the bare loop has none. */
const MOST_STEPS = 200
/** A block lasts so many milliseconds at least. */
const BLOCK_MS = 30
/** For so many milliseconds nothing is timed: by then the engine has compiled what runs often, in threads whose time counts as ours. */
const WARM_UP_MS = 1000
const script = fileURLToPath(new URL('../../peers/gymnasiumSpeed.py', import.meta.url))
const run = promisify(execFile)

/**
 * Times every environment and, in blocks that alternate with it, the bare physics through the same states. Resets are not timed. Each
 * runs in processes of its own, as in training: what the engine compiled for another environment would slow this one down.
 *
 * @param python A Python with Gymnasium, to time the tasks that it has too.
 * @throws CommandError when an environment cannot be measured, and (exit status 130) when the signal is raised.
 */
export async function measureEveryEnv(options: {
  readonly blocks: number
  /** Processes behind each figure, one after another. */
  readonly processes: number
  readonly ids?: readonly EnvId[]
  readonly python?: string
  readonly say?: (line: string) => void
  readonly signal: AbortSignal
}): Promise<EveryEnvSpeed[]> {
  const { blocks, processes, ids, python, say, signal } = options
  const infos = listEnvs().filter(({ id }) => ids === undefined || ids.includes(id))
  const rows: EveryEnvSpeed[] = []
  for (const { id } of infos) {
    say?.(`measuring ${id}`)
    const measured: EveryEnvSpeed[] = []
    for (let i = 0; i < processes; i++)
      measured.push(await inFreshProcess<EveryEnvSpeed>(id, ['speed-env', id, `${blocks}`], signal))
    rows.push(medianOf(id, measured))
  }
  if (python === undefined) return rows
  say?.(`measuring Gymnasium`)
  const tasks = Object.fromEntries(infos.flatMap((info) => gymnasiumName(info)))
  const { stdout } = await run(python, [script, JSON.stringify(tasks), String(blocks)])
  const rates = JSON.parse(stdout) as Readonly<Record<string, number>>
  return rows.map((row) => (row.id in rates ? { ...row, gymnasiumStepsPerSecond: rates[row.id] } : row))
}

/** The figures of several processes as one: where memory and code come to lie changes both by some hundredths. */
function medianOf(id: EnvId, measured: readonly EveryEnvSpeed[]): EveryEnvSpeed {
  const ratios = measured.flatMap(({ ratioToBareLoop }) => ratioToBareLoop ?? [])
  return {
    id,
    stepsPerSecond: median(measured.map(({ stepsPerSecond }) => stepsPerSecond)),
    ...(ratios.length === 0 ? {} : { ratioToBareLoop: median(ratios) }),
  }
}

/** Its name in Gymnasium, where body and task are both Gymnasium's. */
function gymnasiumName({ id, bodySource, rewardSource }: EnvInfo): [EnvId, string][] {
  const name = /^Gymnasium (\w+-v\d)$/.exec(rewardSource)?.[1]
  const same = bodySource === undefined || bodySource === rewardSource
  return name !== undefined && same ? [[id, name]] : []
}

/** Times one environment, in this process. */
export async function measureEnv(id: EnvId, blocks: number): Promise<EveryEnvSpeed> {
  const env = await makeEnv(id, { maxEpisodeSteps: MOST_STEPS })
  const physical = listEnvs().some((info) => info.id === id && info.bodySource !== undefined)
  const bare = physical ? await createBareLoop(id) : undefined
  try {
    env.reset({ seed: SEED })
    const start = env.snapshot()
    const actions = episodeActions(env)
    const stepEnv = (): void => {
      for (let i = 0; i < actions.length; i++) env.step(actions[i])
    }
    const timeEnv = (rounds: number): number => time(() => env.restore(start), stepEnv, rounds)
    const timeBare = ({ restore, run: steps }: BareLoop, rounds: number): number =>
      time(
        () => restore(start),
        () => steps(actions),
        rounds,
      )
    const warm = performance.now() + WARM_UP_MS
    let one: number
    do {
      one = timeEnv(3)
      if (bare !== undefined) timeBare(bare, 3)
    } while (performance.now() < warm)
    const rounds = Math.max(1, Math.ceil(BLOCK_MS / one))
    const own: number[] = []
    const physics: number[] = []
    for (let block = 0; block < blocks; block++) {
      own.push(timeEnv(rounds) / actions.length)
      if (bare !== undefined) physics.push(timeBare(bare, rounds) / actions.length)
    }
    return {
      id,
      stepsPerSecond: 1000 / median(own),
      ...(bare === undefined ? {} : { ratioToBareLoop: pairedRatio(physics, own) }),
    }
  } finally {
    bare?.close()
    env.close()
  }
}

/** CPU milliseconds of this process, which other processes hardly change, for some rounds of work without what is done before each. */
function time(before: () => void, work: () => void, rounds: number): number {
  let total = 0
  for (let round = 0; round < rounds; round++) {
    before()
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    total += (user + system) / 1000
  }
  return total / rounds
}

/** Uniform actions from where the environment stands up to the end of the episode, which they bring about. */
function episodeActions(env: Env): Float32Array[] {
  const { action: box } = env.spec
  const actions: Float32Array[] = []
  for (;;) {
    const action = uniformAction(foldIn(key(SEED), actions.length), box, new Float32Array(box.low.length))
    actions.push(action)
    const { terminated, truncated } = env.step(action)
    if (terminated || truncated) return actions
  }
}

/** Least share of the bare loop's rate that an environment must have. */
const leastRatio = 0.9

/** The environments that are slower than they may be, in words. */
export const tooSlow = (rows: readonly EveryEnvSpeed[]): string[] =>
  rows.flatMap(({ id, ratioToBareLoop }) =>
    ratioToBareLoop !== undefined && ratioToBareLoop < leastRatio
      ? [`${id} at ${ratioToBareLoop.toFixed(3)} of its bare loop`]
      : [],
  )

/** The rates as rows of text. */
export function everyEnvRows(rows: readonly EveryEnvSpeed[]): string[][] {
  return [
    ['ENVIRONMENT', 'STEPS/S', 'OF BARE MJ_STEP', 'OF GYMNASIUM'],
    ...rows.map(({ id, stepsPerSecond, ratioToBareLoop, gymnasiumStepsPerSecond }) => [
      id,
      thousands(stepsPerSecond),
      ratioToBareLoop?.toFixed(3) ?? '',
      gymnasiumStepsPerSecond === undefined ? '' : (stepsPerSecond / gymnasiumStepsPerSecond).toFixed(2),
    ]),
  ]
}
