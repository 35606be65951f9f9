import { describe, expect, it } from 'vitest'
import type { Env, EnvSnapshot, ResetOptions, StepResult } from '@maxent/core/contracts'
import { envConformance } from '@maxent/core/testing'
import {
  appendActions,
  chooseActions,
  limitTime,
  makeEnv,
  normalizeObservations,
  repeatActions,
  rescaleActions,
  selectGroups,
  stackFrames,
} from '../index.ts'

const frozen = { proprio: { mean: Float64Array.of(0, 0.5, 1), variance: Float64Array.of(1, 4, 0) } }

const wrapped: Readonly<Record<string, () => Promise<Env>>> = {
  limitTime: async () => limitTime(await makeEnv('pendulum'), { steps: 30 }),
  repeatActions: async () => repeatActions(await makeEnv('multi-goal'), { times: 4 }),
  chooseActions: async () => chooseActions(await makeEnv('pendulum'), [[-2], [0], [2]]),
  rescaleActions: async () => rescaleActions(await makeEnv('pendulum')),
  selectGroups: async () => selectGroups(await makeEnv('sparse-navigation'), ['task']),
  stackFrames: async () => stackFrames(await makeEnv('pendulum'), { frames: 3 }),
  appendActions: async () => appendActions(await makeEnv('multi-goal'), { steps: 2 }),
  'normalizeObservations with frozen statistics': async () =>
    normalizeObservations(await makeEnv('pendulum'), { frozen }),
  'every wrapper around another, some of them twice': async () => {
    const inner = limitTime(await makeEnv('grid-diagonal'), { steps: 40 })
    const history = appendActions(stackFrames(stackFrames(inner, { frames: 2 }), { frames: 2 }), { steps: 2 })
    const slow = repeatActions(rescaleActions(history, { low: 0, high: 1 }), { times: 3 })
    return limitTime(selectGroups(slow, ['actions', 'proprio']), { steps: 9 })
  },
}

for (const [name, make] of Object.entries(wrapped)) envConformance({ name, make })

/** An environment as an instance of a class, which finds its state by `this`. */
class Instance implements Env {
  readonly spec: Env['spec']
  readonly #env: Env
  constructor(env: Env) {
    this.spec = env.spec
    this.#env = env
  }
  reset(options?: ResetOptions): ReturnType<Env['reset']> {
    return this.#env.reset(options)
  }
  step(action: Float32Array): StepResult {
    return this.#env.step(action)
  }
  snapshot(): EnvSnapshot {
    return this.#env.snapshot()
  }
  restore(snapshot: EnvSnapshot): void {
    this.#env.restore(snapshot)
  }
  close(): void {
    this.#env.close()
  }
}

it('wrappers take instances of classes', async () => {
  const inner: Env = new Instance(await makeEnv('pendulum'))
  const every = [
    limitTime(inner, { steps: 3 }),
    selectGroups(inner, ['proprio']),
    repeatActions(inner, { times: 2 }),
    rescaleActions(inner),
    stackFrames(inner, { frames: 2 }),
    appendActions(inner, { steps: 2 }),
    normalizeObservations(inner),
  ]
  for (const env of every) {
    env.reset({ seed: 1 })
    const before = env.snapshot()
    env.step(Float32Array.of(1))
    env.restore(before)
    expect(env.snapshot()).toEqual(before)
  }
  every[0].close()
  expect(() => inner.reset()).toThrow('got a closed environment')
})

describe('limitTime', () => {
  it('truncates at the limit, and tells it in the specification', async () => {
    const env = limitTime(await makeEnv('pendulum'), { steps: 2 })
    expect(env.spec.maxEpisodeSteps).toBe(2)
    env.reset({ seed: 1 })
    const action = new Float32Array(1)
    expect([env.step(action).truncated, env.step(action).truncated]).toEqual([false, true])
    expect(() => env.step(action)).toThrow(
      'step: "pendulum" must have a running episode, got one that ended after 2 steps, call reset',
    )
    env.close()
  })

  it('leaves a shorter limit of the environment as it is', async () => {
    const env = limitTime(await makeEnv('pendulum'), { steps: 500 })
    expect(env.spec.maxEpisodeSteps).toBe(200)
    env.close()
  })
})

