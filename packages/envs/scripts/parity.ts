/** How the environments after Gymnasium differ from it, by the recordings of `fixtures`. */
import { readFileSync } from 'node:fs'
import type { Env, Observation } from '@maxent/core/contracts'
import { key } from '@maxent/core/keys'
import { ant } from '../src/bodies/ant.ts'
import { halfCheetah } from '../src/bodies/halfCheetah.ts'
import { hopper } from '../src/bodies/hopper.ts'
import { humanoid } from '../src/bodies/humanoid.ts'
import { invertedDoublePendulum } from '../src/bodies/invertedDoublePendulum.ts'
import { invertedPendulum } from '../src/bodies/invertedPendulum.ts'
import { pusher } from '../src/bodies/pusher.ts'
import { reacher } from '../src/bodies/reacher.ts'
import { swimmer } from '../src/bodies/swimmer.ts'
import { walker2d } from '../src/bodies/walker2d.ts'
import { makeEnv } from '../src/index.ts'
import { composeDynamics } from '../src/mujoco/dynamics.ts'
import type { Body, Task } from '../src/mujoco/model.ts'
import { composeModel } from '../src/mujoco/model.ts'
import { createSimulation } from '../src/mujoco/simulation.ts'
import { balance } from '../src/tasks/balance.ts'
import { balanceTip } from '../src/tasks/balanceTip.ts'
import {
  antRun,
  halfCheetahRun,
  hopperRun,
  humanoidRun,
  swimmerRun,
  walker2dRun,
} from '../src/tasks/gymnasium.ts'
import { push } from '../src/tasks/push.ts'
import { reach } from '../src/tasks/reach.ts'

/** An environment with its parts, and whether anything touches in it: in all steps, in some, or never. */
export interface ParityCase {
  readonly id:
    | 'inverted-pendulum'
    | 'inverted-double-pendulum'
    | 'reacher'
    | 'pusher'
    | 'swimmer'
    | 'hopper'
    | 'walker2d'
    | 'half-cheetah'
    | 'ant'
    | 'humanoid'
  readonly body: Body
  readonly task: Task
  readonly touches: 'always' | 'sometimes' | 'never'
}

export const parityCases: readonly ParityCase[] = [
  { id: 'inverted-pendulum', body: invertedPendulum, task: balance, touches: 'never' },
  { id: 'inverted-double-pendulum', body: invertedDoublePendulum, task: balanceTip, touches: 'never' },
  { id: 'reacher', body: reacher, task: reach, touches: 'never' },
  { id: 'pusher', body: pusher, task: push, touches: 'always' },
  { id: 'swimmer', body: swimmer, task: swimmerRun, touches: 'never' },
  { id: 'hopper', body: hopper, task: hopperRun, touches: 'sometimes' },
  { id: 'walker2d', body: walker2d, task: walker2dRun, touches: 'sometimes' },
  { id: 'half-cheetah', body: halfCheetah, task: halfCheetahRun, touches: 'sometimes' },
  { id: 'ant', body: ant, task: antRun, touches: 'sometimes' },
  { id: 'humanoid', body: humanoid, task: humanoidRun, touches: 'sometimes' },
]

/** Numbers in little-endian bytes are strings here; rows of flags are strings of 0 and 1. */
interface Steps {
  readonly episodes: number
  readonly steps: number
  /** Every so many steps the observation was recorded. */
  readonly every: number
  readonly contacts: string
  readonly terminated: string
  readonly states: string
  readonly memories: string
  readonly rewards: string
  readonly actions: string
  readonly observations: string
}
interface Trajectories {
  readonly count: number
  readonly steps: number
  /** States are recorded after every so many steps. */
  readonly every: number
  readonly starts: string
  readonly startObservations: string
  readonly actions: string
  readonly states: string
  readonly strayed: string
}
interface Model {
  readonly arrays: Record<string, number[]>
  readonly options: Record<string, number | number[]>
  readonly meaninertia: number
}

