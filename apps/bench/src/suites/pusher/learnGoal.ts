import { join } from 'node:path'
import { resolveConfig, type AnyAlgorithm } from '@maxent/core'
import { key } from '@maxent/core/keys'
import { createAgent, train, trainOffline, type Replay, type TrainConfig } from '@maxent/train'
import { loadReplay, openRunFolder } from '@maxent/train/node'
import { algorithms } from '../../registry/algorithms.ts'
import { withComposedReward } from './composedReward.ts'
import { finalPlaces, type FinalPlaces } from './finalPlaces.ts'
import { goalEnv, type Goal, type StepCounter } from './goals.ts'
import { learners, type LearnedGoal, type LearnerId } from './learners.ts'

/** What all stages of a cell have in common. */
export interface Stage {
  readonly algorithm: LearnerId
  /** Of the algorithm, resolved. */
  readonly config: Readonly<Record<string, unknown>>
  readonly train: TrainConfig
  /** Episodes after learning. */
  readonly episodes: number
  readonly seed: number
  /** Each goal is a folder in it. */
  readonly folder: string
  readonly counter: StepCounter
  /** Lines whose mean reward is paid in place of the goal's own. */
  readonly rewardOf?: readonly Goal[]
  readonly signal: AbortSignal
}

/** A goal that was learned. */
export interface LearnedStage extends LearnedGoal {
  /** What it was learned with, but for the noise on top of the samples of soft Q-learning. */
  readonly learner: AnyAlgorithm
}

/** Learns one goal, or takes it up where it was left. @throws the signal's reason once it is raised. */
export async function learnGoal(
  goal: Goal,
  stage: Stage,
  onStep: (step: number) => void,
): Promise<LearnedStage> {
  const { algorithm: id, config, train: loop, seed, folder, counter, rewardOf, signal } = stage
  const plain = await goalEnv(goal, counter)
  const env = rewardOf === undefined ? plain : withComposedReward(plain, rewardOf)
  const evalEnv = await goalEnv(goal, counter)
  const store = await openRunFolder(join(folder, goal))
  try {
    const learner = algorithms[id].make(env.spec, config)
    const { outcome, state } = await train({
      env,
      evalEnv,
      algorithm: learner,
      config: loop,
      seed,
      store,
      details: { config, goal, ...(rewardOf && { rewardOf }) },
      signal,
      onProgress: (event) => {
        if (event.kind === 'progress') onStep(event.step)
      },
    })
    if (outcome === 'interrupted') throw signal.reason
    const quiet =
      id === 'sql' ? algorithms[id].make(env.spec, { ...config, exploration: undefined }) : learner
    return { spec: env.spec, config, state, learner: quiet }
  } finally {
    await store.close()
    env.close()
    evalEnv.close()
  }
}

/** The transitions that were collected for a goal. */
export function replayOf(
  goal: Goal,
  { folder }: Pick<Stage, 'folder'>,
  learner: AnyAlgorithm,
): Promise<Replay> {
  return loadReplay({ folder: join(folder, goal), algorithm: learner })
}

/** A learner as a state has it, on a goal. */
export interface Candidate {
  readonly learner: AnyAlgorithm
  readonly state?: LearnedGoal['state']
  readonly goal: Goal
}

/** Where the puck ends. */
export async function judgeOn(
  { learner, state, goal }: Candidate,
  { algorithm, seed, episodes, counter, signal }: Stage,
): Promise<FinalPlaces> {
  const agent = await createAgent({
    algorithm: learner,
    key: key(seed),
    ...(state !== undefined && { state }),
  })
  try {
    const policy = learners[algorithm].policy(agent)
    return await finalPlaces({ goal, policy, episodes, seed, counter, signal })
  } finally {
    await agent.dispose()
  }
}

/** How a policy is extracted from what goals have in common. */
export interface Extraction {
  readonly rule: 'mean' | 'sum'
  /** Gradient steps. */
  readonly updates: number
  /** Fields of the algorithm's config that differ from those of the goals. */
  readonly config: Readonly<Record<string, unknown>>
}

/** What came of combining goals. */
export interface Extracted {
  readonly learner: AnyAlgorithm
  readonly state?: LearnedGoal['state']
  /** Steps in environments meanwhile. */
  readonly newSteps: number
  /** The metrics of the last gradient step whose metrics were fetched. */
  readonly metrics: Readonly<Record<string, number>>
}

/** Combines goals, and extracts a policy from what was collected for them, where the learner has none in closed form. */
export async function extract(
  parts: readonly (LearnedStage & { readonly goal: Goal })[],
  { rule, updates, config }: Extraction,
  stage: Stage,
): Promise<Extracted> {
  const { algorithm, seed, counter, signal } = stage
  const before = counter.count
  const { compose, extracts } = learners[algorithm]
  const learner = compose(parts, { rule: { kind: rule }, config })
  if (!extracts) return { learner, newSteps: counter.count - before, metrics: {} }
  const replays = await Promise.all(parts.map((part) => replayOf(part.goal, stage, part.learner)))
  const { state, metrics, outcome } = await trainOffline({
    algorithm: learner,
    replays,
    updates,
    seed,
    signal,
  })
  if (outcome === 'interrupted') throw signal.reason
  return { learner, state, newSteps: counter.count - before, metrics: metrics.at(-1)?.metrics ?? {} }
}

/** An algorithm's config with its defaults filled in. */
export function resolvedConfig(
  algorithm: LearnerId,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return resolveConfig(algorithms[algorithm].rules, config)
}
