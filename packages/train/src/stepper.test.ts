import type { Env } from '@maxent/core/contracts'
import { key } from '@maxent/core/keys'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv, type PointOptions } from '../fixtures/pointEnv.ts'
import { createAgent, type Agent } from './agent.ts'
import { batchOf } from './batches.ts'
import type { BatchArrays, Replay } from './replay.ts'
import { createReplay } from './replay.ts'
import { createStepper, type Stepper, type StepperOptions } from './stepper.ts'

const defaults = { warmupSteps: 10, updatesPerStep: 1, metricsEvery: 4 }

interface Fixture {
  readonly env: Env
  readonly replay: Replay
  readonly batch: BatchArrays
  readonly stepper: Stepper
}

/** An agent without a program: actions and metrics are made up from step and index. */
function fakeAgent(): Agent {
  const env = pointEnv()
  return {
    algorithm: linearLearner(env.spec),
    program: undefined as unknown as Agent['program'],
    act: (_, step) => Promise.resolve(Float32Array.of(Math.sin(step))),
    explore: (_, step) =>
      Promise.resolve({ action: Float32Array.of(Math.sin(step)), memory: {}, record: {} }),
    actDeterministic: () => Promise.resolve(Float32Array.of(0)),
    update: () => Promise.resolve(),
    updateWithMetrics: (_, index) => Promise.resolve({ loss: index, other: 1 }),
    dispose: () => Promise.resolve(),
  }
}

function make(
  config: Partial<StepperOptions['config']> = {},
  { agent = fakeAgent(), ...point }: PointOptions & { readonly agent?: Agent } = {},
): Fixture {
  const env = pointEnv(point)
  const replay = createReplay({ spec: env.spec, capacity: 1000 })
  const batch = batchOf(linearLearner(env.spec))
  const stepper = createStepper({
    env,
    agent,
    replay,
    batch,
    config: { ...defaults, ...config },
    key: key(4),
  })
  return { env, replay, batch, stepper }
}

async function advance(stepper: Stepper, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) await stepper.advance()
}

describe('createStepper', () => {
  test.each([
    [1, 10, 20],
    [4, 10, 80],
    [0.25, 10, 5],
    [1 / 3, 10, 6],
    [0, 10, 0],
    [1, 0, 30],
    [1, 30, 0],
  ])(
    'with %f updates per step and %i steps of warm-up, 30 steps make %i updates',
    async (ratio, warmup, updates) => {
      const { stepper, replay } = make({ updatesPerStep: ratio, warmupSteps: warmup })
      await advance(stepper, 30)
      expect(stepper.counters).toMatchObject({ step: 30, updates })
      expect(replay.size).toBe(30)
    },
  )

  test('takes uniform actions over the whole box first, then those of the agent', async () => {
    const env = pointEnv()
    const actions: number[] = []
    const wide: Env = {
      ...env,
      spec: { ...env.spec, action: { low: [-3], high: [1] } },
      step: (action) => {
        actions.push(action[0])
        return env.step(action)
      },
    }
    const replay = createReplay({ spec: wide.spec, capacity: 5000 })
    const batch = batchOf(linearLearner(env.spec))
    const config = { warmupSteps: 2000, updatesPerStep: 0, metricsEvery: 1 }
    const stepper = createStepper({ env: wide, agent: fakeAgent(), replay, batch, config, key: key(4) })
    await advance(stepper, 2003)
    const uniform = actions.slice(0, 2000)
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-3)
    expect(Math.max(...uniform)).toBeLessThanOrEqual(1)
    const mean = uniform.reduce((sum, action) => sum + action, 0) / 2000
    expect(Math.abs(mean + 1)).toBeLessThan(4 * (4 / Math.sqrt(12) / Math.sqrt(2000)))
    expect(actions.slice(2000)).toEqual([2000, 2001, 2002].map((step) => Math.fround(Math.sin(step))))
  })

  test("takes the algorithm's own actions from the first step on, without updates, where the warm-up is its own", async () => {
    const env = pointEnv()
    const actions: number[] = []
    const watched: Env = {
      ...env,
      step: (action) => {
        actions.push(action[0])
        return env.step(action)
      },
    }
    const replay = createReplay({ spec: env.spec, capacity: 50 })
    const batch = batchOf(linearLearner(env.spec))
    const config = { warmupSteps: 4, warmupPolicy: 'own', updatesPerStep: 1, metricsEvery: 1 } as const
    const stepper = createStepper({ env: watched, agent: fakeAgent(), replay, batch, config, key: key(4) })
    await advance(stepper, 5)
    expect(actions).toEqual([0, 1, 2, 3, 4].map((step) => Math.fround(Math.sin(step))))
    expect(stepper.counters.updates).toBe(1)
  })

  test('averages returns and lengths over episodes, and metrics over the updates that fetched them', async () => {
    const { stepper } = make({ warmupSteps: 0, metricsEvery: 4 }, { maxEpisodeSteps: 5 })
    await advance(stepper, 60)
    const interval = stepper.takeInterval()
    const { episodes, episodeLength } = stepper.counters
    expect(interval.episodes).toBe(episodes)
    expect(interval.lengths + episodeLength).toBe(60)
    expect(interval.fetches).toEqual({ loss: 15, other: 15 })
    // Updates 3, 7, ..., 59.
    expect(interval.metrics).toEqual({ loss: (15 * (3 + 59)) / 2, other: 15 })
    expect(stepper.takeInterval()).toEqual({ episodes: 0, returns: 0, lengths: 0, metrics: {}, fetches: {} })
  })

  test('goes on from a snapshot as if it had not stopped', async () => {
    const first = make()
    await advance(first.stepper, 33)
    const snapshot = first.stepper.snapshot()
    const position = first.replay.position()
    const rows = first.replay.copyRows(0, position.rowsBegun)
    await advance(first.stepper, 40)
    const second = make()
    second.replay.restore(position, [{ from: 0, rows }])
    second.stepper.restore(snapshot)
    await advance(second.stepper, 40)
    expect(second.stepper.snapshot()).toEqual(first.stepper.snapshot())
    expect(second.batch).toEqual(first.batch)
    expect(second.replay.copyRows(0, 70)).toEqual(first.replay.copyRows(0, 70))
  })

  test('stops at numbers that are not finite, and names them', async () => {
    const nanReward = make({}, { sabotage: { atStep: 4, how: (result) => ({ ...result, reward: NaN }) } })
    await expect(advance(nanReward.stepper, 9)).rejects.toThrow(
      'train: reward must be finite in float32, got NaN',
    )
    expect(nanReward.stepper.counters.step).toBe(3)

    const nanObservation = make(
      {},
      {
        sabotage: {
          atStep: 4,
          how: (result) => ({
            ...result,
            observation: { ...result.observation, target: Float32Array.of(-Infinity) },
          }),
        },
      },
    )
    await expect(advance(nanObservation.stepper, 9)).rejects.toThrow(
      'train: observation group "target" must be finite in float32, got -Infinity at index 0',
    )

    const nanAction = make(
      { warmupSteps: 2 },
      {
        agent: {
          ...fakeAgent(),
          explore: () => Promise.resolve({ action: Float32Array.of(NaN), memory: {}, record: {} }),
        },
      },
    )
    await expect(advance(nanAction.stepper, 9)).rejects.toThrow(
      'train: action must be finite in float32, got NaN at index 0',
    )

    const updateWithMetrics = (): Promise<Record<string, number>> =>
      Promise.resolve({ good: 1, criticLoss: Infinity })
    const nanMetric = make({}, { agent: { ...fakeAgent(), updateWithMetrics } })
    await expect(advance(nanMetric.stepper, 30)).rejects.toThrow(
      'train: metric "criticLoss" must be finite, got Infinity',
    )
    expect(nanMetric.stepper.counters.updates).toBe(4)
  })

  test('refuses observations that do not fit the spec', async () => {
    const { stepper } = make(
      {},
      {
        sabotage: {
          atStep: 4,
          how: (result) => ({
            ...result,
            observation: { ...result.observation, place: new Float32Array(3) },
          }),
        },
      },
    )
    await expect(advance(stepper, 9)).rejects.toThrow(
      'observation group "place" must have length 2, got length 3',
    )
  })
})

