import type { Env, EnvSnapshot, EnvSpec, Observation, StepInfo } from '@maxent/core/contracts'
import type { Key } from '@maxent/core/keys'
import { foldIn, key as seedKey } from '@maxent/core/keys'
import type { Image } from './render/image.ts'
import type { RenderOptions } from './render/options.ts'

/** What a step gave. The record is reused. */
export interface Outcome {
  reward: number
  terminated: boolean
  readonly info: Record<string, number>
}

/** An environment that can be looked at. */
export interface VisibleEnv<Task = unknown> extends Env<Task> {
  /**
   * A picture of the state, without a display. Taking it changes nothing.
   *
   * @throws RangeError for options that are none, Error before the first reset, after close, and where there is nothing to see.
   */
  render(options?: RenderOptions): Image
}

/** What moves inside an environment. The episode around it is the same for all. */
export interface Dynamics {
  /** Written by every call below; the arrays stay the same. */
  readonly observation: Observation
  /** Of the last step; the information also of a start. */
  readonly outcome: Outcome
  /** The vector of task rewards of the last step, where `spec.features` names them. */
  readonly features?: Float32Array
  /**
   * Takes the task of the coming episodes, where there are several.
   * @throws RangeError when it is none; nothing has changed then.
   */
  setTask?(task: unknown): void
  /** Takes a picture of the state. */
  readonly paint?: (options: RenderOptions) => Image
  /** Draws an initial state. */
  start(key: Key): void
  /** One step. False when the state diverged; the observation is then still that of the state before. */
  advance(action: Float32Array): boolean
  /** The state, and whatever rewards and observations read beside it. */
  save(): EnvSnapshot
  /** Takes a state and its observation back. A snapshot that does not fit changes nothing. */
  load(snapshot: EnvSnapshot): void
  close(): void
}

/** Stages of an episode, as snapshots hold them. */
const FRESH = 0
const RUNNING = 1
const ENDED = 2

/**
 * The environment that runs episodes of some dynamics: seeds, time limit, checks, snapshots. Nothing is allocated in a step.
 *
 * Episode n of seed s starts from the key (s, n). An environment that was never seeded has the seed 0.
 */
export function createEnv(spec: EnvSpec, dynamics: Dynamics): VisibleEnv {
  const { id } = spec
  const actionSize = spec.action.low.length
  const timeLimit = spec.maxEpisodeSteps ?? Infinity
  const { observation, outcome } = dynamics
  const started = { observation, info: outcome.info as StepInfo }
  const result = {
    observation,
    reward: 0,
    terminated: false,
    truncated: false,
    info: outcome.info as StepInfo,
    ...(dynamics.features === undefined ? {} : { features: dynamics.features }),
  }

  let key = seedKey(0)
  let episodes = 0
  let steps = 0
  let stage = FRESH
  let closed = false

  const checkOpen = (call: string): void => {
    if (closed) throw new Error(`${call}: "${id}" must be open, got a closed environment, make another`)
  }

  const checkAction = (action: Float32Array): void => {
    if (action.length !== actionSize) {
      throw new RangeError(`step: action must have the length ${actionSize} in "${id}", got ${action.length}`)
    }
    for (let i = 0; i < actionSize; i++) {
      if (!Number.isFinite(action[i])) {
        throw new RangeError(
          `step: action must be finite in "${id}", got ${action[i]} at index ${i} in step ${steps + 1}`,
        )
      }
    }
  }

  return {
    spec,
    reset: (options = {}) => {
      checkOpen('reset')
      const seeded = options.seed === undefined ? undefined : seedKey(options.seed)
      if (options.task !== undefined && dynamics.setTask === undefined) {
        throw new RangeError(
          `reset: task must be left out in "${id}", got ${JSON.stringify(options.task)}, it has a single task`,
        )
      }
      if (options.task !== undefined) dynamics.setTask?.(options.task)
      if (seeded !== undefined) {
        key = seeded
        episodes = 0
      }
      dynamics.start(foldIn(key, episodes))
      episodes++
      steps = 0
      stage = RUNNING
      return started
    },
    step: (action) => {
      checkOpen('step')
      if (stage !== RUNNING) {
        const got = stage === FRESH ? 'none yet' : `one that ended after ${steps} steps`
        throw new Error(`step: "${id}" must have a running episode, got ${got}, call reset`)
      }
      checkAction(action)
      if (!dynamics.advance(action)) {
        stage = ENDED
        throw new Error(
          `step: "${id}" must stay within its numerical range, got a diverging state in step ${steps + 1}` +
            ` from the observation ${describe(observation)} with the action [${action.join(', ')}], call reset`,
        )
      }
      steps++
      result.reward = outcome.reward
      result.terminated = outcome.terminated
      result.truncated = steps >= timeLimit
      if (result.terminated || result.truncated) stage = ENDED
      return result
    },
    render: (options = {}) => {
      checkOpen('render')
      if (stage === FRESH) {
        throw new Error(`render: "${id}" must have had an episode, got none yet, call reset`)
      }
      if (dynamics.paint === undefined) {
        throw new Error(`render: "${id}" must have a picture, its dynamics have no "paint"`)
      }
      return dynamics.paint(options)
    },
    snapshot: () => {
      checkOpen('snapshot')
      return {
        ...dynamics.save(),
        key: Float64Array.from(key),
        episode: Float64Array.of(stage, episodes, steps),
      }
    },
    restore: (snapshot) => {
      checkOpen('restore')
      const saved = part(snapshot, 'key', 2)
      const episode = part(snapshot, 'episode', 3)
      dynamics.load(snapshot)
      key = [saved[0], saved[1]]
      ;[stage, episodes, steps] = episode
    },
    close: () => {
      if (closed) return
      closed = true
      dynamics.close()
    },
  }
}

/**
 * The array of a snapshot with the given name and length.
 *
 * @throws RangeError when it is missing or has another length.
 */
export function part(snapshot: EnvSnapshot, name: string, length: number): Float64Array {
  const found: Float64Array | undefined = snapshot[name]
  if (found?.length !== length) {
    const got = found === undefined ? 'none' : `one of length ${found.length}`
    throw new RangeError(
      `restore: snapshot must have an array "${name}" of length ${length}, got ${got}, take it from an environment of the same id`,
    )
  }
  return found
}

function describe(observation: Observation): string {
  const groups = Object.entries(observation).map(([name, values]) => `${name} [${values.join(', ')}]`)
  return groups.join(', ')
}