it('repeatActions adds up rewards and features, and stops where the episode ends', async () => {
  const [env, bare] = [
    repeatActions(await makeEnv('grid-diagonal', { maxEpisodeSteps: 5 }), { times: 3 }),
    await makeEnv('grid-diagonal', { maxEpisodeSteps: 5 }),
  ]
  expect(env.spec.maxEpisodeSteps).toBe(2)
  const action = Float32Array.of(-1, 1)
  env.reset({ seed: 4 })
  bare.reset({ seed: 4 })
  for (const times of [3, 2]) {
    let reward = 0
    const features = [0, 0, 0]
    for (let i = 0; i < times; i++) {
      const step = bare.step(action)
      reward += step.reward
      features.forEach((_, j) => (features[j] += step.features?.[j] ?? NaN))
    }
    const step = env.step(action)
    expect([step.reward, [...(step.features ?? [])], step.truncated]).toEqual([reward, features, times === 2])
  }
  env.close()
  bare.close()
})

it('rescaleActions maps its bounds to those of the environment', async () => {
  const [env, bare] = [
    rescaleActions(await makeEnv('pendulum'), { low: 0, high: 4 }),
    await makeEnv('pendulum'),
  ]
  expect(env.spec.action).toEqual({ low: [0], high: [4] })
  env.reset({ seed: 1 })
  bare.reset({ seed: 1 })
  for (const [own, torque] of [
    [0, -2],
    [4, 2],
    [2, 0],
    [1, -1],
  ])
    expect(env.step(Float32Array.of(own)).reward).toBe(bare.step(Float32Array.of(torque)).reward)
  expect(() => env.step(new Float32Array(2))).toThrow('action must have the length 1 in "pendulum", got 2')
  env.close()
  bare.close()
})

it('selectGroups shows the groups in the order given', async () => {
  const env = selectGroups(await makeEnv('sparse-navigation'), ['task', 'proprio'])
  expect(Object.keys(env.spec.observation)).toEqual(['task', 'proprio'])
  expect(Object.keys(env.reset({ seed: 1 }).observation)).toEqual(['task', 'proprio'])
  env.close()
})

it('stackFrames shows the oldest first, and the first observation for those before it', async () => {
  const [env, bare] = [stackFrames(await makeEnv('pendulum'), { frames: 3 }), await makeEnv('pendulum')]
  const first = [...bare.reset({ seed: 1 }).observation.proprio]
  expect([...env.reset({ seed: 1 }).observation.proprio]).toEqual([...first, ...first, ...first])
  const action = Float32Array.of(1)
  const second = [...bare.step(action).observation.proprio]
  expect([...env.step(action).observation.proprio]).toEqual([...first, ...first, ...second])
  env.close()
  bare.close()
})

it('appendActions shows the last actions, zeros before the start', async () => {
  const env = appendActions(await makeEnv('pendulum'), { steps: 3, group: 'past' })
  expect([...env.reset({ seed: 1 }).observation.past]).toEqual([0, 0, 0])
  env.step(Float32Array.of(1))
  expect([...env.step(Float32Array.of(2)).observation.past]).toEqual([0, 1, 2])
  expect([...env.reset().observation.past]).toEqual([0, 0, 0])
  env.close()
})

