import { chiSquared } from '@maxent/core/testing'
import { foldIn, key } from '@maxent/core/keys'
import { beforeAll, describe, expect, it } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { rolloutLearner } from '../fixtures/rolloutLearner.ts'
import { sequenceLearner } from '../fixtures/sequenceLearner.ts'
import { NonFiniteError } from './finite.ts'
import { createBatch, createReplay, type Replay } from './replay.ts'
import { sampleUnion } from './replayUnion.ts'
import { stateHash } from './stateHash.ts'
import { trainOffline, type TrainOfflineOptions } from './trainOffline.ts'

const { spec } = pointEnv()

/** A replay of so many transitions, each with the number as its reward. */
function replayOf(count: number, reward: number): Replay {
  const replay = createReplay({ spec, capacity: 2 * count + 2 })
  const observation = { place: Float32Array.of(reward, 0), target: Float32Array.of(0.1) }
  for (let i = 0; i < count; i++) {
    if (!replay.open) replay.begin(observation)
    replay.add(Float32Array.of(0.5), { observation, reward, terminated: i % 3 === 0, truncated: false })
  }
  return replay
}

describe('sampleUnion', () => {
  it('draws from each replay in proportion to its size', () => {
    const sizes = [10, 60, 30]
    const replays = sizes.map((size, i) => replayOf(size, i))
    const batch = createBatch(spec, 50)
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 200; draw++) {
      sampleUnion(replays, foldIn(key(1), draw), batch)
      for (const [b, reward] of batch.reward.entries()) {
        counts[reward]++
        // A row is of one replay as a whole.
        expect(batch.observation.place[2 * b]).toBe(reward)
        expect(batch.nextObservation.place[2 * b]).toBe(reward)
      }
    }
    expect(
      chiSquared(
        counts,
        sizes.map((size) => size / 100),
      ),
    ).toBeGreaterThan(1e-3)
  })

  it('depends on the key alone, and can leave a small replay out', () => {
    const replays = [replayOf(1, 0), replayOf(500, 1)]
    const [one, same, other] = [createBatch(spec, 8), createBatch(spec, 8), createBatch(spec, 8)]
    sampleUnion(replays, key(3), one)
    sampleUnion(replays, key(3), same)
    sampleUnion(replays, key(4), other)
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect([...one.reward]).toEqual(Array(8).fill(1))
  })

  it('refuses none, empty ones and others than the first', () => {
    const batch = createBatch(spec, 4)
    const empty = createReplay({ spec, capacity: 4 })
    const strange = createReplay({ spec: { ...spec, action: { low: [-2], high: [2] } }, capacity: 4 })
    strange.begin({ place: new Float32Array(2), target: new Float32Array(1) })
    strange.add(Float32Array.of(0), {
      observation: { place: new Float32Array(2), target: new Float32Array(1) },
      reward: 0,
      terminated: true,
      truncated: false,
    })
    expect(() => sampleUnion([], key(1), batch)).toThrow('sampleUnion: replays must have at least one entry')
    expect(() => sampleUnion([replayOf(2, 0), undefined as unknown as Replay], key(1), batch)).toThrow(
      new TypeError(
        'sampleUnion: replays[1] must be a replay, got undefined; give what createReplay or loadReplay gives',
      ),
    )
    expect(() => sampleUnion([replayOf(2, 0), empty], key(1), batch)).toThrow(
      'sampleUnion: replays[1] must hold at least one transition, got none',
    )
    expect(() => sampleUnion([replayOf(2, 0), strange], key(1), batch)).toThrow(
      'sampleUnion: replays[1] must be of the specification of the first',
    )
  })
})

