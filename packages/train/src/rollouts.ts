import { stepsSpecs } from '@maxent/core'
import type { AnyAlgorithm, Observation, TensorSpec, VectorEnv } from '@maxent/core/contracts'
import { drawNoise, foldIn, permutation, type Key } from '@maxent/core/keys'
import { eachLeaf, type Tree } from '@maxent/core/tree'
import type { HostData } from '@maxent/jit'
import { mapLengths, outputsOf, type Agent } from './agent.ts'
import { arraysOf } from './batches.ts'
import type { TrainConfig } from './config.ts'
import { stepEnv } from './environmentError.ts'
import { countStep, startEpisodes } from './episodes.ts'
import { assertFinite, assertFiniteObservation } from './finite.ts'
import { checkObservation } from './observation.ts'
import type { StepsArrays } from './replay.ts'
import { addMetrics, copyArrays, copyInterval, copyInto, emptyInterval, takeUpdate } from './stepper.ts'
import type { Counters, Interval, Stepper } from './stepper.ts'

export interface RolloutStepperOptions {
  readonly env: VectorEnv
  readonly agent: Agent
  readonly config: Pick<TrainConfig, 'metricsEvery'>
  readonly key: Key
}

/** What one acting call over all environments gives. */
interface ActedRows {
  readonly action: Float32Array
  readonly record?: Readonly<Record<string, Float32Array>>
}

/**
 * The inner loop of on-policy training: when every environment has taken `length` steps, `epochs` passes over them in minibatches of
 * shuffled rows. The last minibatch of a pass is filled up with rows of weight 0.
 * Random numbers are functions of the key, their purpose and a count: exploration of the step, the shuffle of rollout and pass, update
 * noise of the update. Environments are seeded once.
 * @throws RangeError when the algorithm does not learn from rollouts, or not of so many environments.
 */
export function createRolloutStepper({ env, agent, config, key }: RolloutStepperOptions): Stepper {
  const { algorithm, program } = agent
  const { length, epochs } = rolloutsOf(algorithm, env.size)
  const { size: environments, spec } = env
  const actKey = foldIn(key, 'act')
  const shuffleKey = foldIn(key, 'shuffle')
  const seed = foldIn(foldIn(key, 'reset'), 0)[0]
  const actNoise = algorithm.noise.act(environments)
  const fetchActed = { fetch: outputsOf(algorithm) }
  const record = algorithm.acting?.record ?? {}
  const rollout = arraysOf(stepsSpecs(spec, { length, rows: environments, record })) as unknown as StepsArrays
  const minibatch = createMinibatch(algorithm, length * environments)
  const rowLengths = mapLengths(spec.observation, (n) => environments * n)
  const observation = mapLengths(rowLengths, (n) => new Float32Array(n))
  const episodes = startEpisodes(environments)
  let counters: Counters = { step: 0, updates: 0, episodes: 0, episodeReturn: 0, episodeLength: 0 }
  let interval: Interval = emptyInterval()

  const begin = (): void => {
    const { observation: first } = env.reset({ seed })
    checkObservation('train', rowLengths, first)
    assertFiniteObservation('train', first)
    copyInto(observation, first)
  }

  /** Row t of the rollout. */
  const place = (to: Readonly<Record<string, Float32Array>>, from: Observation, t: number): void => {
    for (const name in to) to[name].set(from[name], t * from[name].length)
  }

  const step = async (t: number): Promise<void> => {
    const index = counters.step / environments
    const noise: Tree<HostData> = drawNoise(foldIn(actKey, index), actNoise)
    const acted = (await program.call('actRows', [observation, noise], fetchActed)) as unknown as ActedRows
    assertFinite('train', 'action', acted.action)
    const result = stepEnv(env, acted.action, () => ({
      caller: 'train',
      step: index + 1,
      seed,
      environments,
    }))
    assertFinite('train', 'reward', result.reward)
    for (const rows of [result.nextObservation, result.observation]) {
      checkObservation('train', rowLengths, rows)
      assertFiniteObservation('train', rows)
    }
    place(rollout.observation, observation, t)
    place(rollout.nextObservation, result.nextObservation, t)
    place(rollout.record, acted.record ?? {}, t)
    rollout.action.set(acted.action, t * acted.action.length)
    for (let i = 0; i < environments; i++) {
      const at = t * environments + i
      const ended = result.terminated[i] === 1 || result.truncated[i] === 1
      rollout.reward[at] = result.reward[i]
      rollout.discount[at] = 1 - result.terminated[i]
      rollout.continues[at] = ended || t === length - 1 ? 0 : 1
      rollout.valid[at] = 1
      countStep(episodes, { i, reward: result.reward[i], ended }, { counters, interval })
    }
    copyInto(observation, result.observation)
    counters.step += environments
  }

  const learn = async (): Promise<void> => {
    const { rows } = await program.call('prepare', [rollout], { fetch: ['rows'] })
    const rolloutKey = foldIn(shuffleKey, counters.step)
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = permutation(foldIn(rolloutKey, epoch), length * environments)
      for (let from = 0; from < order.length; from += minibatch.rows) {
        minibatch.fill(rows, order.subarray(from, from + minibatch.rows))
        const { arrays } = minibatch
        const index = counters.updates
        const metrics = await takeUpdate({
          agent,
          batch: arrays as Readonly<Record<string, Float32Array>>,
          index,
          metricsEvery: config.metricsEvery,
        })
        counters.updates++
        addMetrics(interval, metrics)
      }
    }
  }

  return {
    get counters() {
      return counters
    },
    stride: environments,

    async advance() {
      if (counters.step === 0) begin()
      const t = (counters.step / environments) % length
      await step(t)
      if (t === length - 1) await learn()
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
      memory: {},
      env: env.snapshot(),
      rollout: { ...copyArrays({ ...episodes }), ...flattened(rollout) },
    }),

    restore(snapshot) {
      counters = { ...snapshot.counters }
      interval = copyInterval(snapshot.interval)
      copyInto(observation, snapshot.observation)
      episodes.returns.set(snapshot.rollout.returns)
      episodes.lengths.set(snapshot.rollout.lengths)
      eachLeaf<Float32Array>(rollout, (values, path) => values.set(snapshot.rollout[path]))
      env.restore(snapshot.env)
    },
  }
}

