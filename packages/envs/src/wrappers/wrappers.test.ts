import { describe, expect, it } from 'vitest'
import type { Env, EnvSnapshot, ResetOptions, StepResult } from '@maxent/core/contracts'
import { envConformance } from '@maxent/core/testing'
import { frozen } from '../../fixtures/frozenStatistics.ts'
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
  type ObservationStatistics,
} from '../index.ts'

/** Means and variances of the cells of `grid-diagonal` and of its tasks. */
const cells: ObservationStatistics = {
  proprio: { mean: Float64Array.of(3.5, 3.5), variance: Float64Array.of(5.25, 5.25) },
  task: { mean: Float64Array.of(0.5, 0.25, 0.25), variance: Float64Array.of(0.25, 0.0625, 0.0625) },
}
const diagonals = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
]

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
    // Frozen: running statistics go on through resets, which repeats no trajectory.
    const scored = normalizeObservations(inner, { frozen: cells })
    const stacked = stackFrames(stackFrames(scored, { frames: 2 }), { frames: 2 })
    const history = appendActions(stacked, { steps: 2 })
    // Choices around the scale: they cannot be rescaled.
    const moves = chooseActions(rescaleActions(history, { low: 0, high: 1 }), diagonals)
    const choices = appendActions(repeatActions(moves, { times: 3 }), { steps: 2, group: 'choices' })
    return limitTime(selectGroups(choices, ['choices', 'actions', 'proprio']), { steps: 9 })
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
  const every: readonly ((inner: Env) => Env)[] = [
    (inner) => limitTime(inner, { steps: 3 }),
    (inner) => selectGroups(inner, ['proprio']),
    (inner) => repeatActions(inner, { times: 2 }),
    (inner) => chooseActions(inner, [[-2], [2]]),
    (inner) => rescaleActions(inner),
    (inner) => stackFrames(inner, { frames: 2 }),
    (inner) => appendActions(inner, { steps: 2 }),
    (inner) => normalizeObservations(inner),
  ]
  for (const wrap of every) {
    const inner: Env = new Instance(await makeEnv('pendulum'))
    const env = wrap(inner)
    env.reset({ seed: 1 })
    const before = env.snapshot()
    env.step(Float32Array.of(1))
    expect(env.snapshot()).not.toEqual(before)
    env.restore(before)
    expect(env.snapshot()).toEqual(before)
    env.close()
    expect(() => inner.reset()).toThrow('got a closed environment')
  }
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
