import { evaluate, meanAndStd } from './evaluate.ts'
import { eventLoopTurn } from './eventLoopTurn.ts'
import type { Agent, ProgramMode } from './agent.ts'
import type { CheckpointContent } from './checkpoint.ts'
import type { TrainConfig } from './config.ts'
import { assertFiniteState } from './finite.ts'
import { explained } from './inspection.ts'
import type { TrainEvent } from './progress.ts'
import type { EvalLine, MetricsLine } from './record.ts'
import type { Recorder, RunIdentity } from './recorder.ts'
import type { BatchArrays } from './replay.ts'
import { packRun, unpackRun, type Milestones } from './runState.ts'
import { stateHash } from './stateHash.ts'
import type { Interval, Stepper } from './stepper.ts'
import { createStopwatch, type Stopwatch } from './stopwatch.ts'
import type { TrainOptions, TrainResult } from './trainOptions.ts'
import { machine, versions } from './versions.ts'

/** What a run is made of. */
export interface Run {
  readonly options: TrainOptions
  readonly config: TrainConfig
  readonly mode: ProgramMode
  readonly agent: Agent
  readonly stepper: Stepper
  readonly recorder: Recorder | undefined
  readonly batch: BatchArrays | undefined
}

/** Opens the record, goes on from what it holds, and trains to the end or an interrupt. */
export async function run(parts: Run): Promise<TrainResult> {
  const { options, config, agent, stepper, recorder } = parts
  const notify = (message: string): void => options.onProgress?.({ kind: 'notice', message })
  for (const warning of options.algorithm.warnings ?? []) notify(warning)
  const watch = createStopwatch()
  const milestones: Milestones = { logged: 0, evaluated: 0, concluded: 0, saved: 0, evaluation: undefined }
  const found = recorder && (await recorder.open(await identityOf(parts), notify))
  if (found !== undefined) await resume(parts, { found, milestones, watch })
  options.onProgress?.({ kind: 'start', step: stepper.counters.step, steps: config.steps })

  const session: Session = { ...parts, milestones, watch, advised: new Set() }
  try {
    await loop(session)
  } catch (error) {
    throw await explained(session, error)
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

/** A run under way. */
export interface Session extends Run {
  readonly milestones: Milestones
  readonly watch: Stopwatch
  /** The names of what was advised in this sitting. */
  readonly advised: Set<string>
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
      const learning = stepper.counters.step - config.warmupSteps
      if (learning >= stepper.stride) watch.countSteps(stepper.stride)
      else if (learning >= 0) watch.restart()
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
function isSettled(session: Session): boolean {
  const { config, milestones, stepper } = session
  const { step } = stepper.counters
  if (config.finalEpisodes > 0) return milestones.concluded === step
  return !passes(session, config.evaluateEvery) || milestones.evaluated === step
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

async function log({ options, stepper, recorder, milestones, watch, advised }: Session): Promise<void> {
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
  for (const { name, message } of options.algorithm.advise?.(line.metrics) ?? []) {
    if (advised.has(name)) continue
    advised.add(name)
    options.onProgress?.({ kind: 'notice', advice: name, message: `${message}; seen after ${step} steps` })
  }
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
  assertFiniteState('train', state)
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
    config: algorithm.config,
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
