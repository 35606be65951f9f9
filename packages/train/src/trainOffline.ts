import type { Advice, AnyAlgorithm } from '@maxent/core/contracts'
import { foldIn, key as keyOf } from '@maxent/core/keys'
import type { Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import { createAgent, type Agent, type ProgramMode } from './agent.ts'
import { batchOf } from './batches.ts'
import { eventLoopTurn } from './eventLoopTurn.ts'
import { assertFiniteMetrics, assertFiniteState, NonFiniteError, remedyFor } from './finite.ts'
import type { BatchArrays, Replay } from './replay.ts'
import { checkReplays, sampleUnion } from './replayUnion.ts'
import { outlineOf } from './outline.ts'
import { createStopwatch } from './stopwatch.ts'

/** What {@link trainOffline} takes. */
export interface TrainOfflineOptions {
  /** What learns, from transitions. */
  readonly algorithm: AnyAlgorithm
  /** What it learns from: all of them together, each in proportion to its size. They stay as they are. */
  readonly replays: readonly Replay[]
  /** Gradient steps, at least 1. */
  readonly updates: number
  /** Decides every random number. */
  readonly seed: number
  /** How the algorithm runs: compiled on one thread when absent. */
  readonly mode?: ProgramMode
  /** Changes a batch in place before it is learned from, as for the reward of another task. Absent: it stays as it was collected. */
  readonly relabel?: (batch: BatchArrays) => void
  /**
   * Gradient steps between those whose metrics are fetched and checked, at least 1; 100 when absent. Those of the last are as well, and, as often at most,
   * those at the end of a schedule, where diagnostics are.
   */
  readonly metricsEvery?: number
  /** Awaited after every gradient step, with how many there were: for curves of what the policy is worth. */
  readonly afterUpdate?: (updates: number, agent: Agent) => Promise<void> | void
  /** Ends it early, after the gradient step under way. */
  readonly signal?: AbortSignal
}

/** What was learned offline. */
export interface OfflineResult {
  /** `interrupted` when the signal ended it. */
  readonly outcome: 'finished' | 'interrupted'
  /** Gradient steps taken. */
  readonly updates: number
  /** The metrics that were fetched, by gradient steps taken. */
  readonly metrics: readonly {
    readonly updates: number
    readonly metrics: Readonly<Record<string, number>>
  }[]
  /** What the algorithm says of its config: what is allowed and hardly meant. */
  readonly warnings: readonly string[]
  /** What the algorithm says of the mean of the last of these metrics, a tenth of them: what is hardly meant, as a sampler that has collapsed. */
  readonly advice: readonly Advice[]
  /** The state at the end: for `createAgent`, `exportPolicy` and `exportState`. */
  readonly state: Tree<HostTensor>
}

/**
 * Training from what was collected before, with no environment and so without a step in one: gradient steps on batches from the union of
 * replays. A result depends on its options alone.
 * @throws RangeError when options break a rule or the replays do not fit the algorithm, NonFiniteError when a number stops being finite.
 */
export async function trainOffline(options: TrainOfflineOptions): Promise<OfflineResult> {
  const { algorithm, replays, updates, seed, relabel, metricsEvery = 100, afterUpdate, signal } = options
  for (const [name, value] of Object.entries({ updates, metricsEvery })) {
    if (Number.isInteger(value) && value >= 1) continue
    throw new RangeError(
      `trainOffline: ${name} must be an integer of at least 1, got ${value}; give a number of gradient steps`,
    )
  }
  const batch = checkLearner(options)
  const key = keyOf(seed)
  const batchKey = foldIn(key, 'offline batches')
  const agent = await createAgent({ algorithm, key, mode: options.mode ?? { kind: 'compiled', threads: 1 } })
  const turn = algorithm.schedule?.length ?? 1
  let done = 0
  let lastTurn = 0
  try {
    const fetched: OfflineResult['metrics'][number][] = []
    const watch = createStopwatch()
    while (done < updates && signal?.aborted !== true) {
      sampleUnion(replays, foldIn(batchKey, done), batch)
      relabel?.(batch)
      const index = done++
      const isTurn = done % turn === 0 && done - lastTurn >= metricsEvery
      if (isTurn) lastTurn = done
      if (isTurn || done % metricsEvery === 0 || done === updates) {
        const metrics = await agent.updateWithMetrics(batch, index)
        assertFiniteMetrics('trainOffline', metrics)
        fetched.push({ updates: done, metrics })
      } else {
        await agent.update(batch, index)
      }
      await afterUpdate?.(done, agent)
      if (watch.tick()) await eventLoopTurn()
    }
    const state = await agent.program.getState()
    assertFiniteState('trainOffline', state)
    return {
      outcome: done === updates ? 'finished' : 'interrupted',
      updates: done,
      metrics: fetched,
      warnings: algorithm.warnings ?? [],
      advice: algorithm.advise?.(lateMeans(fetched)) ?? [],
      state,
    }
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error
    const { isLearned } = error
    throw new NonFiniteError(
      `${error.message}, after ${done} updates; ${remedyFor(error, algorithm, 'replays')}`,
      { cause: error, isLearned },
    )
  } finally {
    await agent.dispose()
  }
}

/** Metrics, each a mean over those of the last tenth that have it. */
function lateMeans(fetched: OfflineResult['metrics']): Readonly<Record<string, number>> {
  const late = fetched.slice(-Math.ceil(fetched.length / 10))
  const names = new Set(late.flatMap(({ metrics }) => Object.keys(metrics)))
  return Object.fromEntries(
    [...names].map((name) => {
      const values = late.flatMap(({ metrics }) => (name in metrics ? [metrics[name]] : []))
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length]
    }),
  )
}

/** The arrays of a batch. */
function checkLearner({ algorithm, replays }: TrainOfflineOptions): BatchArrays {
  const { id, spec, experience, acting } = algorithm
  if ((experience?.kind ?? 'transitions') !== 'transitions' || acting?.record !== undefined) {
    throw new RangeError(
      `trainOffline: algorithm '${id}' must learn from transitions alone, got ` +
        `${acting?.record === undefined ? (experience?.kind ?? 'transitions') : `a record of ${Object.keys(acting.record).join(', ')}`}; ` +
        'replays hold single transitions for it',
    )
  }
  checkReplays('trainOffline', replays)
  if (algorithm.replays !== undefined && algorithm.replays !== replays.length) {
    throw new RangeError(
      `trainOffline: replays must have ${algorithm.replays} entries, one for each task that algorithm '${id}' was composed of, got ${replays.length}; ` +
        'give what was collected for every one of them, the same again where two share it',
    )
  }
  const [wanted, found] = [spec, replays[0].spec].map(outlineOf)
  if (wanted !== found) {
    throw new RangeError(
      `trainOffline: replays[0] must be of the specification of algorithm '${id}', ${wanted}, got ${found}; ` +
        'make both for one environment',
    )
  }
  return batchOf(algorithm)
}
