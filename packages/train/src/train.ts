import type { AnyAlgorithm, Env, EnvSpec, VectorEnv } from '@maxent/core/contracts'
import { key as keyOf, type Key } from '@maxent/core/keys'
import type { Tree } from '@maxent/core/tree'
import type { HostTensor, Program } from '@maxent/jit'
import { createAgent, type Agent, type ProgramMode } from './agent.ts'
import { batchOf } from './batches.ts'
import { createCheckpoints, type CheckpointContent } from './checkpoint.ts'
import { resolveTrainConfig, type TrainConfig } from './config.ts'
import { evaluate, meanAndStd } from './evaluate.ts'
import { eventLoopTurn } from './eventLoopTurn.ts'
import { EnvironmentError } from './environmentError.ts'
import { describeNonFiniteLeaf, NonFiniteError } from './finite.ts'
import type { TrainEvent } from './progress.ts'
import type { EvalLine, MetricsLine } from './record.ts'
import { createRecorder, type Recorder, type RunIdentity } from './recorder.ts'
import { createReplay, type BatchArrays, type Replay } from './replay.ts'
import { createRolloutStepper } from './rollouts.ts'
import { packRun, unpackRun, type Milestones } from './runState.ts'
import { stateHash } from './stateHash.ts'
import { createStepper, type Interval, type Stepper } from './stepper.ts'
import type { RunStore } from './store.ts'
import { createStopwatch, type Stopwatch } from './stopwatch.ts'
import { createVectorStepper } from './vectorStepper.ts'
import { machine, versions } from './versions.ts'

/** What {@link train} takes. */
export interface TrainOptions {
  /** The environment that experience comes from: one, or several as `vectorEnv` makes them. It stays the caller's to close. */
  readonly env: Env | VectorEnv
  /** Another one of the same kind, for evaluation. It stays the caller's to close. */
  readonly evalEnv: Env
  /** What learns, made for the environment's specification. */
  readonly algorithm: AnyAlgorithm
  /** Fields that differ from {@link trainDefaults}. */
  readonly config?: Partial<TrainConfig>
  /** Decides every random number of the run. */
  readonly seed: number
  /** How the algorithm runs: compiled on one thread when absent. */
  readonly mode?: ProgramMode
  /** A program of the algorithm's functions, in place of one that is made here; it is disposed at the end. `trainSeeds` gives one. */
  readonly program?: Program
  /** Keeps the run record and resumes from it. Without it nothing is recorded. It stays the caller's to close. */
  readonly store?: RunStore
  /** Anything else that identifies the run, above all the algorithm's config. It goes to `config.json`, and must be equal on resuming. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Told of what happens. Not awaited: it must not take long. */
  readonly onProgress?: (event: TrainEvent) => void
  /** Ends the run early, after the step under way and a checkpoint. */
  readonly signal?: AbortSignal
}

/** How a run ended. */
export interface TrainResult {
  /** `interrupted` when the signal ended it: the same call goes on from there. */
  readonly outcome: 'finished' | 'interrupted'
  /** Environment steps taken. */
  readonly steps: number
  /** Gradient steps taken. */
  readonly updates: number
  /** Episodes finished. */
  readonly episodes: number
  /** The last evaluation; the one at the end when the run is finished and has one. */
  readonly evaluation: EvalLine | undefined
  /** The state at the end: for `createAgent`, `exportPolicy` and `exportState`. */
  readonly state: Tree<HostTensor>
  /** SHA-256 of the state. */
  readonly stateHash: string
  /** Seconds of work, all sittings together. */
  readonly wallSeconds: number
  /** Environment steps per second after the warm-up, evaluation and checkpoints excluded, of this sitting; 0 when it took none. */
  readonly stepsPerSecond: number
}

