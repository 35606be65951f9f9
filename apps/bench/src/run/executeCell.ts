import { execFile } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { key } from '@maxent/core/keys'
import { envId, makeEnv } from '@maxent/envs'
import { runtimeVersion } from '@maxent/jit'
import {
  createAgent,
  evaluate,
  meanAndStd,
  NonFiniteError,
  type EvalLine,
  type RunRecord,
  type TrainConfig,
} from '@maxent/train'
import { readRun, writeWholeFile } from '@maxent/train/node'
import { CommandError, interruption } from '../errors.ts'
import type { Recording } from '../film/index.ts'
import { invocation } from '../invocation.ts'
import { describeMachine } from '../machine.ts'
import type { Standing } from '../terminal/progress.ts'
import type { ComputeArm, TrainArm, UniformArm } from '../suites/suite.ts'
import { uniformPolicy, zeroPolicy } from './baseline.ts'
import type { CellData, CellResult, Curve } from './cellResult.ts'
import type { Cell } from './grid.ts'
import { makeEnvFor } from './makeEnvFor.ts'
import { recordEpisode } from './recordEpisode.ts'
import { thinned } from './curves.ts'
import { cellFolder, writeCell } from './results.ts'
import { resolveRun, trainInFolder } from './training.ts'
import { trainPeer } from './trainPeer.ts'

/** How a cell is run. */
export interface CellRequest {
  /** The results folder. */
  readonly out: string
  readonly threads: number
  /** The Python that peers run in. */
  readonly python: string
  readonly signal: AbortSignal
  readonly onProgress: (standing: Standing) => void
  readonly onNotice: (message: string) => void
}

/** What running an arm gives, beside what is known before. */
type Outcome = Partial<CellData> & Partial<Pick<CellResult, 'wallSeconds' | 'damagedLines' | 'runtime'>>

/**
 * Runs a cell, or takes it up where it was left, and writes its file; the folder it worked in is then deleted.
 * @throws CommandError when the signal ends it early: the folder then holds what it needs to go on.
 */
export async function executeCell(cell: Cell, request: CellRequest): Promise<void> {
  const folder = cellFolder(request.out, cell)
  await mkdir(folder, { recursive: true })
  const startedAt = await firstStart(folder)
  const since = performance.now()
  const { runtime, wallSeconds, damagedLines, ...data } = await runArm(cell, { ...request, folder }).catch(
    (error: unknown) => {
      // What a computation throws when it is asked to stop is no failure.
      if (!request.signal.aborted || error instanceof CommandError) throw error
      throw interruption(`Stopped, all kept in ${folder}`)
    },
  )
  const { suite, arm, seed, identity, settings, revision } = cell
  await writeCell(request.out, cell, {
    format: 1,
    suite,
    arm: arm.id,
    seed,
    identity,
    settings: settings,
    revision,
    commit: await commitOfTree(),
    machine: describeMachine(),
    runtime: runtime ?? `Node ${process.version}, onnxruntime-node ${await runtimeVersion()}, cpu`,
    startedAt,
    wallSeconds: wallSeconds ?? (performance.now() - since) / 1000,
    damagedLines: damagedLines ?? 0,
    curves: {},
    scalars: {},
    samples: {},
    recordings: {},
    ...data,
  })
  await rm(folder, { recursive: true, force: true })
}

/** A request with the folder that the cell works in. */
interface ArmRequest extends CellRequest {
  readonly folder: string
}

function runArm({ arm, seed }: Cell, request: ArmRequest): Promise<Outcome> {
  switch (arm.kind) {
    case 'train':
      return runTrainArm(arm, seed, request)
    case 'uniform':
      return runUniformArm(arm, seed)
    case 'compute':
      return runComputeArm(arm, seed, request)
    case 'peer':
      return trainPeer(arm, seed, request)
  }
}

async function runTrainArm(arm: TrainArm, seed: number, request: ArmRequest): Promise<Outcome> {
  const { folder, threads, signal, onProgress, onNotice } = request
  const run = resolveRun({ env: arm.env, algo: arm.algorithm }, arm)
  const finished = await trainInFolder(run, {
    seed,
    threads,
    folder: join(folder, 'run'),
    resumeCommand: `${invocation} run ... --resume`,
    signal,
    onProgress,
    onNotice,
  }).catch((error: unknown) => {
    if (arm.mayDiverge === true && error instanceof NonFiniteError) return undefined
    throw error
  })
  const record = await readRun(join(folder, 'run'))
  for (const { file, line, reason } of record.damaged) onNotice(`${file}, line ${line}: skipped, ${reason}`)
  if (finished === undefined) return runDiverged(arm, seed, { record, trainConfig: run.trainConfig })
  const { algorithm, state, summary } = finished
  const recordings: Record<string, Recording> = {}
  if (arm.filmSteps !== undefined && seed === 1) {
    const env = await makeEnvFor(run.entry, run.id, run.episodeSteps)
    const agent = await createAgent({ algorithm, key: key(seed), state })
    try {
      const policy = agent.actDeterministic
      recordings.final = await recordEpisode({ env, policy, seed, steps: arm.filmSteps })
    } finally {
      await agent.dispose()
      env.close()
    }
  }
  const { evalReturnMean, evalReturnStd, evalEpisodes, wallSeconds, stepsPerSecond } = summary
  const found = await arm.probe?.run({ algorithm, state, config: run.config, seed })
  return {
    wallSeconds,
    damagedLines: record.damaged.length,
    curves: curvesOf(record),
    scalars: {
      stepsPerSecond,
      updates: record.metrics.at(-1)?.updates ?? 0,
      ...(evalEpisodes > 0 ? { return: evalReturnMean, returnStd: evalReturnStd } : {}),
      ...found?.scalars,
    },
    samples: {
      ...(evalEpisodes > 0 ? { returns: [...(record.evaluations.at(-1)?.returns ?? [])] } : {}),
      ...found?.samples,
    },
    recordings: { ...recordings, ...found?.recordings },
  }
}

