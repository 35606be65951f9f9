import { describe, expect, it } from 'vitest'
import type { Env, EnvSpec } from '@maxent/core/contracts'
import type { Dynamics } from './episodes.ts'
import { createEnv } from './episodes.ts'
import { makeEnv } from './index.ts'

const spec: EnvSpec = {
  id: 'counter',
  observation: { proprio: 1 },
  action: { low: [-1, -1], high: [1, 1] },
  maxEpisodeSteps: 4,
}

/** Counts its steps, ends when the action says so, diverges when the action says so. */
function counter(): Dynamics & { closes: number } {
  const proprio = new Float32Array(1)
  const outcome = { reward: 0, terminated: false, info: {} }
  const dynamics = {
    closes: 0,
    observation: { proprio },
    outcome,
    start: () => void proprio.fill(0),
    advance: (action: Float32Array) => {
      if (action[0] === -1) return false
      outcome.reward = action[0]
      outcome.terminated = action[1] === 1
      proprio[0]++
      return true
    },
    save: () => ({ count: Float64Array.from(proprio) }),
    load: () => undefined,
    close: () => void dynamics.closes++,
  }
  return dynamics
}

const still = Float32Array.of(0, 0)
const end = Float32Array.of(0, 1)
const diverge = Float32Array.of(-1, 0)

describe('an environment', () => {
  const started = (): Env => {
    const env = createEnv(spec, counter())
    env.reset({ seed: 1 })
    return env
  }

  it('truncates at the time limit and not before', () => {
    const env = started()
    const flags = [1, 2, 3, 4].map(() => env.step(still).truncated)
    expect(flags).toEqual([false, false, false, true])
  })

  it('has no time limit when its description has none', () => {
    const { maxEpisodeSteps: _, ...endless } = spec
    const env = createEnv(endless, counter())
    env.reset()
    for (let i = 0; i < 100; i++) expect(env.step(still).truncated).toBe(false)
  })

  it('gives the same record and the same arrays in every step', () => {
    const env = started()
    const first = env.step(still)
    expect(env.step(still)).toBe(first)
    expect(first.observation.proprio).toBe(env.reset().observation.proprio)
  })

  it('refuses to step before the first reset', () => {
    const env = createEnv(spec, counter())
    expect(() => env.step(still)).toThrow(
      'step: "counter" must have a running episode, got none yet, call reset',
    )
  })

  it('refuses to step after termination, after truncation, and after divergence, until it is reset', () => {
    for (const actions of [
      [still, end],
      [still, still, still, still],
    ]) {
      const env = started()
      actions.forEach((action) => env.step(action))
      expect(() => env.step(still)).toThrow(
        `step: "counter" must have a running episode, got one that ended after ${actions.length} steps, call reset`,
      )
      env.reset()
      expect(env.step(still).terminated).toBe(false)
    }
    const env = started()
    expect(() => env.step(diverge)).toThrow('diverging')
    expect(() => env.step(still)).toThrow('must have a running episode')
  })

  it('names itself, the step, the state and the action when the dynamics diverge', () => {
    const env = started()
    env.step(still)
    env.step(still)
    expect(() => env.step(diverge)).toThrow(
      'step: "counter" must stay within its numerical range, got a diverging state in step 3 ' +
        'from the observation proprio [2] with the action [-1, 0], call reset',
    )
  })

  it('refuses actions of the wrong length and actions that are not finite, and is none the worse for it', () => {
    const env = started()
    expect(() => env.step(Float32Array.of(1))).toThrow(
      new RangeError('step: action must have the length 2 in "counter", got 1'),
    )
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(() => env.step(Float32Array.of(0, bad))).toThrow(
        new RangeError(`step: action must be finite in "counter", got ${bad} at index 1 in step 1`),
      )
    }
    expect(env.step(still).observation.proprio[0]).toBe(1)
  })

  it('refuses seeds that are no integer from 0 to 2^53 - 1, and keeps the episode it is in', () => {
    const env = started()
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => env.reset({ seed })).toThrow(RangeError)
    expect(env.step(still).reward).toBe(0)
  })

  it('refuses a task, since it has one', () => {
    expect(() => started().reset({ task: 'left' })).toThrow(
      'reset: task must be left out in "counter", got "left", it has a single task',
    )
  })

  it('refuses every call after close, and frees its dynamics once', () => {
    const dynamics = counter()
    const env = createEnv(spec, dynamics)
    env.reset()
    const snapshot = env.snapshot()
    env.close()
    env.close()
    expect(dynamics.closes).toBe(1)
    const calls = { reset: () => env.reset(), step: () => env.step(still), snapshot: () => env.snapshot() }
    for (const [name, call] of Object.entries({ ...calls, restore: () => env.restore(snapshot) })) {
      expect(call).toThrow(`${name}: "counter" must be open, got a closed environment, make another`)
    }
  })
})

