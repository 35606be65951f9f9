/** Off-policy learning from several environments at once. */
import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core/contracts'
import { key } from '@maxent/core/keys'
import { describe, expect, test, vi } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { severalEnvs } from '../fixtures/rolloutLearner.ts'
import { sequenceLearner } from '../fixtures/sequenceLearner.ts'
import { createAgent } from './agent.ts'
import { batchOf } from './batches.ts'
import { createBatch, createReplay, type Replay, type StepsArrays } from './replay.ts'
import { memoryStore } from './store.ts'
import type { Stepper } from './stepper.ts'
import { train } from './train.ts'
import type { TrainResult } from './trainOptions.ts'
import { createVectorStepper } from './vectorStepper.ts'

const { spec } = pointEnv()

interface Fixture {
  readonly replay: Replay
  readonly stepper: Stepper
  /** The actions that the environments were given, [N] per advance. */
  readonly actions: readonly (readonly number[])[]
}

async function make(
  algorithm: AnyAlgorithm,
  { ratio = 1, warmup = 12, env = severalEnvs(() => pointEnv()) } = {},
): Promise<Fixture> {
  const actions: number[][] = []
  const watched: VectorEnv = {
    ...env,
    step: (rows) => {
      actions.push([...rows])
      return env.step(rows)
    },
  }
  const replay = createReplay({
    spec,
    capacity: 3_000,
    lanes: env.size,
    record: algorithm.acting?.record ?? {},
  })
  const agent = await createAgent({ algorithm, key: key(1), environments: env.size })
  const config = { warmupSteps: warmup, updatesPerStep: ratio, metricsEvery: 1 }
  const stepper = createVectorStepper({
    env: watched,
    agent,
    replay,
    batch: batchOf(algorithm),
    config,
    key: key(1),
  })
  return { replay, stepper, actions }
}

async function advance({ stepper }: Fixture, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await stepper.advance()
}

describe('createVectorStepper', () => {
  test.each([
    [1, 12, 48],
    [1, 10, 50],
    [0.25, 12, 12],
    [1 / 3, 12, 16],
    [2, 0, 120],
  ])(
    'with %f updates per step and %i steps of warm-up, 20 steps of three environments make %i updates',
    async (ratio, warmup, updates) => {
      const fixture = await make(linearLearner(spec), { ratio, warmup })
      await advance(fixture, 20)
      expect(fixture.stepper.counters).toMatchObject({ step: 60, updates })
      expect(fixture.replay.size).toBe(60)
      expect(fixture.stepper.stride).toBe(3)
    },
  )

  test('each environment acts on its own, at random first and then by the policy', async () => {
    const fixture = await make(linearLearner(spec), { warmup: 30, ratio: 0 })
    await advance(fixture, 20)
    const all = fixture.actions.flat()
    expect(new Set(all).size).toBe(60)
    expect(Math.max(...all.slice(0, 30).map(Math.abs))).toBeGreaterThan(0.8)
    // The policy of an untrained linear learner is noise of width 0.2.
    expect(Math.max(...all.slice(30).map(Math.abs))).toBeLessThan(0.8)
  })

  test('counts episodes and their returns over all environments', async () => {
    const fixture = await make(linearLearner(spec), { ratio: 0 })
    await advance(fixture, 100)
    const { episodes, lengths, returns } = fixture.stepper.takeInterval()
    expect(episodes).toBe(fixture.stepper.counters.episodes)
    expect(episodes).toBeGreaterThan(12)
    expect(lengths).toBeGreaterThan(240)
    expect(lengths).toBeLessThanOrEqual(300)
    expect(returns).toBeLessThan(0)
  })

  test('starts the memory of an episode from nothing, of that environment alone', async () => {
    const algorithm = sequenceLearner(spec)
    let made = 0
    // The second environment's episodes end after every third step.
    const env = severalEnvs(() => pointEnv({ maxEpisodeSteps: ++made === 2 ? 3 : 1_000 }))
    const fixture = await make(algorithm, { warmup: 1_000, env })
    await advance(fixture, 12)
    const batch = batchOf(algorithm) as StepsArrays
    const seen = new Map<number, Set<number>>()
    for (let draw = 0; draw < 200; draw++) {
      fixture.replay.sampleSteps(key(draw), batch, { length: 3 })
      for (let b = 0; b < 4; b++) {
        for (let t = 0; t + 1 < 3; t++) {
          if (batch.continues[t * 4 + b] === 0) continue
          const [now, then] = [batch.record.drawn[t * 4 + b], batch.record.drawn[(t + 1) * 4 + b]]
          const kept = seen.get(now) ?? new Set<number>()
          seen.set(now, kept.add(then))
        }
      }
    }
    // What follows a step is one number: stretches never change from one environment to another.
    expect(seen.size).toBeGreaterThan(20)
    for (const next of seen.values()) expect(next.size).toBe(1)
    const { memory } = fixture.stepper.snapshot()
    // Twelve steps are four episodes of the second environment: its memory is empty again.
    expect(memory.drift[1]).toBe(0)
    expect(Math.abs(memory.drift[0] * memory.drift[2])).toBeGreaterThan(0)
  })
})