/**
 * Training: experience into a uniform replay and updates from it, or rollouts and passes over them; evaluation on the side, all recorded so
 * that a run that ends early (an interrupt, a crash, SIGKILL) goes on bit for bit when `train` is called again with the same options and
 * store.
 * @throws RangeError when options do not fit each other or the store, NonFiniteError when a number stops being finite,
 * EnvironmentError when the environment throws.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const config = resolveTrainConfig(options.config)
  checkFit(options)
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

interface Run {
  readonly options: TrainOptions
  readonly config: TrainConfig
  readonly mode: ProgramMode
  readonly agent: Agent
  readonly stepper: Stepper
  readonly recorder: Recorder | undefined
  readonly batch: BatchArrays | undefined
}

async function run(parts: Run): Promise<TrainResult> {
  const { options, config, agent, stepper, recorder } = parts
  const notify = (message: string): void => options.onProgress?.({ kind: 'notice', message })
  for (const warning of options.algorithm.warnings ?? []) notify(warning)
  const watch = createStopwatch()
  const milestones: Milestones = { logged: 0, evaluated: 0, concluded: 0, saved: 0, evaluation: undefined }
  const found = recorder && (await recorder.open(await identityOf(parts), notify))
  if (found !== undefined) await resume(parts, { found, milestones, watch })
  options.onProgress?.({ kind: 'start', step: stepper.counters.step, steps: config.steps })

  const session: Session = { ...parts, milestones, watch }
  try {
    await loop(session)
  } catch (error) {
    if (error instanceof NonFiniteError) throw await inspect(session, error)
    if (error instanceof EnvironmentError) throw await inspectEnvironment(session, error)
    throw error
  }
  const state = await agent.program.getState()
  const { step, updates, episodes } = stepper.counters
  return {
    outcome: isOver(session) && isSettled(session) ? 'finished' : 'interrupted',
    steps: step,
    updates,
    episodes,
    evaluation: milestones.evaluation,
    state,
    stateHash: await stateHash(state),
    wallSeconds: watch.wallSeconds(),
    stepsPerSecond: watch.stepsPerSecond(),
  }
}

/** No step: what was done since the last checkpoint is not in it. */
const UNSAVED = -1

interface Session extends Run {
  readonly milestones: Milestones
  readonly watch: Stopwatch
}

/** Steps until the end or an interrupt. What falls due at a step is done before the next, also after resuming there. */
async function loop(session: Session): Promise<void> {
  const { options, config, stepper, milestones, watch } = session
  const aborted = (): boolean => options.signal?.aborted === true
  await settle(session)
  while (!isOver(session) && !aborted()) {
    watch.start()
    do {
      await stepper.advance()
      const { step } = stepper.counters
      if (step > config.warmupSteps) watch.countSteps(stepper.stride)
      else if (step === config.warmupSteps) watch.restart()
      if (watch.tick()) {
        options.onProgress?.(progressOf(session))
        await eventLoopTurn()
      }
    } while (!isDue(session) && !aborted())
    watch.stop()
    await settle(session)
  }
  if (milestones.saved !== stepper.counters.step) await save(session)
}

/** Whether another advance would take more steps than there are to take. */
function isOver({ config, stepper }: Pick<Run, 'config' | 'stepper'>): boolean {
  return stepper.counters.step + stepper.stride > config.steps
}

function isDue(session: Session): boolean {
  const { logEvery, evaluateEvery, checkpointEvery } = session.config
  return isOver(session) || [logEvery, evaluateEvery, checkpointEvery].some((every) => passes(session, every))
}

/** Whether the last advance came to a multiple of `every`, or passed one. */
function passes({ stepper: { counters, stride } }: Pick<Run, 'stepper'>, every: number): boolean {
  return every > 0 && counters.step % every < stride
}

/** Whether nothing that falls due at the last step is left to do. */
function isSettled({ config, milestones, stepper }: Session): boolean {
  return config.finalEpisodes === 0 || milestones.concluded === stepper.counters.step
}