describe('normalizeObservations', () => {
  it('has the mean and the variance of all it has seen', async () => {
    const [env, bare] = [normalizeObservations(await makeEnv('pendulum')), await makeEnv('pendulum')]
    const seen: number[][] = [[...bare.reset({ seed: 1 }).observation.proprio]]
    expect([...env.reset({ seed: 1 }).observation.proprio]).toEqual([0, 0, 0])
    const action = Float32Array.of(1)
    let last = new Float32Array()
    for (let i = 0; i < 100; i++) {
      seen.push([...bare.step(action).observation.proprio])
      last = env.step(action).observation.proprio.slice()
    }
    const { mean, variance } = env.statistics().proprio
    for (let i = 0; i < 3; i++) {
      const center = seen.reduce((sum, x) => sum + x[i], 0) / seen.length
      const spread = seen.reduce((sum, x) => sum + (x[i] - center) ** 2, 0) / seen.length
      expect(mean[i]).toBeCloseTo(center, 10)
      expect(variance[i]).toBeCloseTo(spread, 10)
      expect(last[i]).toBeCloseTo((seen[100][i] - center) / Math.sqrt(spread + 1e-8), 5)
    }
    env.close()
    bare.close()
  })

  it('continues bit for bit from a snapshot, its statistics too', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    const run = (): number[] =>
      Array.from({ length: 50 }, () => [...env.step(Float32Array.of(1)).observation.proprio]).flat()
    env.reset({ seed: 1 })
    run()
    const snapshot = env.snapshot()
    const first = run()
    env.restore(snapshot)
    expect(run()).toEqual(first)
    const other = normalizeObservations(await makeEnv('pendulum'))
    other.restore(snapshot)
    expect([...other.step(Float32Array.of(1)).observation.proprio]).toEqual(first.slice(0, 3))
    env.close()
    other.close()
  })

  it('shows observations as they are by the statistics before the first one', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    expect(env.statistics()).toEqual({
      proprio: { mean: new Float64Array(3), variance: Float64Array.of(1, 1, 1) },
    })
    env.close()
  })

  it('with frozen statistics keeps them whatever snapshot it continues from', async () => {
    const running = normalizeObservations(await makeEnv('pendulum'))
    running.reset({ seed: 1 })
    for (let i = 0; i < 20; i++) running.step(Float32Array.of(1))
    const bare = await makeEnv('pendulum')
    const env = normalizeObservations(bare, { frozen })
    env.restore(running.snapshot())
    expect(env.statistics()).toEqual(frozen)
    const [cos] = env.step(Float32Array.of(1)).observation.proprio
    bare.restore(
      Object.fromEntries(
        Object.entries(running.snapshot()).flatMap(([name, values]) =>
          name.startsWith('env.') ? [[name.slice('env.'.length), values]] : [],
        ),
      ),
    )
    expect(cos).toBeCloseTo(bare.step(Float32Array.of(1)).observation.proprio[0], 5)
    running.close()
    env.close()
  })

  it('with running statistics refuses a snapshot of frozen ones, and changes nothing then', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    env.reset({ seed: 1 })
    const other = normalizeObservations(await makeEnv('pendulum'), { frozen })
    other.reset({ seed: 2 })
    const before = env.snapshot()
    expect(() => env.restore(other.snapshot())).toThrow(
      new RangeError(
        'restore: snapshot must hold running statistics, got one of normalizeObservations with frozen ones, ' +
          'restore it where the same are frozen',
      ),
    )
    expect(env.snapshot()).toEqual(before)
    env.close()
    other.close()
  })

  it('keeps frozen statistics, and stays within ±10', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'), { frozen })
    const bare = await makeEnv('pendulum')
    const [cos, sin, speed] = bare.reset({ seed: 1 }).observation.proprio
    const shown = [...env.reset({ seed: 1 }).observation.proprio]
    expect(shown[0]).toBeCloseTo(cos, 5)
    expect(shown[1]).toBeCloseTo((sin - 0.5) / 2, 5)
    expect(shown[2]).toBe(10 * Math.sign(speed - 1))
    env.step(Float32Array.of(1))
    expect(env.statistics()).toEqual(frozen)
    env.close()
    bare.close()
  })
})