describe('trainOffline', () => {
  let replays: readonly Replay[]
  beforeAll(() => {
    replays = [replayOf(20, 0.5), replayOf(40, -0.5)]
  })
  const run = (given: Partial<TrainOfflineOptions> = {}): ReturnType<typeof trainOffline> =>
    trainOffline({ algorithm: linearLearner(spec), replays, updates: 6, seed: 1, ...given })

  it('depends on its options alone', async () => {
    const { state, updates, outcome } = await run()
    expect([updates, outcome]).toEqual([6, 'finished'])
    const hashes = await Promise.all(
      [run(), run(), run({ seed: 2 })].map(async (r) => stateHash((await r).state)),
    )
    expect(hashes[0]).toBe(await stateHash(state))
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  it('fetches metrics as often as asked for, and hands over the agent after every step', async () => {
    const seen: number[] = []
    const actions: number[] = []
    const { metrics } = await run({
      metricsEvery: 2,
      afterUpdate: async (updates, agent) => {
        seen.push(updates)
        const observation = { place: Float32Array.of(1, 1), target: Float32Array.of(0) }
        actions.push((await agent.actDeterministic(observation))[0])
      },
    })
    expect(metrics.map(({ updates }) => updates)).toEqual([2, 4, 6])
    const rare = await run({ metricsEvery: 4 })
    expect(rare.metrics.map(({ updates }) => updates)).toEqual([4, 6])
    expect(Object.keys(metrics[0].metrics).sort()).toEqual(['loss', 'valueNorm'])
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
    expect(new Set(actions).size).toBe(6)
  })

  it('fetches the metrics of the end of a schedule, however its length falls', async () => {
    const algorithm = linearLearner(spec)
    const measured: (typeof algorithm)['update'] = (...args) => {
      const { state, metrics } = algorithm.update(...args)
      return { state, metrics: { ...metrics, measured: metrics.loss } }
    }
    const plain = { update: algorithm.update }
    const scheduled = { ...algorithm, schedule: [plain, plain, { update: measured }] }
    const { metrics } = await run({ algorithm: scheduled, updates: 14, metricsEvery: 4 })
    expect(metrics.map(({ updates }) => updates)).toEqual([4, 6, 8, 12, 14])
    expect(metrics.flatMap((line) => ('measured' in line.metrics ? [line.updates] : []))).toEqual([6, 12])
  })

  it('hands on what the algorithm says of its config', async () => {
    const warned = { ...linearLearner(spec), warnings: ['linear: it is linear'] }
    expect((await run({ algorithm: warned })).warnings).toEqual(['linear: it is linear'])
    expect((await run()).warnings).toEqual([])
  })

  it('asks the algorithm what it says of the mean of the last metrics', async () => {
    const told: Readonly<Record<string, number>>[] = []
    const algorithm = linearLearner(spec)
    const advise = (metrics: Readonly<Record<string, number>>): { name: string; message: string }[] => {
      told.push(metrics)
      return [{ name: 'loss', message: 'linear: loss is above 0' }]
    }
    const { metrics, advice } = await run({
      algorithm: { ...algorithm, advise },
      updates: 11,
      metricsEvery: 1,
    })
    expect(advice).toEqual([{ name: 'loss', message: 'linear: loss is above 0' }])
    expect(told).toHaveLength(1)
    // Two of eleven are the last tenth.
    const [one, other] = metrics.slice(-2).map((line) => line.metrics.loss)
    expect(told[0].loss).toBeCloseTo((one + other) / 2, 12)
    expect((await run()).advice).toEqual([])
  })

  it('learns from batches as they are relabelled', async () => {
    const relabel: TrainOfflineOptions['relabel'] = ({ reward }) => void reward.fill(3)
    const rewarded = await run({ relabel, metricsEvery: 1 })
    const plain = await run({ metricsEvery: 1 })
    expect(rewarded.metrics[0].metrics.loss).toBeGreaterThan(2 * plain.metrics[0].metrics.loss)
    expect(rewarded.state).not.toEqual(plain.state)
  })

  it('ends early by a signal that a timer gives, in eager mode too', async () => {
    const { outcome } = await run({
      signal: AbortSignal.timeout(50),
      updates: 1_000_000,
      mode: { kind: 'eager', backend: 'cpu' },
    })
    expect(outcome).toBe('interrupted')
  })

  it('ends early when it is asked to', async () => {
    const stop = new AbortController()
    const { outcome, updates } = await run({
      signal: stop.signal,
      afterUpdate: (done) => {
        if (done === 3) stop.abort()
      },
    })
    expect([outcome, updates]).toEqual(['interrupted', 3])
  })

  it('stops at numbers that are not finite', async () => {
    const algorithm = { ...linearLearner(spec, { nanAtUpdate: 1 }), remedy: 'lower the step, which is 7' }
    await expect(run({ algorithm, metricsEvery: 2 })).rejects.toThrow(
      'trainOffline: metric "loss" must be finite, got NaN, after 2 updates; lower the step, which is 7; ' +
        'else check the numbers of the replays, or try a smaller learning rate',
    )
    // Asked to end between two looks at the metrics.
    const stop = new AbortController()
    const unseen = run({
      algorithm: linearLearner(spec, { nanAtUpdate: 1 }),
      signal: stop.signal,
      afterUpdate: (done) => {
        if (done === 3) stop.abort()
      },
    })
    await expect(unseen).rejects.toThrow(NonFiniteError)
    await expect(unseen).rejects.toThrow('trainOffline: state must be finite, got state leaf "value"')
  })

  it('refuses what it cannot learn with', async () => {
    await expect(run({ updates: 0 })).rejects.toThrow(
      'trainOffline: updates must be an integer of at least 1, got 0',
    )
    await expect(run({ metricsEvery: 0.5 })).rejects.toThrow('trainOffline: metricsEvery must be an integer')
    await expect(run({ replays: [] })).rejects.toThrow(
      'trainOffline: replays must have at least one entry, got none',
    )
    for (const replays of [undefined, replayOf(1, 0)]) {
      await expect(run({ replays: replays as never })).rejects.toThrow(
        /^trainOffline: replays must be a list, got .*; give \[replay\], also where there is one alone$/,
      )
    }
    await expect(run({ algorithm: { ...linearLearner(spec), replays: 3 } })).rejects.toThrow(
      "trainOffline: replays must have 3 entries, one for each task that algorithm 'linear' was composed of, got 2; " +
        'give what was collected for every one of them, the same again where two share it',
    )
    const { low, high } = spec.action
    for (const action of [
      { low: [-2], high: [2] },
      { low, high, choices: 2 },
    ])
      await expect(run({ algorithm: linearLearner({ ...spec, action }) })).rejects.toThrow(
        "trainOffline: replays[0] must be of the specification of algorithm 'linear'",
      )
    await expect(run({ algorithm: rolloutLearner(spec) })).rejects.toThrow(
      'must learn from transitions alone',
    )
    await expect(run({ algorithm: sequenceLearner(spec) })).rejects.toThrow(
      'must learn from transitions alone',
    )
  })
})
