import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { key } from '@maxent/core/keys'
import { ant } from './bodies/ant.ts'
import { halfCheetah } from './bodies/halfCheetah.ts'
import { hopper } from './bodies/hopper.ts'
import { humanoid } from './bodies/humanoid.ts'
import { invertedDoublePendulum } from './bodies/invertedDoublePendulum.ts'
import { invertedPendulum } from './bodies/invertedPendulum.ts'
import { reacher } from './bodies/reacher.ts'
import { swimmer } from './bodies/swimmer.ts'
import { walker2d } from './bodies/walker2d.ts'
import { makeEnv } from './index.ts'
import { composeDynamics } from './mujoco/dynamics.ts'
import type { Body } from './mujoco/model.ts'
import { composeModel } from './mujoco/model.ts'
import { createSimulation } from './mujoco/simulation.ts'
import { balanceTip } from './tasks/balanceTip.ts'
import { balance } from './tasks/balance.ts'
import { antRun, halfCheetahRun, hopperRun, humanoidRun, swimmerRun, walker2dRun } from './tasks/gymnasium.ts'
import { reach } from './tasks/reach.ts'

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

/** The largest |x - y| / (1 + |y|). */
function error(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  return Array.from(expected).reduce((worst, y, i) => {
    const distance = Math.abs(actual[i] - y) / (1 + Math.abs(y))
    return distance <= worst ? worst : distance
  }, 0)
}

/** Environments with their parts, and whether they touch anything. */
const cases = [
  { id: 'inverted-pendulum', body: invertedPendulum, task: balance, touches: false },
  { id: 'inverted-double-pendulum', body: invertedDoublePendulum, task: balanceTip, touches: false },
  { id: 'reacher', body: reacher, task: reach, touches: false },
  { id: 'swimmer', body: swimmer, task: swimmerRun, touches: false },
  { id: 'hopper', body: hopper, task: hopperRun, touches: true },
  { id: 'walker2d', body: walker2d, task: walker2dRun, touches: true },
  { id: 'half-cheetah', body: halfCheetah, task: halfCheetahRun, touches: true },
  { id: 'ant', body: ant, task: antRun, touches: true },
  { id: 'humanoid', body: humanoid, task: humanoidRun, touches: true },
] as const