const fixture = (id: string, name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${id}-${name}.json`, import.meta.url), 'utf8'))

/** `count` rows of equal length. */
function rows<T extends Float64Array | Float32Array>(
  encoded: string,
  kind: new (buffer: ArrayBufferLike) => T,
  count: number,
): T[] {
  const values = new kind(Uint8Array.from(Buffer.from(encoded, 'base64')).buffer)
  const width = values.length / count
  return Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width) as T)
}

/**
 * The largest |x - y| / (1 + |y|). It is at most e exactly where |x - y| <= e + e |y| everywhere. Infinite where the lengths differ, or
 * where something is no number.
 */
function error(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  return Array.from(expected).reduce((worst, y, i) => {
    const distance = Math.abs(actual[i] - y) / (1 + Math.abs(y))
    return distance <= worst ? worst : Number.isNaN(distance) ? Infinity : distance
  }, 0)
}

/** An episode at a recorded state: time 0, positions and velocities, no warm start. */
function enter(env: Env, state: Float64Array, memory?: Float64Array): void {
  env.reset({ seed: 0 })
  const snapshot = env.snapshot()
  const physics = new Float64Array(snapshot.physics.length)
  physics.set(state, 1)
  env.restore({ ...snapshot, physics, task: memory ?? snapshot.task })
}

const reached = (env: Env, size: number): Float64Array => env.snapshot().physics.subarray(1, 1 + size)

const seen = (observation: Observation): number[] => Object.values(observation).flatMap((group) => [...group])

/** The worst errors of single steps. */
export interface StepErrors {
  /** How many steps there were, and in how many of them something touched. */
  readonly count: number
  readonly contacts: number
  /** How many states they begin in, apart by more than 1e-6. */
  readonly distinct: number
  /** Errors of state and reward, apart and in contact. */
  readonly free: number
  readonly contact: number
  readonly observation: number
  /** Steps whose end differed. */
  readonly flags: number
}

/** Takes each recorded step from its recorded state: of noise from odd starts (`steps`), or of a trained policy (`policy`). */
export async function stepErrors(id: ParityCase['id'], recording: 'steps' | 'policy'): Promise<StepErrors> {
  const recorded = fixture(id, recording) as Steps
  const count = recorded.episodes * recorded.steps
  const states = rows(recorded.states, Float64Array, count + recorded.episodes)
  const memories = rows(recorded.memories, Float64Array, count)
  const actions = rows(recorded.actions, Float32Array, count)
  const rewards = rows(recorded.rewards, Float64Array, count)
  const observations = rows(recorded.observations, Float32Array, count / recorded.every)
  const worst = { free: 0, contact: 0, observation: 0, flags: 0 }
  const begun = new Set<string>()
  const env = await makeEnv(id)
  for (let t = 0; t < count; t++) {
    const at = t + Math.floor(t / recorded.steps)
    begun.add(Array.from(states[at], (x) => x.toFixed(6)).join())
    enter(env, states[at], memories[t])
    const { observation, reward, terminated, truncated } = env.step(actions[t])
    const kind = recorded.contacts[t] === '1' ? 'contact' : 'free'
    const next = states[at + 1]
    worst[kind] = Math.max(worst[kind], error(reached(env, next.length), next), error([reward], rewards[t]))
    if (terminated !== (recorded.terminated[t] === '1') || truncated) worst.flags++
    if ((t + 1) % recorded.every === 0) {
      const expected = observations[(t + 1) / recorded.every - 1]
      worst.observation = Math.max(worst.observation, error(seen(observation), expected))
    }
  }
  env.close()
  const contacts = recorded.contacts.replaceAll('0', '').length
  return { count, contacts, distinct: begun.size, ...worst }
}

/**
 * How far runs of 20 steps stray from recorded ones, as a multiple of how far the native runs stray when every position starts one ulp
 * higher or lower; looked at every 5 steps. An ulp of a number near 0 is lost in the first sum, so that an ulp of 1 is the least that
 * counts.
 */
export async function strayRatio(id: ParityCase['id']): Promise<number> {
  const recorded = fixture(id, 'trajectories') as Trajectories
  const { count, steps, every } = recorded
  const starts = rows(recorded.starts, Float64Array, count)
  const actions = rows(recorded.actions, Float32Array, count * steps)
  const looks = steps / every
  const states = rows(recorded.states, Float64Array, count * looks)
  const strayed = rows(recorded.strayed, Float64Array, count)
  const env = await makeEnv(id)
  let worst = 0
  for (let episode = 0; episode < count; episode++) {
    enter(env, starts[episode])
    for (let t = 1; t <= steps; t++) {
      // Falling does not stop the recorded run.
      env.restore({ ...env.snapshot(), episode: Float64Array.of(1, 1, 0) })
      env.step(actions[episode * steps + t - 1])
      if (t % every !== 0) continue
      const look = t / every - 1
      const state = states[episode * looks + look]
      const place = reached(env, state.length)
      const allowed = Math.max(Number.EPSILON, strayed[episode][look])
      state.forEach((y, i) => {
        const ratio = Math.abs(place[i] - y) / allowed
        worst = ratio <= worst ? worst : Number.isNaN(ratio) ? Infinity : ratio
      })
    }
  }
  env.close()
  return worst
}

/** The error of what is shown at starts. */
export async function startError({ id, body, task }: ParityCase): Promise<number> {
  const recorded = fixture(id, 'trajectories') as Trajectories
  const starts = rows(recorded.starts, Float64Array, recorded.count)
  const observations = rows(recorded.startObservations, Float32Array, recorded.count)
  let worst = 0
  for (const [episode, state] of starts.entries()) {
    const placed: Body = {
      ...body,
      start: ({ qpos, qvel }) => {
        qpos.set(state.subarray(0, qpos.length))
        qvel.set(state.subarray(qpos.length))
      },
    }
    const dynamics = await composeDynamics(placed, task)
    // What an episode leaves behind must not show.
    dynamics.start(key(0))
    dynamics.advance(Float32Array.from(body.action.high))
    dynamics.start(key(0))
    worst = Math.max(worst, error(seen(dynamics.observation), observations[episode]))
    dynamics.close()
  }
  return worst
}

/** The errors of the compiled model, array by array and option by option. */
export async function modelErrors({ id, body, task }: ParityCase): Promise<Record<string, number>> {
  const published = fixture(id, 'model') as Model
  const simulation = await createSimulation(composeModel(body, task))
  const { model } = simulation.native
  const compiled = model as unknown as Record<string, ArrayLike<number>>
  const option = model.opt as unknown as Record<string, number | ArrayLike<number>>
  const worst: Record<string, number> = {}
  for (const [name, expected] of Object.entries(published.arrays))
    worst[name] = error(compiled[name], expected)
  for (const [name, expected] of Object.entries(published.options)) {
    const actual = option[name]
    worst[name] = error(typeof actual === 'number' ? [actual] : actual, [expected].flat())
  }
  worst.meaninertia = error([model.stat.meaninertia], [published.meaninertia])
  simulation.close()
  return worst
}