describe.each(['pendulum', 'half-cheetah'] as const)('snapshots of %s', (id) => {
  const actions = (env: Env, count: number): Float32Array[] =>
    Array.from({ length: count }, () =>
      Float32Array.from(env.spec.action.high, (h) => h * (2 * Math.random() - 1)),
    )

  /** Everything that 1,000 steps give, with resets at the ends of episodes. */
  const follow = (env: Env, path: readonly Float32Array[]): number[] =>
    path.flatMap((action) => {
      const { observation, reward, terminated, truncated } = env.step(action)
      const row = [...observation.proprio, reward, Number(terminated), Number(truncated)]
      return terminated || truncated ? [...row, ...env.reset().observation.proprio] : row
    })

  it('continue bit for bit over 1,000 steps and resets, in place and in a fresh environment', async () => {
    const [env, other] = [await makeEnv(id), await makeEnv(id)]
    env.reset({ seed: 5 })
    const before = env.step(actions(env, 1)[0]).observation.proprio.slice()
    follow(env, actions(env, 30))
    const snapshot = env.snapshot()
    const path = actions(env, 1000)
    const expected = follow(env, path)
    env.restore(snapshot)
    expect(env.snapshot()).toEqual(snapshot)
    expect(follow(env, path)).toEqual(expected)
    other.reset({ seed: 6 })
    follow(other, actions(other, 7))
    other.restore(snapshot)
    expect(other.snapshot()).toEqual(snapshot)
    expect(follow(other, path)).toEqual(expected)
    expect(before).not.toEqual(env.step(path[0]).observation.proprio)
    env.close()
    other.close()
  })

  it('bring the observation, the stage of the episode and the generator back', async () => {
    const env = await makeEnv(id, { maxEpisodeSteps: 2 })
    const fresh = env.snapshot()
    const { observation } = env.reset({ seed: 1 })
    const running = env.snapshot()
    const seen = observation.proprio.slice()
    const [action] = actions(env, 1)
    env.step(action)
    expect(env.step(action).truncated).toBe(true)
    const next = env.reset().observation.proprio.slice()
    env.restore(running)
    expect(observation.proprio).toEqual(seen)
    expect(env.step(action).truncated).toBe(false)
    expect(env.reset().observation.proprio).toEqual(next)
    env.restore(fresh)
    expect(() => env.step(action)).toThrow('must have a running episode')
    env.close()
  })

  it('are copies', async () => {
    const env = await makeEnv(id)
    env.reset({ seed: 1 })
    const snapshot = env.snapshot()
    const kept = structuredClone(snapshot)
    follow(env, actions(env, 5))
    expect(snapshot).toEqual(kept)
    env.close()
  })

  it('of other environments are refused', async () => {
    const env = await makeEnv(id)
    env.reset({ seed: 1 })
    const snapshot = env.snapshot()
    const own = id === 'pendulum' ? ['state'] : ['physics', 'observation']
    for (const name of ['key', 'episode', ...own]) {
      const length = snapshot[name].length
      expect(() => env.restore({ ...snapshot, [name]: new Float64Array(length + 1) })).toThrow(
        `restore: snapshot must have an array "${name}" of length ${length}, got one of length ${length + 1}`,
      )
      const { [name]: _, ...rest } = snapshot
      expect(() => env.restore(rest)).toThrow(`must have an array "${name}" of length ${length}, got none`)
    }
    expect(env.snapshot()).toEqual(snapshot)
    env.close()
  })
})