describe.each(cases)('$id against Gymnasium', ({ id, body, task, touches }) => {
  let env: Env
  /** An episode at a recorded state: time 0, positions and velocities, no warm start. */
  const enter = (state: Float64Array, memory?: Float64Array): void => {
    env.reset({ seed: 0 })
    const snapshot = env.snapshot()
    const physics = new Float64Array(snapshot.physics.length)
    physics.set(state, 1)
    env.restore({ ...snapshot, physics, task: memory ?? snapshot.task })
  }
  const reached = (size: number): Float64Array => env.snapshot().physics.subarray(1, 1 + size)

  beforeAll(async () => {
    env = await makeEnv(id)
  })
  afterAll(() => env.close())

  it('takes 200 recorded steps to the recorded states, rewards, ends and observations', async ({
    annotate,
  }) => {
    const recorded = fixture(id, 'steps') as Steps
    const count = recorded.episodes * recorded.steps
    expect(count).toBe(200)
    const states = rows(recorded.states, Float64Array, count + recorded.episodes)
    const memories = rows(recorded.memories, Float64Array, count)
    const actions = rows(recorded.actions, Float32Array, count)
    const rewards = rows(recorded.rewards, Float64Array, count)
    const observations = rows(recorded.observations, Float32Array, count / recorded.every)
    const worst = { free: 0, contact: 0, observation: 0 }
    for (let t = 0; t < count; t++) {
      const at = t + Math.floor(t / recorded.steps)
      enter(states[at], memories[t])
      const { observation, reward, terminated, truncated } = env.step(actions[t])
      const kind = recorded.contacts[t] === '1' ? 'contact' : 'free'
      const next = states[at + 1]
      worst[kind] = Math.max(worst[kind], error(reached(next.length), next), error([reward], rewards[t]))
      expect([terminated, truncated]).toEqual([recorded.terminated[t] === '1', false])
      if ((t + 1) % recorded.every === 0) {
        const seen = Object.values(observation).flatMap((group) => [...group])
        const expected = observations[(t + 1) / recorded.every - 1]
        worst.observation = Math.max(worst.observation, error(seen, expected))
      }
    }
    const digits = Object.entries(worst).map(([kind, e]) => `${kind} ${e.toExponential(0)}`)
    await annotate(`worst errors: ${digits.join(', ')}`)
    const touched = recorded.contacts.replaceAll('0', '').length
    expect(touched >= 50 && touched <= 150).toBe(touches)
    expect(worst.free).toBeLessThanOrEqual(1e-9)
    expect(worst.contact).toBeLessThanOrEqual(1e-6)
    // Float32 rounds to 6e-8 of a number; the rest is what contacts are allowed.
    expect(worst.observation).toBeLessThanOrEqual(touches ? 1e-6 : 1.2e-7)
  })

  it('strays from a native run of 20 steps by no more than 100 times what one ulp at the start does', () => {
    const recorded = fixture(id, 'trajectories') as Trajectories
    const { count, steps } = recorded
    const starts = rows(recorded.starts, Float64Array, count)
    const actions = rows(recorded.actions, Float32Array, count * steps)
    const states = rows(recorded.states, Float64Array, count * steps)
    const strayed = rows(recorded.strayed, Float64Array, count)
    for (let episode = 0; episode < count; episode++) {
      enter(starts[episode])
      // An ulp of a number near 0 is lost in the first sum, so that an ulp of 1 is the least that counts.
      let allowed = Number.EPSILON
      for (let t = 0; t < steps; t++) {
        const row = episode * steps + t
        // Falling does not stop the recorded run.
        env.restore({ ...env.snapshot(), episode: Float64Array.of(1, 1, 0) })
        env.step(actions[row])
        const place = reached(states[row].length)
        const distance = states[row].reduce((most, y, i) => Math.max(most, Math.abs(place[i] - y)), 0)
        allowed = Math.max(allowed, strayed[episode][t])
        expect(distance).toBeLessThanOrEqual(100 * allowed)
      }
    }
  })

  it('shows at a start what Gymnasium shows', async () => {
    const recorded = fixture(id, 'trajectories') as Trajectories
    const starts = rows(recorded.starts, Float64Array, recorded.count)
    const observations = rows(recorded.startObservations, Float32Array, recorded.count)
    for (const [episode, state] of starts.entries()) {
      const placed: Body = {
        ...body,
        start: ({ qpos, qvel }) => {
          qpos.set(state.subarray(0, qpos.length))
          qvel.set(state.subarray(qpos.length))
        },
      }
      const dynamics = await composeDynamics(placed, task)
      try {
        // What an episode leaves behind must not show.
        dynamics.start(key(0))
        dynamics.advance(Float32Array.from(body.action.high))
        dynamics.start(key(0))
        const seen = Object.values(dynamics.observation).flatMap((group) => [...group])
        expect(error(seen, observations[episode])).toBeLessThanOrEqual(1.2e-7)
      } finally {
        dynamics.close()
      }
    }
  })

  it('compiles to the published model, array by array', async () => {
    const published = fixture(id, 'model') as Model
    const simulation = await createSimulation(composeModel(body, task))
    try {
      const { model } = simulation.native
      const compiled = model as unknown as Record<string, ArrayLike<number>>
      const option = model.opt as unknown as Record<string, number | ArrayLike<number>>
      const worst: Record<string, number> = {}
      for (const [name, expected] of Object.entries(published.arrays)) {
        expect(compiled[name].length, name).toBe(expected.length)
        worst[name] = error(compiled[name], expected)
      }
      for (const [name, expected] of Object.entries(published.options)) {
        const actual = option[name]
        worst[name] = error(typeof actual === 'number' ? [actual] : actual, [expected].flat())
      }
      worst.meaninertia = error([model.stat.meaninertia], [published.meaninertia])
      expect(Object.entries(worst).filter(([, e]) => !(e <= 1e-12))).toEqual([])
    } finally {
      simulation.close()
    }
  })
})
