import { sacPresets, type SacConfig, type SacPresetName } from '@maxent/sac'
import { smokeScale } from '../smokeScale.ts'
import type { Arm, Profile, TrainArm, UniformArm } from '../suite.ts'

/** The tasks of table C.2, as far as a profile needs to tell them apart. */
export interface Task {
  readonly name: TaskName
  readonly title: string
  readonly env: string
  /** Table C.2. */
  readonly actionDimensions: number
  /** Table C.2. */
  readonly rewardScale: number
  /** Hard tasks of fig. 4.1: those on which the text says that DDPG makes no progress. */
  readonly isHard: boolean
  readonly isHumanoid: boolean
  /** Length of the runs in the released code. */
  readonly steps: number
  /** Uniform actions at the start in the released code. */
  readonly warmupSteps: number
}

type TaskName = Extract<SacPresetName, `4.1/${string}`> extends `4.1/${infer Name}` ? Name : never

const rows = [
  ['hopper', 'Hopper', 3, 1_000_000],
  ['walker2d', 'Walker2d', 6, 1_000_000],
  ['half-cheetah', 'HalfCheetah', 6, 3_000_000],
  ['ant', 'Ant', 8, 3_000_000],
  ['humanoid', 'Humanoid', 17, 10_000_000],
  ['humanoid-rllab', 'Humanoid (rllab)', 21, 10_000_000],
] as const

/** Table C.2, in the order of fig. 4.1. */
export const tasks: readonly Task[] = rows.map(([name, title, actionDimensions, steps]): Task => {
  const { env, config, loop } = sacPresets[`4.1/${name}`]
  if (env === undefined || config.rewardScale === undefined || loop.warmupSteps === undefined)
    throw new Error(`tasks: the preset 4.1/${name} must name environment, reward scale and warm-up`)
  const isHumanoid = name.startsWith('humanoid')
  return {
    name,
    title,
    env,
    steps,
    actionDimensions,
    rewardScale: config.rewardScale,
    warmupSteps: loop.warmupSteps,
    isHard: isHumanoid || name === 'ant',
    isHumanoid,
  }
})

/**
 * How a run of the thesis is watched: one evaluation rollout every 1,000 steps (4.3). Metrics are logged as often, or a thousand times where that is
 * less.
 * @param steps Length of the run.
 */
export function watched(steps: number): {
  readonly steps: number
  readonly evaluateEvery: number
  readonly evaluateEpisodes: number
  readonly finalEpisodes: number
  readonly logEvery: number
} {
  return {
    steps,
    evaluateEvery: 1_000,
    evaluateEpisodes: 1,
    finalEpisodes: 10,
    logEvery: Math.max(1_000, Math.ceil(steps / 1_000)),
  }
}

/** What the suites that watch runs so declare. */
export const watchedDifference =
  'all evaluations on the way begin from one start, which the seed of the run decides'

/** Why some reduced profiles have no Ant. */
export const antDifference =
  'below the scale of the paper Ant is left out: actions of zero return some 990 there, and published runs of SAC 711 after 50,000 steps and 1,020 after 100,000'

/** What suites declare whose arms may diverge. */
export const divergedDifference =
  'a run whose numbers stop being finite counts as a result: from there on it returns what actions of zero do'

/** A preset of the thesis as an arm has it, with fields of its own. */
export function preset(
  name: SacPresetName,
  own: Readonly<Record<string, unknown>> = {},
): Pick<TrainArm, 'config' | 'train'> {
  const { config, loop } = sacPresets[name]
  return { config: { ...config, ...own }, train: { ...loop } }
}

/** What is there on a task without learning: random actions, and actions of zero, which some tasks pay for. */
export function idle({
  name,
  title,
  env,
}: Pick<Task, 'title' | 'env'> & { readonly name: string }): readonly UniformArm[] {
  return [
    { kind: 'uniform', id: `${name}-random`, label: `${title}, random actions`, env, episodes: 20 },
    {
      kind: 'uniform',
      actions: 'zero',
      id: `${name}-still`,
      label: `${title}, actions of zero`,
      env,
      episodes: 20,
    },
  ]
}

/** The tasks that a reduced profile keeps, how long they run, and the networks of what is learned by gradients of batches. */
export interface Reduced {
  readonly tasks: readonly TaskName[]
  /** Environments of other tasks that it keeps. */
  readonly envs?: readonly string[]
  readonly steps: number
  /** Steps between evaluations, where it is more than 1,000. */
  readonly evaluateEvery?: number
  readonly config?: Readonly<Record<string, unknown>>
  /** The same of some algorithms alone. */
  readonly configOf?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Changes the arms of a grid to a reduced scale; arms of other tasks are left out. */
export function reduced({
  tasks: kept,
  envs: others = [],
  steps,
  evaluateEvery,
  config,
  configOf = {},
}: Reduced): (arm: Arm) => Arm | undefined {
  const envs = [...others, ...tasks.filter(({ name }) => kept.includes(name)).map(({ env }) => env)]
  return (arm) => {
    if (arm.kind === 'compute') return arm
    if (!envs.includes(arm.env)) return undefined
    if (arm.kind === 'uniform') return arm
    const own = Object.hasOwn(configOf, arm.algorithm) ? configOf[arm.algorithm] : config
    return {
      ...arm,
      config: { ...arm.config, ...own },
      train: {
        ...arm.train,
        ...watched(steps),
        ...(evaluateEvery === undefined ? {} : { evaluateEvery }),
        replayCapacity: 2 * steps,
      },
    }
  }
}

/** An arm with hard targets and more updates per step than a number at that number, with as many environment steps between two copies. */
export function atMostUpdates(arm: Arm, most: number): Arm {
  if (arm.kind !== 'train') return arm
  const { updatesPerStep = 1 } = arm.train
  const { target } = arm.config as Pick<Partial<SacConfig>, 'target'>
  if (updatesPerStep <= most || target?.kind !== 'hard') return arm
  return {
    ...arm,
    config: { ...arm.config, target: { ...target, interval: (target.interval * most) / updatesPerStep } },
    train: { ...arm.train, updatesPerStep: most },
  }
}

/** A `smoke` profile on Hopper alone, of the arms that are not left out. */
export function smokeOnHopper(isKept: (arm: Arm) => boolean = () => true): Omit<Profile, 'minutes'> {
  const { env } = tasks[0]
  return {
    ...smokeScale,
    change: (arm) => {
      if (!isKept(arm) || (arm.kind !== 'compute' && arm.env !== env)) return undefined
      const small = smokeScale.change?.(arm)
      if (small?.kind !== 'train') return small
      // A rollout of PPO at its usual length is longer than the run.
      if (small.algorithm === 'ppo') return { ...small, config: { ...small.config, length: 25 } }
      return { ...small, ...(small.seeds === undefined ? {} : { seeds: small.seeds.slice(0, 1) }) }
    },
  }
}