describe('createAgent', () => {
  const spec = pointEnv().spec
  const observation = { place: Float32Array.of(0.3, 0.1), target: Float32Array.of(-0.5) }
  const algorithm = linearLearner(spec) as Agent['algorithm']

  test.each([['compiled'], ['eager']] as const)('acts and learns from keys alone, %s', async (kind) => {
    const [first, second, other] = await Promise.all(
      [1, 1, 2].map((seed) => createAgent({ algorithm, key: key(seed), mode: { kind } })),
    )
    const { batch } = make()
    batch.reward.fill(1)
    batch.observation.place.fill(0.5)
    for (const agent of [first, second, other]) await agent.update(batch, 0)
    expect(await first.updateWithMetrics(batch, 1)).toEqual(await second.updateWithMetrics(batch, 1))
    expect(await first.act(observation, 5)).toEqual(await second.act(observation, 5))
    expect(await first.act(observation, 6)).not.toEqual(await second.act(observation, 5))
    expect(await other.act(observation, 5)).not.toEqual(await second.act(observation, 5))
    expect(await first.actDeterministic(observation)).toEqual(await second.actDeterministic(observation))
    await Promise.all([first, second, other].map((agent) => agent.dispose()))
  })

  test('goes on from a state', async () => {
    const first = await createAgent({ algorithm, key: key(1) })
    const { batch } = make()
    await first.update(batch, 0)
    const second = await createAgent({ algorithm, key: key(2), state: await first.program.getState() })
    expect(await second.actDeterministic(observation)).toEqual(await first.actDeterministic(observation))
    await Promise.all([first.dispose(), second.dispose()])
  })

  test('refuses observations that do not fit', async () => {
    const agent = await createAgent({ algorithm, key: key(1) })
    await expect(agent.act({ place: new Float32Array(2) }, 0)).rejects.toThrow(
      'agent: observation group "target" must have length 1, got no such group',
    )
    await agent.dispose()
  })

  test('batchOf refuses algorithms that learn from something else', () => {
    const { target: _, ...rest } = algorithm.batch as unknown as Record<string, object>
    expect(() => batchOf({ ...algorithm, batch: { ...rest, weight: { shape: [16] } } })).toThrow(
      /^batchOf: algorithm 'linear' must take batches of transitions, weight of shape none, got \[16\]/,
    )
    expect(() => batchOf({ ...algorithm, batch: {} })).toThrow(/of shape \[NaN, \d+\], got none/)
  })
})
