import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveConfig, type AnyAlgorithm, type Env } from '@maxent/core'
import { envId, type EnvId } from '@maxent/envs'
import { resolveTrainConfig, train, type TrainConfig, type TrainResult } from '@maxent/train'
import { openRunFolder } from '@maxent/train/node'
import { blamingTheCommand, interruption, usageError } from '../errors.ts'
import { lookUp } from '../names.ts'
import { quietTfjs } from '../quietTfjs.ts'
import { algorithms, type AlgorithmEntry, type AlgorithmPreset } from '../registry/algorithms.ts'
import type { Standing } from '../terminal/progress.ts'
import { makeExperienceEnv } from './experienceEnv.ts'
import { makeEnvFor } from './makeEnvFor.ts'
import { readPretrained, startFromRun, type LearnedBefore } from './pretrained.ts'
import { readSettings } from './settings.ts'
import type { RunSummary } from './summary.ts'

/** A run as the command line asks for it. */
export interface TrainingRequest {
  readonly env: string
  readonly algo: string
  readonly seed: number
  readonly threads: number
  /** Environments that experience comes from at a time; one, or as many as the algorithm says, when absent. */
  readonly environments?: number
  /** What `--set` pairs stand over. */
  readonly preset?: AlgorithmPreset
  /** `--set` pairs. */
  readonly settings: readonly string[]
  /** The folder of a run whose learned networks this one starts with. */
  readonly startFrom?: string
  /** Stands over `--set train.*`. */
  readonly train: Partial<TrainConfig>
  readonly folder: string
  /** Whether the folder must hold no run, must hold one to take up, or may do either. */
  readonly start: 'new' | 'resume' | 'either'
  /** The command that takes an interrupted run up, for messages. */
  readonly resumeCommand: string
  readonly signal: AbortSignal
  readonly onProgress: (standing: Standing) => void
  /** `advice` names the metric where an algorithm advises. */
  readonly onNotice: (message: string, advice?: string) => void
}

/** A finished run. */
export interface FinishedTraining {
  readonly summary: RunSummary
  readonly algorithm: AnyAlgorithm
  readonly state: TrainResult['state']
}

/** A run with every setting filled in. */
export interface ResolvedRun {
  readonly id: EnvId
  readonly algo: string
  readonly entry: AlgorithmEntry
  readonly config: Readonly<Record<string, unknown>>
  readonly trainConfig: TrainConfig
  /** After so many steps episodes end, where those of the environment are longer. */
  readonly episodeSteps?: number
}

/**
 * Fills in the defaults of the algorithm and of the loop.
 * @throws RangeError or TypeError that names an unknown environment, algorithm or field, or a value that breaks its rule.
 */
export function resolveRun(
  names: Pick<TrainingRequest, 'env' | 'algo'>,
  given: {
    readonly config: Readonly<Record<string, unknown>>
    readonly train: Partial<TrainConfig>
    readonly episodeSteps?: number | undefined
  },
): ResolvedRun {
  const id = envId(names.env)
  const entry = lookUp(algorithms, { caller: 'train', kind: 'algorithm', name: names.algo })
  const config = resolveConfig(entry.rules, given.config)
  const { episodeSteps } = given
  return {
    id,
    algo: names.algo,
    entry,
    config,
    trainConfig: resolveTrainConfig(given.train),
    ...(episodeSteps !== undefined && { episodeSteps }),
  }
}

/** Checks all that a request names, before anything is made of it. */
function resolveRequest({ env, algo, preset, settings, train: overrides }: TrainingRequest): ResolvedRun {
  const entry = lookUp(algorithms, { caller: 'train', kind: 'algorithm', name: algo })
  const given = readSettings(entry, settings)
  const twice = Object.keys(overrides).find((field) => Object.hasOwn(given.train, field))
  if (twice !== undefined)
    throw new RangeError(
      `train: ${twice} must be given by its own option, got --set train.${twice}, use --help to see the options`,
    )
  return resolveRun(
    { env, algo },
    {
      config: { ...preset?.config, ...given.algorithm },
      train: { ...preset?.loop, ...given.train, ...overrides },
    },
  )
}

async function checkFolder({ start, folder }: TrainingRequest): Promise<void> {
  if (start === 'either') return
  const found = await exists(join(folder, 'config.json'))
  if (start === 'new' && found) {
    throw usageError(
      `train: --out must be a new folder, got a run in ${folder}, pass --resume to take it up or name another folder`,
    )
  }
  if (start === 'resume' && !found) {
    throw usageError(
      `train: --resume must be given with the folder of a run as --out, got no run in ${folder}, leave it out to start one`,
    )
  }
}