describe('a replay with lanes', () => {
  test('gives back transitions of all lanes, each as often, while the rings turn', () => {
    const lanes = 3
    const replay = createReplay({ spec, capacity: 3 * 20 + 2, lanes })
    const observe = (lane: number, step: number): Readonly<Record<string, Float32Array>> => ({
      place: Float32Array.of(lane, step),
      target: Float32Array.of(0),
    })
    for (const [i, lane] of replay.lanes.entries()) {
      expect(lane.capacity).toBe(20)
      let step = 0
      // Lanes get out of step: episodes have lengths of their own.
      for (let taken = 0; taken < 45 + i; taken++) {
        if (!lane.open) lane.begin(observe(i, step))
        const truncated = step % (3 + i) === 0
        lane.add(Float32Array.of(i), {
          observation: observe(i, ++step),
          reward: step,
          terminated: false,
          truncated,
        })
      }
    }
    const batch = createBatch(spec, 300)
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 10; draw++) {
      replay.sample(key(draw), batch)
      for (let b = 0; b < 300; b++) {
        const [lane, step] = [batch.observation.place[2 * b], batch.observation.place[2 * b + 1]]
        counts[lane]++
        expect(batch.action[b]).toBe(lane)
        expect(batch.nextObservation.place[2 * b]).toBe(lane)
        expect(batch.nextObservation.place[2 * b + 1]).toBe(step + 1)
        expect(batch.reward[b]).toBe(step + 1)
      }
    }
    expect(replay.size).toBeGreaterThan(40)
    for (const count of counts) expect(Math.abs(count / 3_000 - 1 / 3)).toBeLessThan(0.07)
  })

  test('must have room for three rows per lane', () => {
    expect(() => createReplay({ spec, capacity: 5, lanes: 3 })).toThrow(
      'createReplay: capacity must be an integer of at least 9, 3 per lane of 3, got 5',
    )
    expect(() => createReplay({ spec, capacity: 5, lanes: 0 })).toThrow('createReplay: lanes must be')
  })
})

describe('a run on several environments', () => {
  const run = (env: Env | VectorEnv, store = memoryStore()): Promise<TrainResult> =>
    train({
      env,
      evalEnv: pointEnv(),
      algorithm: linearLearner(spec),
      config: { steps: 50, warmupSteps: 10, finalEpisodes: 1, replayCapacity: 120 },
      seed: 1,
      store,
    })

  test('is another than with another number of them', async () => {
    const store = memoryStore()
    const { steps } = await run(
      severalEnvs(() => pointEnv(), 2),
      store,
    )
    expect(steps).toBe(50)
    await expect(
      run(
        severalEnvs(() => pointEnv(), 5),
        store,
      ),
    ).rejects.toThrow('environments')
  })

  test('counts the steps per second from the first advance after the warm-up, whose steps may pass its end', async () => {
    let clock = 0
    let taken = 0
    vi.spyOn(performance, 'now').mockImplementation(() => clock)
    const timed = (): Env => {
      const env = pointEnv()
      return {
        ...env,
        step: (action) => {
          clock += taken++ < 12 ? 1_000 : 10
          return env.step(action)
        },
      }
    }
    const { steps, stepsPerSecond } = await run(severalEnvs(timed)).finally(() => vi.restoreAllMocks())
    expect(steps).toBe(48)
    expect(stepsPerSecond).toBeCloseTo(100)
  })

  test('adds up returns as a run on one environment does', async () => {
    const returnsOf = async (env: Env | VectorEnv): Promise<number[]> => {
      const found: number[] = []
      await train({
        env,
        evalEnv: pointEnv(),
        algorithm: linearLearner(spec),
        config: { steps: 50, warmupSteps: 50, finalEpisodes: 0, replayCapacity: 120, logEvery: 10 },
        seed: 1,
        onProgress: (event) =>
          event.kind === 'metrics' &&
          event.line.episodeReturn !== null &&
          found.push(event.line.episodeReturn),
      })
      return found
    }
    const tenths = (): Env => {
      const env = pointEnv()
      return { ...env, step: (action) => ({ ...env.step(action), reward: 0.1 }) }
    }
    const alone = await returnsOf(tenths())
    expect(alone.length).toBeGreaterThan(1)
    expect(await returnsOf(severalEnvs(tenths, 1))).toEqual(alone)
  })

  test('must have a step for each of them', async () => {
    await expect(run(severalEnvs(() => pointEnv(), 60))).rejects.toThrow(
      'train: config.steps must be at least 60, a step of each environment, got 50',
    )
  })

  test('says which environment was wrong', async () => {
    const nan = (): Env =>
      pointEnv({ sabotage: { atStep: 9, how: (result) => ({ ...result, reward: NaN }) } })
    await expect(run(severalEnvs(nan))).rejects.toThrow(
      'train: reward must be finite in float32, got NaN at index 0',
    )
  })
})
