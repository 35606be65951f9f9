import type { Observation, VectorEnv } from '@maxent/core/contracts'
import { uniformAction } from '@maxent/core'
import { drawNoise, foldIn } from '@maxent/core/keys'
import type { Tree } from '@maxent/core/tree'
import type { HostData } from '@maxent/jit'
import { mapLengths, outputsOf, startMemory, type Exploration } from './agent.ts'
import { stepEnv } from './environmentError.ts'
import { countStep, startEpisodes } from './episodes.ts'
import { assertFinite, assertFiniteObservation } from './finite.ts'
import { checkObservation } from './observation.ts'
import { copyArrays, copyInterval, copyInto, emptyInterval, takeDueUpdates } from './stepper.ts'
import type { Counters, Interval, Learner, Stepper, StepperOptions } from './stepper.ts'

export interface VectorStepperOptions extends Omit<StepperOptions, 'env'> {
  /** N environments; the agent acts in as many, and the replay has a lane for each. */
  readonly env: VectorEnv
}

/** What acting in all environments gives: N rows of each. */
type ExploredRows = Pick<Exploration, 'action'> & Partial<Exploration>

/** Rows of N environments, and a view of each. */
interface Rows {
  readonly all: Readonly<Record<string, Float32Array>>
  readonly each: readonly Readonly<Record<string, Float32Array>>[]
}

/**
 * The inner loop of off-policy training on several environments: each advance is a step of every one of them with one call of the policy,
 * then the updates that fall due. As with one environment, n environment steps beyond the warm-up make floor(n updatesPerStep) updates.
 * Random numbers are functions of the key, their purpose and a count: the warm-up action of the environment step, exploration of the
 * advance, replay indices and update noise of the update. Environments are seeded once.
 */
export function createVectorStepper(options: VectorStepperOptions): Stepper {
  const { env, agent, replay, batch, config, key } = options
  const { algorithm, program } = agent
  const { acting } = algorithm
  const { size: N, spec } = env
  const { lanes } = replay
  const warmupKey = foldIn(key, 'warmup')
  const actKey = foldIn(key, 'act')
  const seed = foldIn(foldIn(key, 'reset'), 0)[0]
  const learner: Learner = { agent, replay, batch, config, key: foldIn(key, 'replay') }
  const actNoise = algorithm.noise.act(N)
  const fetchActed = { fetch: outputsOf(algorithm) }
  const rowLengths = mapLengths(spec.observation, (n) => N * n)
  const observation = createRows(spec.observation, N)
  const next = createRows(spec.observation, N)
  const memory = createRows(acting?.memory, N)
  const record = createRows(acting?.record, N)
  const action = createRows({ action: spec.action.low.length }, N)
  const episodes = startEpisodes(N)
  let counters: Counters = { step: 0, updates: 0, episodes: 0, episodeReturn: 0, episodeLength: 0 }
  let interval: Interval = emptyInterval()

  const begin = (): void => {
    const { observation: first } = env.reset({ seed })
    keep(observation, first)
    for (const [i, lane] of lanes.entries()) lane.begin(observation.each[i])
  }

  const keep = (rows: Rows, from: Observation): void => {
    checkObservation('train', rowLengths, from)
    assertFiniteObservation('train', from)
    copyInto(rows.all, from)
  }

  /** Fills `action`, and what goes with it. */
  const explore = async (): Promise<void> => {
    // What is recorded of acting is known for the algorithm's own actions alone.
    if (config.warmupPolicy !== 'own' && counters.step < config.warmupSteps && acting?.record === undefined) {
      for (const [i, row] of action.each.entries())
        uniformAction(foldIn(warmupKey, counters.step + i), spec.action, row.action)
      return
    }
    const fresh: Tree<HostData> = drawNoise(foldIn(actKey, counters.step / N), actNoise)
    const noise = acting?.memory === undefined ? fresh : { fresh, memory: memory.all }
    const explored = (await program.call('actRows', [observation.all, noise], fetchActed)) as ExploredRows
    copyInto(action.all, { action: explored.action })
    copyInto(memory.all, explored.memory ?? {})
    copyInto(record.all, explored.record ?? {})
  }

  const step = (): void => {
    assertFinite('train', 'action', action.all.action)
    const result = stepEnv(env, action.all.action, () => ({
      caller: 'train',
      step: counters.step / N + 1,
      seed,
      environments: N,
    }))
    assertFinite('train', 'reward', result.reward)
    keep(next, result.nextObservation)
    keep(observation, result.observation)
    for (const [i, lane] of lanes.entries()) {
      const [reward, terminated, truncated] = [
        result.reward[i],
        result.terminated[i] === 1,
        result.truncated[i] === 1,
      ]
      lane.add(
        action.each[i].action,
        { observation: next.each[i], reward, terminated, truncated },
        record.each[i],
      )
      const ended = terminated || truncated
      countStep(episodes, { i, reward, ended }, { counters, interval })
      if (!ended) continue
      lane.begin(observation.each[i])
      copyInto(memory.each[i], startMemory(algorithm))
    }
    counters.step += N
  }

  return {
    get counters() {
      return counters
    },
    stride: N,

    async advance() {
      if (counters.step === 0) begin()
      await explore()
      step()
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
      observation: copyArrays(observation.all),
      memory: copyArrays(memory.all),
      env: env.snapshot(),
      rollout: copyArrays({ ...episodes }),
    }),

    restore(snapshot) {
      counters = { ...snapshot.counters }
      interval = copyInterval(snapshot.interval)
      copyInto(observation.all, snapshot.observation)
      copyInto(memory.all, snapshot.memory)
      episodes.returns.set(snapshot.rollout.returns)
      episodes.lengths.set(snapshot.rollout.lengths)
      env.restore(snapshot.env)
    },
  }
}

function createRows(lengths: Readonly<Record<string, number>> | undefined, rows: number): Rows {
  const all = mapLengths(lengths, (n) => new Float32Array(rows * n))
  const each = Array.from({ length: rows }, (_, i) =>
    Object.fromEntries(
      Object.entries(lengths ?? {}).map(([name, n]) => [name, all[name].subarray(i * n, (i + 1) * n)]),
    ),
  )
  return { all, each }
}
