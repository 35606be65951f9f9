import type { Env, EnvSnapshot, Observation, StepResult } from '@maxent/core/contracts'
import { uniformAction } from '@maxent/core'
import { foldIn, type Key } from '@maxent/core/keys'
import { startMemory, type Agent, type Exploration, type Memory } from './agent.ts'
import type { TrainConfig } from './config.ts'
import { stepEnv, type Occasion } from './environmentError.ts'
import { assertFinite, assertFiniteMetrics, assertFiniteObservation, assertFiniteStep } from './finite.ts'
import type { BatchArrays, Replay, StepsArrays } from './replay.ts'

/** What a stepper works with. */
export interface StepperOptions {
  /** Where steps are taken. */
  readonly env: Env
  /** Who acts and learns. */
  readonly agent: Agent
  /** Where transitions go and come from. */
  readonly replay: Replay
  /** Filled for every update: of transitions, or of stretches of steps where the algorithm learns from sequences. */
  readonly batch: BatchArrays | StepsArrays
  /** When updates begin, how many there are, and how often metrics are fetched. */
  readonly config: Pick<TrainConfig, 'warmupSteps' | 'warmupPolicy' | 'updatesPerStep' | 'metricsEvery'>
  /** Decides warm-up actions, noise, seeds of episodes and rows of batches. */
  readonly key: Key
}

/** Where a run stands. */
export interface Counters {
  /** Environment steps taken. */
  step: number
  /** Gradient steps taken. */
  updates: number
  /** Episodes finished. */
  episodes: number
  /** Return so far of the episode under way. */
  episodeReturn: number
  /** Length so far of the episode under way. */
  episodeLength: number
}

/** Sums over the interval since they were last taken. */
export interface Interval {
  /** Episodes finished. */
  episodes: number
  /** Sum of their returns. */
  returns: number
  /** Sum of their lengths. */
  lengths: number
  /** Sums of metrics. */
  metrics: Record<string, number>
  /** Updates that each metric was fetched from: not all kinds of a schedule have all. */
  fetches: Record<string, number>
}

/** With the agent's state and the replay, all that decides a stepper's future. */
export interface StepperSnapshot {
  /** Steps, updates and episodes so far. */
  readonly counters: Counters
  /** The sums that were not taken yet. */
  readonly interval: Interval
  /** The observation that the next action is for. */
  readonly observation: Observation
  /** What acting carries on within the episode. */
  readonly memory: Memory
  /** The environment's. */
  readonly env: EnvSnapshot
  /** Of several environments: what the episodes under way have come to, and the rollout where the algorithm learns from rollouts. */
  readonly rollout: Readonly<Record<string, Float32Array | Float64Array>>
}

/** Collects transitions and learns from them, one environment step at a time. */
export interface Stepper {
  /** Steps, updates and episodes so far. */
  readonly counters: Readonly<Counters>
  /** Environment steps that an advance takes: one, or as many as there are environments. */
  readonly stride: number
  /** One step of each environment, then the updates that fall due. @throws NonFiniteError naming what is not finite, EnvironmentError when the environment throws. */
  advance(): Promise<void>
  /** The sums since the last call, which start again from nothing. */
  takeInterval(): Interval
  /** A copy of all that decides its future beside the agent's state and the replay. */
  snapshot(): StepperSnapshot
  /** Continues from a snapshot, bit for bit. */
  restore(snapshot: StepperSnapshot): void
}

export const emptyInterval = (): Interval => ({
  episodes: 0,
  returns: 0,
  lengths: 0,
  metrics: {},
  fetches: {},
})

/**
 * The inner loop of off-policy training. After n environment steps beyond the warm-up, floor(n updatesPerStep) updates have been made.
 * Every random number is a function of the key, its purpose and a count: warm-up and exploration of the step, an episode's seed of the
 * episode, replay indices and update noise of the update.
 */
