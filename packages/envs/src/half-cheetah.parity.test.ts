import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { halfCheetah } from './bodies/half-cheetah.ts'
import { makeEnv } from './index.ts'
import { composeModel } from './mujoco/model.ts'
import { createSimulation } from './mujoco/simulation.ts'
import { runForward } from './tasks/run-forward.ts'

interface Episode {
  readonly states: number[][]
  readonly actions: number[][]
  readonly contacts: boolean[]
  readonly rewards: number[]
  readonly flags: [boolean, boolean][]
}
interface Trajectory {
  readonly state: number[]
  readonly actions: number[][]
  readonly states: number[][]
  readonly strayed: number[]
}
interface Model {
  readonly arrays: Record<string, number[]>
  readonly options: Record<string, number | number[]>
  readonly meaninertia: number
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/half-cheetah-${name}.json`, import.meta.url), 'utf8'))
const episodes = fixture('episodes') as Episode[]
const trajectories = fixture('trajectories') as Trajectory[]
const published = fixture('model') as Model

/** The largest |x - y| / (1 + |y|). */
function error(actual: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((y, i) => Math.abs(actual[i] - y) / (1 + Math.abs(y))))
}

describe('half-cheetah against Gymnasium HalfCheetah-v5', () => {
  let env: Env
  /** An episode at a recorded state: time, positions, velocities, warm start, then zeros. */
  const enter = (state: number[]): void => {
    env.reset({ seed: 0 })
    const snapshot = env.snapshot()
    const physics = new Float64Array(snapshot.physics.length)
    physics.set(state)
    env.restore({ ...snapshot, physics })
  }

  beforeAll(async () => {
    env = await makeEnv('half-cheetah')
  })
  afterAll(() => env.close())

  it('takes 200 recorded steps, on the ground and in flight, to the recorded states and rewards', () => {
    const worst = { flight: 0, contact: 0 }
    const count = { flight: 0, contact: 0 }
    for (const { states, actions, contacts, rewards, flags } of episodes) {
      actions.forEach((action, t) => {
        enter(states[t])
        const next = states[t + 1].slice(0, 28)
        const { observation, reward, terminated, truncated } = env.step(Float32Array.from(action))
        const kind = contacts[t] ? 'contact' : 'flight'
        count[kind]++
        worst[kind] = Math.max(
          worst[kind],
          error(env.snapshot().physics.subarray(0, 19), next.slice(0, 19)),
          error([reward], [rewards[t]]),
        )
        const seen = Float32Array.from(next.slice(2, 19))
        seen.forEach((y, i) =>
          expect(Math.abs(observation.proprio[i] - y)).toBeLessThanOrEqual(2e-6 * (1 + Math.abs(y))),
        )
        expect([terminated, truncated]).toEqual(flags[t])
      })
    }
    expect(count.flight).toBeGreaterThan(50)
    expect(count.contact).toBeGreaterThan(50)
    expect(worst.flight).toBeLessThanOrEqual(1e-9)
    expect(worst.contact).toBeLessThanOrEqual(1e-6)
  })

  it('strays from a native run of 20 steps by no more than 100 times what one ulp at the start does', () => {
    for (const { state, actions, states, strayed } of trajectories) {
      enter(state)
      actions.forEach((action, t) => {
        env.step(Float32Array.from(action))
        const reached = env.snapshot().physics.subarray(1, 19)
        const distance = Math.max(...states[t].map((y, i) => Math.abs(reached[i] - y)))
        expect(distance).toBeLessThanOrEqual(100 * strayed[t])
      })
    }
  })

  it('compiles to the published model, array by array', async () => {
    const simulation = await createSimulation(composeModel(halfCheetah, runForward))
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
