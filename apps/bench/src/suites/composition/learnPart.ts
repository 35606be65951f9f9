import { join } from 'node:path'
import { resolveConfig, type AnyAlgorithm, type Env } from '@maxent/core'
import { foldIn, key } from '@maxent/core/keys'
import type { BoundsConfig } from '@maxent/sql'
import {
  createAgent,
  train,
  trainOffline,
  type OfflineResult,
  type Replay,
  type TrainConfig,
  type TrainOfflineOptions,
} from '@maxent/train'
import { loadReplay, openRunFolder } from '@maxent/train/node'
import { algorithms } from '../../registry/algorithms.ts'
import type { Policy } from '../../run/baseline.ts'
import { learners, type LearnedTask, type LearnerId } from './learners.ts'

/** Steps taken in environments, all together. */
export interface StepCounter {
  count: number
}

/** The environment, its steps counted. */
export function counted(env: Env, counter: StepCounter): Env {
  return {
    spec: env.spec,
    reset: (options) => env.reset(options),
    step: (action) => {
      counter.count++
      return env.step(action)
    },
    snapshot: () => env.snapshot(),
    restore: (snapshot) => env.restore(snapshot),
    close: () => env.close(),
  }
}

/** What all stages of a cell have in common. */
export interface Stage {
  readonly algorithm: LearnerId
  /** Of the algorithm, resolved. */
  readonly config: Readonly<Record<string, unknown>>
  readonly train: TrainConfig
  readonly seed: number
  /** Each part is a folder in it. */
  readonly folder: string
  readonly counter: StepCounter
  readonly signal: AbortSignal
  /** What a user should know of a part or of what is extracted, a line each. */
  readonly onNotice: (message: string) => void
}

/** A task to be learned by itself. */
export interface Part {
  /** Unique in the cell; names its folder. */
  readonly name: string
  /** Makes its environment. */
  readonly open: () => Promise<Env>
  /** What identifies its run beside the algorithm's config. */
  readonly details: Readonly<Record<string, unknown>>
}

/** A part that was learned. */
export interface LearnedPart extends LearnedTask {
  readonly name: string
  /** What it was learned with, but for the noise on top of the samples of soft Q-learning. */
  readonly learner: AnyAlgorithm
}

/** Learns one part, or takes it up where it was left; steps in its environments are counted. @throws the signal's reason once it is raised. */
export async function learnPart(
  { name, open, details }: Part,
  stage: Stage,
  onStep: (step: number) => void,
): Promise<LearnedPart> {
  const { algorithm: id, config, train: loop, seed, folder, counter, signal, onNotice } = stage
  const env = counted(await open(), counter)
  const evalEnv = counted(await open(), counter)
  const store = await openRunFolder(join(folder, name))
  try {
    const learner = algorithms[id].make(env.spec, config)
    const { outcome, state } = await train({
      env,
      evalEnv,
      algorithm: learner,
      config: loop,
      seed: partSeed(seed, name),
      store,
      details: { config, ...details },
      signal,
      onProgress: (event) => {
        if (event.kind === 'progress') onStep(event.step)
        else if (event.kind === 'notice') onNotice(`${name}: ${event.message}`)
      },
    })
    if (outcome === 'interrupted') throw signal.reason
    const quiet =
      id === 'sql' ? algorithms[id].make(env.spec, { ...config, exploration: undefined }) : learner
    return { name, spec: env.spec, config, state, learner: quiet }
  } finally {
    await store.close()
    env.close()
    evalEnv.close()
  }
}

/** Each part has networks and noise of its own: constituents that begin alike would be nearer to each other than those of separate runs. */
function partSeed(seed: number, name: string): number {
  return foldIn(foldIn(key(seed), 'part'), name)[0]
}

/** The transitions that were collected for a part. */
export function replayOf(
  { name, learner }: Pick<LearnedPart, 'name' | 'learner'>,
  { folder }: Pick<Stage, 'folder'>,
): Promise<Replay> {
  return loadReplay({ folder: join(folder, name), algorithm: learner })
}

/** A learner as a state has it. */
export interface Candidate {
  readonly learner: AnyAlgorithm
  readonly state?: LearnedTask['state']
}

/** What is found with the policy of a learner: its samples under soft Q-learning, else its best action. */
export async function withPolicy<T>(
  { learner, state }: Candidate,
  { algorithm, seed }: Pick<Stage, 'algorithm' | 'seed'>,
  use: (policy: Policy) => Promise<T>,
): Promise<T> {
  const agent = await createAgent({
    algorithm: learner,
    key: key(seed),
    ...(state !== undefined && { state }),
  })
  try {
    return await use(learners[algorithm].policy(agent))
  } finally {
    await agent.dispose()
  }
}

/** How a policy is extracted from what parts have in common. */
export interface Extraction {
  readonly rule: 'mean' | 'sum'
  /** Gradient steps. */
  readonly updates: number
  /** Fields of the algorithm's config that differ from those of the parts. */
  readonly config: Readonly<Record<string, unknown>>
  /** How the bounds of lemma 5 and theorem 3 are learned beside the policy, where they are: soft Q-learning alone has any. */
  readonly bounds?: Partial<BoundsConfig>
}

/** The metrics that tell how far parts are apart, and the bounds that follow, where they are learned. */
export const apartness = ['divergence', 'penalty', 'gap', 'regret'] as const

/** What came of combining parts. */
export interface Extracted extends Candidate {
  /** Steps in environments meanwhile. */
  readonly newSteps: number
  /** Every metric as it was fetched last: some are there at some gradient steps alone. */
  readonly metrics: Readonly<Record<string, number>>
}

/** Combines parts, and extracts a policy from what was collected for them, where the learner has none in closed form. */
export async function extract(
  parts: readonly LearnedPart[],
  { rule, updates, config, bounds }: Extraction,
  stage: Stage,
): Promise<Extracted> {
  const { algorithm, counter } = stage
  const before = counter.count
  const { compose, extracts } = learners[algorithm]
  const learner = compose(parts, { rule: { kind: rule }, config, bounds })
  const { state, metrics } = await learnFromParts(parts, stage, {
    algorithm: learner,
    // What is there in closed form is looked at in states of the parts, once.
    updates: extracts ? updates : 1,
  })
  const last = Object.fromEntries(metrics.flatMap((line) => Object.entries(line.metrics)))
  return { learner, state, newSteps: counter.count - before, metrics: last }
}

/**
 * Learns offline from what was collected for parts, and gives the notices that there are. @throws the signal's reason once it is raised.
 */
export async function learnFromParts(
  parts: readonly LearnedPart[],
  stage: Stage,
  options: Omit<TrainOfflineOptions, 'replays' | 'seed' | 'signal'>,
): Promise<OfflineResult> {
  const { seed, signal, onNotice } = stage
  const replays = await Promise.all(parts.map((part) => replayOf(part, stage)))
  const result = await trainOffline({ ...options, replays, seed, signal })
  if (result.outcome === 'interrupted') throw signal.reason
  const from = parts.map(({ name }) => name).join(' and ')
  const messages = [...result.warnings, ...result.advice.map(({ message }) => message)]
  for (const message of messages) onNotice(`offline, from ${from}: ${message}`)
  return result
}

/** An algorithm's config with its defaults filled in. */
export function resolvedConfig(
  algorithm: LearnerId,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return resolveConfig(algorithms[algorithm].rules, config)
}