export function createStepper({ env, agent, replay, batch, config, key }: StepperOptions): Stepper {
  const uniformSteps = config.warmupPolicy === 'own' ? 0 : config.warmupSteps
  const { acting } = agent.algorithm
  const warmupKey = foldIn(key, 'warmup')
  const resetKey = foldIn(key, 'reset')
  const learner: Learner = { agent, replay, batch, config, key: foldIn(key, 'replay') }
  const uniform = new Float32Array(env.spec.action.low.length)
  const observation: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(env.spec.observation).map(([name, length]) => [name, new Float32Array(length)]),
  )
  let counters: Counters = { step: 0, updates: 0, episodes: 0, episodeReturn: 0, episodeLength: 0 }
  let interval = emptyInterval()
  let memory = startMemory(agent.algorithm)

  const keepObservation = (from: Observation): void => copyInto(observation, from)

  const begin = (): void => {
    const { observation: first } = env.reset({ seed: foldIn(resetKey, counters.episodes)[0] })
    replay.begin(first)
    assertFiniteObservation('train', first)
    keepObservation(first)
    memory = startMemory(agent.algorithm)
  }

  const occasion = (): Occasion => ({
    caller: 'train',
    step: counters.episodeLength + 1,
    seed: foldIn(resetKey, counters.episodes)[0],
  })

  const count = (result: StepResult): void => {
    counters.step++
    counters.episodeReturn += result.reward
    counters.episodeLength++
    if (!result.terminated && !result.truncated) return
    counters.episodes++
    interval.episodes++
    interval.returns += counters.episodeReturn
    interval.lengths += counters.episodeLength
    counters.episodeReturn = 0
    counters.episodeLength = 0
  }

  const explore = async (): Promise<Pick<Exploration, 'action' | 'record'>> => {
    // What is recorded of acting is known for the algorithm's own actions alone.
    if (counters.step < uniformSteps && acting?.record === undefined) {
      return { action: uniformAction(foldIn(warmupKey, counters.step), env.spec.action, uniform), record: {} }
    }
    const explored = await agent.explore(observation, counters.step, memory)
    memory = explored.memory
    return explored
  }

  return {
    get counters() {
      return counters
    },
    stride: 1,

    async advance() {
      if (!replay.open) begin()
      const { action, record } = await explore()
      assertFinite('train', 'action', action)
      const result = stepEnv(env, action, occasion)
      assertFiniteStep('train', result)
      replay.add(action, result, record)
      keepObservation(result.observation)
      count(result)
      await takeDueUpdates(learner, counters, interval)
    },

    takeInterval() {
      const taken = interval
      interval = emptyInterval()
      return taken
    },

    snapshot: () => ({
      counters: { ...counters },
      interval: copyInterval(interval),
      observation: copyArrays(observation),
      memory: copyArrays(memory),
      env: env.snapshot(),
      rollout: {},
    }),

    restore(snapshot) {
      counters = { ...snapshot.counters }
      interval = copyInterval(snapshot.interval)
      keepObservation(snapshot.observation)
      memory = copyArrays(snapshot.memory)
      env.restore(snapshot.env)
    },
  }
}

/** What updates are made of. */
export type Learner = Pick<StepperOptions, 'agent' | 'replay' | 'batch' | 'config' | 'key'>

/** The updates that fall due at the step of `counters`, on batches whose rows depend on the learner's key and the update's number. */
export async function takeDueUpdates(
  { agent, replay, batch, config, key }: Learner,
  counters: Counters,
  interval: Interval,
): Promise<void> {
  const { warmupSteps, updatesPerStep, metricsEvery } = config
  const { experience } = agent.algorithm
  const due = Math.floor((counters.step - warmupSteps) * updatesPerStep)
  while (counters.updates < due) {
    const index = counters.updates
    const sampleKey = foldIn(key, index)
    if (experience?.kind === 'sequences') replay.sampleSteps(sampleKey, batch as StepsArrays, experience)
    else replay.sample(sampleKey, batch)
    const metrics = await takeUpdate({ agent, batch, index, metricsEvery })
    counters.updates++
    addMetrics(interval, metrics)
  }
}

export interface UpdateRequest {
  readonly agent: Agent
  readonly batch: BatchArrays | StepsArrays | Readonly<Record<string, Float32Array>>
  readonly index: number
  readonly metricsEvery: number
}

/** One update; its metrics, where they fall due. */
export async function takeUpdate({
  agent,
  batch,
  index,
  metricsEvery,
}: UpdateRequest): Promise<Readonly<Record<string, number>>> {
  if ((index + 1) % metricsEvery === 0) return agent.updateWithMetrics(batch, index)
  await agent.update(batch, index)
  return {}
}

/** Adds metrics to an interval. @throws NonFiniteError that names the first that is not finite. */
export function addMetrics(interval: Interval, metrics: Readonly<Record<string, number>>): void {
  assertFiniteMetrics('train', metrics)
  for (const name in metrics) {
    interval.metrics[name] = (interval.metrics[name] ?? 0) + metrics[name]
    interval.fetches[name] = (interval.fetches[name] ?? 0) + 1
  }
}

/** Copies arrays of the same names and lengths into others. */
export function copyInto(to: Readonly<Record<string, Float32Array>>, from: Observation): void {
  for (const name in to) {
    const values = from[name]
    const kept = to[name]
    for (let i = 0; i < kept.length; i++) kept[i] = values[i]
  }
}

export function copyInterval(interval: Interval): Interval {
  return { ...interval, metrics: { ...interval.metrics }, fetches: { ...interval.fetches } }
}

export function copyArrays<A extends Float32Array | Float64Array>(
  arrays: Readonly<Record<string, A>>,
): Record<string, A> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice() as A]))
}