describe('wrappers refuse', () => {
  it('counts that are no positive integers', async () => {
    const env = await makeEnv('pendulum')
    for (const count of [0, -1, 1.5, NaN]) {
      const rule = `must be a positive integer, got ${count}`
      expect(() => limitTime(env, { steps: count })).toThrow(new RangeError(`limitTime: steps ${rule}`))
      expect(() => repeatActions(env, { times: count })).toThrow(
        new RangeError(`repeatActions: times ${rule}`),
      )
      expect(() => stackFrames(env, { frames: count })).toThrow(new RangeError(`stackFrames: frames ${rule}`))
      expect(() => appendActions(env, { steps: count })).toThrow(
        new RangeError(`appendActions: steps ${rule}`),
      )
    }
    env.close()
  })

  it('ranges of actions that are none', async () => {
    const env = await makeEnv('pendulum')
    for (const [low, high] of [
      [1, 1],
      [2, 1],
      [-Infinity, 0],
      [0, NaN],
    ])
      expect(() => rescaleActions(env, { low, high })).toThrow(
        new RangeError(`rescaleActions: low must be less than high, both finite, got ${low} and ${high}`),
      )
    env.close()
  })

  it('to rescale choices, and boxes that no line maps to', async () => {
    const env = await makeEnv('pendulum')
    const rescale = (low: number, high: number) => (): unknown =>
      rescaleActions({ ...env, spec: { ...env.spec, action: { low: [-1, low], high: [1, high] } } })
    for (const [low, high] of [
      [-Infinity, 0],
      [-1, Infinity],
      [NaN, 1],
      [-1, 1e39],
      [1, 1],
      [2, 1],
    ])
      expect(rescale(low, high)).toThrow(
        new RangeError(
          `rescaleActions: the actions of "pendulum" must have low < high, both finite in float32, got ${low} and ${high} at index 1, ` +
            'wrap an environment with a box of actions',
        ),
      )
    expect(() => rescaleActions(chooseActions(env, [[-1], [0], [1]]))).toThrow(
      new RangeError(
        'rescaleActions: the actions of "pendulum" must come from a box, got 3 choices, leave them as they are',
      ),
    )
    env.close()
  })

  it('groups that are missing, named twice or taken', async () => {
    const env = await makeEnv('pendulum')
    expect(() => selectGroups(env, ['proprio', 'tsak'])).toThrow(
      new RangeError('selectGroups: groups must be distinct names of proprio, got "tsak" at index 1'),
    )
    expect(() => selectGroups(env, ['proprio', 'proprio'])).toThrow('got "proprio" at index 1')
    expect(() => selectGroups(env, [])).toThrow('selectGroups: groups must name a group, got none')
    expect(() => appendActions(env, { steps: 1, group: 'proprio' })).toThrow(
      'appendActions: group must be a new name, got "proprio", which "pendulum" has, choose another',
    )
    env.close()
  })

  it('frozen statistics that do not fit', async () => {
    const env = await makeEnv('pendulum')
    const normalize = (mean: number[], variance: number[]): Env =>
      normalizeObservations(env, {
        frozen: { proprio: { mean: Float64Array.from(mean), variance: Float64Array.from(variance) } },
      })
    const caller = 'normalizeObservations: frozen.proprio'
    expect(() => normalizeObservations(env, { frozen: {} })).toThrow(
      `${caller}.mean must have length 3, got none, take it from statistics()`,
    )
    expect(() => normalize([0, 0, 0], [1])).toThrow(`${caller}.variance must have length 3, got length 1`)
    expect(() => normalize([0, NaN, 0], [1, 1, 1])).toThrow(
      `${caller}.mean must be finite, got NaN at index 1`,
    )
    expect(() => normalize([0, 0, 0], [1, 1, -1])).toThrow(
      `${caller}.variance must be finite and not negative, got -1 at index 2`,
    )
    env.close()
  })

  it('snapshots of another kind, and change nothing then', async () => {
    for (const wrap of [
      (env: Env) => limitTime(env, { steps: 9 }),
      (env: Env) => stackFrames(env, { frames: 2 }),
      (env: Env) => appendActions(env, { steps: 2 }),
      (env: Env) => normalizeObservations(env),
    ]) {
      const bare = await makeEnv('pendulum')
      bare.reset({ seed: 1 })
      const env = wrap(bare)
      const before = bare.snapshot()
      expect(() => env.restore(before)).toThrow(/^restore: snapshot must have an array/)
      expect(bare.snapshot()).toEqual(before)
      bare.close()
    }
  })
})

it('chooseActions acts by the action of that number, and refuses what is none', async () => {
  const env = await makeEnv('pendulum')
  const choosing = chooseActions(env, [[-2], [0.5]])
  choosing.reset({ seed: 1 })
  const start = choosing.snapshot()
  const chosen = choosing.step(Float32Array.of(1)).reward
  env.restore(start)
  expect(env.step(Float32Array.of(0.5)).reward).toBe(chosen)
  for (const action of [-1, 2, 0.5, NaN]) {
    expect(() => choosing.step(Float32Array.of(action))).toThrow(
      new RangeError(`step: action must be a choice of "pendulum", an integer from 0 to 1, got ${action}`),
    )
  }
  expect(() => choosing.step(Float32Array.of(0, 1))).toThrow(
    new RangeError('step: action must have the length 1 in "pendulum", got 2'),
  )
  expect(() => chooseActions(env, [[1]])).toThrow(
    new RangeError('chooseActions: actions must be two or more, got 1'),
  )
  for (const wrong of [[3], [NaN], [1, 1]]) {
    expect(() => chooseActions(env, [[0], wrong])).toThrow(
      new RangeError(
        `chooseActions: actions must be 1 numbers within the bounds of "pendulum", got [${wrong.join(', ')}] at index 1`,
      ),
    )
  }
  env.close()
})