/** A run whose numbers stopped being finite after step `divergedAt`: it acts no more, and evaluations from there on are of actions of zero. */
async function runDiverged(
  { id, label, env }: TrainArm,
  seed: number,
  { record, trainConfig }: { readonly record: RunRecord; readonly trainConfig: TrainConfig },
): Promise<Outcome> {
  const { steps, evaluateEvery, finalEpisodes } = trainConfig
  const { metrics, evaluations, damaged } = record
  const idle = { kind: 'uniform', actions: 'zero', id, label, env, episodes: finalEpisodes } as const
  const { scalars = {}, samples = {} } = await runUniformArm(idle, seed)
  const last = evaluations.at(-1)?.step ?? 0
  const after = Array.from({ length: Math.ceil((steps - last) / evaluateEvery) }, (_, i) => ({
    step: Math.min(last + (i + 1) * evaluateEvery, steps),
    returnMean: scalars.return,
  }))
  return {
    damagedLines: damaged.length,
    curves: curvesOf({ metrics, evaluations: [...evaluations, ...after] }),
    scalars: { ...scalars, divergedAt: metrics.at(-1)?.step ?? 0 },
    samples,
  }
}

/** The curves of a run record: evaluations, episodes while learning, and the algorithm's metrics, to six digits and of at most 1,000 points. */
export function curvesOf({
  metrics,
  evaluations,
}: Pick<RunRecord, 'metrics'> & {
  readonly evaluations: readonly Pick<EvalLine, 'step' | 'returnMean'>[]
}): CellData['curves'] {
  const curves: Record<string, { steps: number[]; values: number[] }> = {}
  const add = (name: string, step: number, value: number): void => {
    const curve = (curves[name] ??= { steps: [], values: [] })
    curve.steps.push(step)
    curve.values.push(value)
  }
  for (const { step, returnMean } of evaluations) add('return', step, returnMean)
  for (const line of metrics) {
    if (line.episodeReturn !== null) add('episodeReturn', line.step, line.episodeReturn)
    for (const [name, value] of Object.entries(line.metrics)) add(name, line.step, value)
  }
  return Object.fromEntries(
    Object.entries(curves).map(([name, curve]): [string, Curve] => {
      const { steps, values } = thinned(curve)
      return [name, { steps, values: values.map(sixDigits) }]
    }),
  )
}

const sixDigits = (value: number): number => Number(value.toPrecision(6))

async function runUniformArm(arm: UniformArm, seed: number): Promise<Outcome> {
  const { env: id, actions, episodes, filmSteps } = arm
  const env = await makeEnv(envId(id))
  const policy = actions === 'zero' ? zeroPolicy(env.spec.action) : uniformPolicy(env.spec.action, seed)
  try {
    const { returns } = await evaluate({ env, act: policy, episodes, seed })
    const { mean, std } = meanAndStd(returns)
    const film = filmSteps !== undefined && seed === 1
    return {
      scalars: { return: mean, returnStd: std },
      samples: { returns: [...returns] },
      recordings: film ? { final: await recordEpisode({ env, policy, seed, steps: filmSteps }) } : {},
    }
  } finally {
    env.close()
  }
}

async function runComputeArm(arm: ComputeArm, seed: number, request: ArmRequest): Promise<Outcome> {
  const { folder, signal, onProgress, onNotice } = request
  const since = performance.now()
  return arm.compute({
    settings: arm.settings,
    seed,
    folder,
    signal,
    onProgress: (step, steps) => {
      const stepsPerSecond = (step * 1000) / (performance.now() - since)
      // A cell that is not counted in environment steps goes from 0 to 1.
      onProgress({ step: step / steps, stepsPerSecond: stepsPerSecond / steps })
    },
    onNotice,
  })
}

/** When the cell was begun, over all sittings. */
async function firstStart(folder: string): Promise<string> {
  const path = join(folder, 'startedAt')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    const now = new Date().toISOString()
    await writeWholeFile(path, `${now}\n`)
    return now
  }
}

const git = promisify(execFile)

/** The commit that the working tree is at, with `+` where sources hold changes; `unknown` outside a repository. */
async function commitOfTree(): Promise<string> {
  const cwd = fileURLToPath(new URL('../../../../', import.meta.url))
  try {
    const { stdout: commit } = await git('git', ['rev-parse', '--short=12', 'HEAD'], { cwd })
    const sources = ['packages', 'apps/bench/src', 'apps/bench/peers']
    const { stdout: changes } = await git('git', ['status', '--porcelain', '--', ...sources], { cwd })
    return `${commit.trim()}${changes === '' ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}