function rolloutsOf(
  { id, experience, prepare, acting }: AnyAlgorithm,
  environments: number,
): { readonly length: number; readonly epochs: number } {
  if (experience?.kind !== 'rollouts' || prepare === undefined || acting?.memory !== undefined) {
    throw new RangeError(
      `train: algorithm '${id}' must learn from rollouts, prepare them and carry no memory for this loop, got ` +
        (experience?.kind ?? 'transitions'),
    )
  }
  if (experience.environments !== environments) {
    throw new RangeError(
      `train: algorithm '${id}' must have ${experience.environments} environments, got ${environments}; ` +
        `make a vectorEnv of so many, or set environments`,
    )
  }
  return experience
}

function flattened(rollout: StepsArrays): Record<string, Float32Array> {
  const arrays: Record<string, Float32Array> = {}
  eachLeaf<Float32Array>(rollout, (values, path) => void (arrays[path] = values.slice()))
  return arrays
}

/** A minibatch that is cut from prepared rows again and again. */
interface Minibatch {
  readonly rows: number
  readonly arrays: Tree<Float32Array>
  /** Copies the rows at the places in `order`, at most as many as it holds; the others get the weight 0. */
  fill(prepared: Tree<HostData>, order: Int32Array): void
}

function createMinibatch({ id, batch }: AnyAlgorithm, total: number): Minibatch {
  const arrays = arraysOf(batch)
  const parts = new Map<string, Float32Array>()
  eachLeaf<Float32Array>(arrays, (values, path) => void parts.set(path, values))
  const weight = parts.get('weight')
  const shapes: (readonly number[])[] = []
  eachLeaf<TensorSpec>(batch, ({ shape }) => void shapes.push(shape))
  const rows = weight?.length ?? NaN
  if (weight === undefined || shapes.some(([first]) => first !== rows)) {
    throw new RangeError(
      `train: algorithm '${id}' must take minibatches with a weight [B] and leaves of B rows, got ${JSON.stringify(shapes)}`,
    )
  }
  parts.delete('weight')
  return {
    rows,
    arrays,
    fill: (prepared, order) => {
      eachLeaf<HostData>(prepared, (from, path) => {
        const to = parts.get(path)
        const width = from.length / total
        if (to?.length !== rows * width) {
          throw new RangeError(
            `train: algorithm '${id}' must prepare the leaves of its minibatches for ${total} rows, got ${from.length} numbers at ${path}`,
          )
        }
        for (let b = 0; b < rows; b++) {
          const row = b < order.length ? order[b] : order[0]
          for (let i = 0; i < width; i++) to[b * width + i] = from[row * width + i]
        }
      })
      for (let b = 0; b < rows; b++) weight[b] = b < order.length ? 1 : 0
    },
  }
}