/**
 * Trains an algorithm on an environment, recorded in a folder.
 * @throws CommandError for a request that cannot be met, and when the signal ends the run early.
 */
export async function runTraining(request: TrainingRequest): Promise<FinishedTraining> {
  const run = await blamingTheCommand(() => resolveRequest(request))
  await checkFolder(request)
  const { startFrom: other } = request
  const before = await blamingTheCommand(() => (other === undefined ? undefined : readPretrained(other)))
  return trainInFolder(run, { ...request, ...(before && { before }) })
}

/**
 * Trains what is resolved already, from the start or from where the run in the folder was left.
 * @throws CommandError where the run in the folder is another, and when the signal ends the run early.
 */
export async function trainInFolder(
  { id, algo, entry, config, trainConfig, episodeSteps }: ResolvedRun,
  request: Pick<
    TrainingRequest,
    'seed' | 'threads' | 'environments' | 'folder' | 'signal' | 'onProgress' | 'onNotice' | 'resumeCommand'
  > & {
    readonly before?: LearnedBefore
    /** Stands between the learner and each environment that experience comes from. */
    readonly through?: (env: Env) => Env
  },
): Promise<FinishedTraining> {
  const { seed, threads, folder, signal, onNotice, before, through = (env: Env) => env } = request
  quietTfjs()
  const evalEnv = await makeEnvFor(entry, id, episodeSteps)
  const algorithm = await blamingTheCommand(() => {
    const made = entry.make(evalEnv.spec, config)
    return before === undefined ? made : startFromRun(made, before, config)
  })
  const env = await blamingTheCommand(() =>
    makeExperienceEnv(
      async () => through(await makeEnvFor(entry, id, episodeSteps)),
      algorithm,
      request.environments,
    ),
  )
  const store = await openRunFolder(folder)
  let started = false
  try {
    const result = await train({
      env,
      evalEnv,
      algorithm,
      config: trainConfig,
      seed,
      mode: { kind: 'compiled', threads },
      store,
      details: {
        config,
        ...(before && { startFrom: before.origin }),
        ...(episodeSteps !== undefined && { episodeSteps }),
      },
      signal,
      onProgress: (event) => {
        if (event.kind === 'start') started = true
        else if (event.kind === 'progress') request.onProgress(standingOf(event))
        else if (event.kind === 'notice') onNotice(event.message, event.advice)
      },
    })
    if (result.outcome === 'interrupted') {
      throw interruption(
        `Stopped after ${result.steps} steps, all kept in ${folder}. Go on with: ${request.resumeCommand}`,
      )
    }
    const summary = summarise({ env: id, algo, seed }, result)
    const { steps, stepsPerSecond, evalReturnMean } = summary
    request.onProgress({ step: steps, stepsPerSecond, evalReturn: evalReturnMean })
    return { summary, algorithm, state: result.state }
  } catch (error) {
    // Before its start a run throws a RangeError where options do not fit each other, or the run in the folder.
    if (!started && error instanceof RangeError) throw usageError(error.message, { cause: error })
    throw error
  } finally {
    await store.close()
    env.close()
    evalEnv.close()
  }
}

function standingOf(event: {
  readonly step: number
  readonly stepsPerSecond: number
  readonly evaluation: { readonly returnMean: number } | undefined
}): Standing {
  const { step, stepsPerSecond, evaluation } = event
  return { step, stepsPerSecond, ...(evaluation === undefined ? {} : { evalReturn: evaluation.returnMean }) }
}

function summarise(run: Pick<RunSummary, 'env' | 'algo' | 'seed'>, result: TrainResult): RunSummary {
  const { steps, evaluation, wallSeconds, stepsPerSecond, stateHash } = result
  return {
    ...run,
    steps,
    evalReturnMean: evaluation?.returnMean ?? NaN,
    evalReturnStd: evaluation?.returnStd ?? NaN,
    evalEpisodes: evaluation?.returns.length ?? 0,
    wallSeconds,
    // A sitting that only evaluated has no rate of its own.
    stepsPerSecond: stepsPerSecond > 0 ? stepsPerSecond : steps / wallSeconds,
    stateHash,
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
