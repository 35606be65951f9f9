import { key as keyOf, type Key } from '@maxent/core/keys'
import { createAgent, type Agent } from './agent.ts'
import { batchOf } from './batches.ts'
import { createCheckpoints } from './checkpoint.ts'
import { resolveTrainConfig, type TrainConfig } from './config.ts'
import { createRecorder } from './recorder.ts'
import { createReplay, type BatchArrays, type Replay } from './replay.ts'
import { createRolloutStepper } from './rollouts.ts'
import { run } from './session.ts'
import { createStepper, type Stepper } from './stepper.ts'
import { checkFit, type TrainOptions, type TrainResult } from './trainOptions.ts'
import { createVectorStepper } from './vectorStepper.ts'

/**
 * Training: experience into a uniform replay and updates from it, or rollouts and passes over them; evaluation on the side, all recorded so
 * that a run that ends early (an interrupt, a crash, SIGKILL) goes on bit for bit when `train` is called again with the same options and
 * store.
 * @throws RangeError when options do not fit each other or the store, NonFiniteError when a number stops being finite,
 * EnvironmentError when the environment throws.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const config = resolveTrainConfig(options.config)
  checkFit(options, config)
  const key = keyOf(options.seed)
  const mode = options.mode ?? { kind: 'compiled', threads: 1 }
  const { env, algorithm } = options
  const agent = await createAgent({
    algorithm,
    key,
    mode,
    ...('size' in env && { environments: env.size }),
    ...(options.program && { program: options.program }),
  })
  try {
    const { stepper, replay, batch } = createSource(options, { agent, config, key })
    const checkpoints =
      options.store &&
      createCheckpoints({
        store: options.store,
        lanes: replay?.lanes ?? [],
        keep: config.keepCheckpoints,
      })
    const recorder = options.store && checkpoints && createRecorder(options.store, checkpoints)
    return await run({ options, config, mode, agent, stepper, recorder, batch })
  } finally {
    await agent.dispose()
  }
}

/** Where experience comes from, and goes. */
interface Source {
  readonly stepper: Stepper
  /** None for rollouts, which a checkpoint holds as a whole. */
  readonly replay: Replay | undefined
  /** The last batch, for inspection. */
  readonly batch: BatchArrays | undefined
}

function createSource(
  { env, algorithm }: TrainOptions,
  { agent, config, key }: { readonly agent: Agent; readonly config: TrainConfig; readonly key: Key },
): Source {
  if (algorithm.experience?.kind === 'rollouts') {
    if ('size' in env)
      return {
        stepper: createRolloutStepper({ env, agent, config, key }),
        replay: undefined,
        batch: undefined,
      }
    throw new RangeError(
      `train: algorithm '${algorithm.id}' must have several environments, got one '${env.spec.id}'; give vectorEnv([...])`,
    )
  }
  const batch = batchOf(algorithm)
  const replay = createReplay({
    spec: env.spec,
    capacity: config.replayCapacity,
    lanes: 'size' in env ? env.size : 1,
    pretouch: config.pretouchReplay,
    record: algorithm.acting?.record ?? {},
  })
  const parts = { agent, replay, batch, config, key }
  return {
    stepper: 'size' in env ? createVectorStepper({ env, ...parts }) : createStepper({ env, ...parts }),
    replay,
    batch,
  }
}