/** Logs, evaluates and saves what falls due at the present step and has not been done. */
async function settle(session: Session): Promise<void> {
  const { config, stepper, milestones } = session
  const { step } = stepper.counters
  if (step === 0) return
  const end = isOver(session)
  if ((end || passes(session, config.logEvery)) && milestones.logged !== step) await log(session)
  if (end && config.finalEpisodes > 0) {
    if (milestones.concluded !== step)
      await appraise(session, { episodes: config.finalEpisodes, final: true })
  } else if (passes(session, config.evaluateEvery) && milestones.evaluated !== step) {
    await appraise(session, { episodes: config.evaluateEpisodes, final: false })
  }
  if (session.options.signal?.aborted === true) return
  if (passes(session, config.checkpointEvery) && milestones.saved !== step) await save(session)
}

async function log({ options, stepper, recorder, milestones, watch }: Session): Promise<void> {
  const { step, updates, episodes } = stepper.counters
  const line: MetricsLine = {
    step,
    updates,
    episodes,
    ...averages(stepper.takeInterval()),
    wallSeconds: watch.wallSeconds(),
  }
  await recorder?.metrics(line)
  milestones.logged = step
  milestones.saved = UNSAVED
  options.onProgress?.({ kind: 'metrics', line })
}

function averages(interval: Interval): Pick<MetricsLine, 'episodeReturn' | 'episodeLength' | 'metrics'> {
  const { episodes, returns, lengths, fetches, metrics } = interval
  return {
    episodeReturn: episodes === 0 ? null : returns / episodes,
    episodeLength: episodes === 0 ? null : lengths / episodes,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, sum]) => [name, sum / fetches[name]])),
  }
}

/** One evaluation, which an interrupt leaves undone. */
async function appraise(
  session: Session,
  how: { readonly episodes: number; readonly final: boolean },
): Promise<void> {
  const { options, agent, stepper, recorder, milestones, watch } = session
  const { signal, seed, evalEnv: env, onProgress } = options
  const act = agent.actDeterministic
  const found = await evaluate({
    env,
    act,
    episodes: how.episodes,
    seed,
    ...(signal === undefined ? {} : { signal }),
  })
  if (found === undefined) return
  const { step, updates } = stepper.counters
  const { mean, std } = meanAndStd(found.returns)
  const outcome = { step, updates, final: how.final, returnMean: mean, returnStd: std, ...found }
  const line: EvalLine = { ...outcome, wallSeconds: watch.wallSeconds() }
  await recorder?.evaluation(line)
  milestones.evaluated = step
  milestones.saved = UNSAVED
  if (how.final) milestones.concluded = step
  milestones.evaluation = line
  onProgress?.({ kind: 'evaluation', line })
}

/** Checks the state, and writes a checkpoint where the run is recorded. */
async function save(session: Session): Promise<void> {
  const { options, agent, stepper, recorder, milestones, watch } = session
  const { step } = stepper.counters
  milestones.saved = step
  const state = await agent.program.getState()
  const leaf = describeNonFiniteLeaf(state)
  if (leaf !== undefined) throw new NonFiniteError(`train: state must be finite, got ${leaf}`)
  if (recorder === undefined || step === 0) return
  const wallSeconds = watch.wallSeconds()
  const path = await recorder.save(packRun({ state, stepper: stepper.snapshot(), milestones, wallSeconds }))
  options.onProgress?.({ kind: 'checkpoint', step, path })
}

interface Found {
  readonly found: CheckpointContent
  readonly milestones: Milestones
  readonly watch: Stopwatch
}

async function resume({ agent, stepper }: Run, { found, milestones, watch }: Found): Promise<void> {
  const saved = unpackRun(found, await agent.program.getState())
  agent.program.setState(saved.state)
  stepper.restore(saved.stepper)
  Object.assign(milestones, saved.milestones, { saved: found.step })
  watch.addEarlier(saved.wallSeconds)
}

/** Writes state, environment and last batch to a file, and gives its path; `undefined` when that cannot be done. */
async function saveInspection(session: Session, message: string): Promise<string | undefined> {
  const { agent, stepper, milestones, recorder, batch, watch } = session
  try {
    const state = await agent.program.getState()
    const wallSeconds = watch.wallSeconds()
    const packed = packRun({
      state,
      stepper: stepper.snapshot(),
      milestones,
      wallSeconds,
      ...(batch === undefined ? {} : { batch }),
    })
    return await recorder?.saveInspection({ ...packed, meta: { error: message, ...packed.meta } })
  } catch {
    // A disk that is full as well, or an environment that is beyond a snapshot, must not hide what went wrong first.
    return undefined
  }
}

/** Saves what is there for inspection and completes the error with where and when. */
async function inspect(session: Session, error: NonFiniteError): Promise<NonFiniteError> {
  const { step, updates } = session.stepper.counters
  const leaf = describeNonFiniteLeaf(await session.agent.program.getState())
  const path = await saveInspection(session, error.message)
  return new NonFiniteError(
    `${error.message}, after ${step} steps and ${updates} updates; ` +
      `${leaf === undefined ? 'every leaf of the state is finite' : `the first such ${leaf}`}; ` +
      `${path === undefined ? '' : `state and batch are in ${path}; `}` +
      `check the environment's numbers, or try a smaller learning rate`,
    { cause: error },
  )
}

/** As {@link inspect}, where the environment threw. */
async function inspectEnvironment(session: Session, error: EnvironmentError): Promise<EnvironmentError> {
  const { step, updates } = session.stepper.counters
  const path = await saveInspection(session, error.message)
  return new EnvironmentError(
    `${error.message}; after ${step} steps and ${updates} updates of the run with seed ${session.options.seed}; ` +
      `${path === undefined ? '' : `state and environment are in ${path}; `}` +
      `resuming repeats the same steps and the same error: mend the environment, or choose another seed or other settings in another folder`,
    { cause: error.cause },
  )
}

function progressOf({ config, stepper, milestones, watch }: Session): TrainEvent {
  const { step, updates, episodes } = stepper.counters
  const { evaluation } = milestones
  return {
    kind: 'progress',
    step,
    steps: config.steps,
    updates,
    episodes,
    evaluation,
    stepsPerSecond: watch.stepsPerSecond(),
  }
}

async function identityOf({ options, config, mode }: Run): Promise<RunIdentity> {
  const { env, algorithm } = options
  const { id, observation, action, maxEpisodeSteps } = env.spec
  return {
    env: {
      id,
      observation,
      action,
      maxEpisodeSteps: maxEpisodeSteps ?? null,
      // Algorithms that learn from rollouts say in their config how many they take.
      ...('size' in env && algorithm.experience?.kind !== 'rollouts' && { environments: env.size }),
    },
    algorithm: algorithm.id,
    seed: options.seed,
    mode:
      mode.kind === 'compiled'
        ? { kind: mode.kind, threads: mode.threads ?? 1 }
        : { kind: mode.kind, backend: mode.backend ?? 'cpu' },
    train: { ...config },
    details: options.details ?? {},
    versions: await versions(),
    machine: machine(),
  }
}

function checkFit({ env, evalEnv, algorithm }: TrainOptions): void {
  if (Object.is(env, evalEnv)) {
    throw new RangeError(
      `train: evalEnv must be another environment than env, got the same; make a second '${env.spec.id}'`,
    )
  }
  const outline = ({ observation, action }: Pick<EnvSpec, 'observation' | 'action'>): string =>
    JSON.stringify({ observation, action: { low: action.low, high: action.high, choices: action.choices } })
  const expected = outline(env.spec)
  for (const [name, spec] of [
    ['evalEnv', evalEnv.spec],
    ['algorithm', algorithm.spec],
  ] as const) {
    if (outline(spec) === expected) continue
    throw new RangeError(
      `train: ${name} must have the spec of env, ${expected}, got ${outline(spec)}; make both from env.spec`,
    )
  }
}
