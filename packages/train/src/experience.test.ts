/** What learns from stretches of steps, or from rollouts. */
import { key } from '@maxent/core/keys'
import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core/contracts'
import type { HostTensor } from '@maxent/jit'
import { chiSquared } from '@maxent/core/testing'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { rolloutLearner, severalEnvs } from '../fixtures/rolloutLearner.ts'
import { sequenceLearner } from '../fixtures/sequenceLearner.ts'
import { batchOf } from './batches.ts'
import { createReplay, type Replay, type StepsArrays } from './replay.ts'
import { memoryStore, type RunStore } from './store.ts'
import { train } from './train.ts'
import type { TrainResult } from './trainOptions.ts'

const { spec } = pointEnv()
const config = {
  steps: 301,
  warmupSteps: 20,
  evaluateEvery: 60,
  evaluateEpisodes: 1,
  finalEpisodes: 2,
  logEvery: 25,
  metricsEvery: 2,
  checkpointEvery: 40,
  replayCapacity: 90,
}

interface Kind {
  readonly name: string
  readonly makeEnv: () => Env | VectorEnv
  readonly make: () => AnyAlgorithm
}

const kinds: readonly Kind[] = [
  { name: 'sequences, memory and a schedule', makeEnv: () => pointEnv(), make: () => sequenceLearner(spec) },
  {
    name: 'sequences, memory and a schedule from several environments',
    makeEnv: () => severalEnvs(() => pointEnv()),
    make: () => sequenceLearner(spec),
  },
  {
    name: 'transitions from several environments',
    makeEnv: () => severalEnvs(() => pointEnv()),
    make: () => linearLearner(spec),
  },
  { name: 'rollouts', makeEnv: () => severalEnvs(() => pointEnv()), make: () => rolloutLearner(spec) },
]

function start({ makeEnv, make }: Kind, store: RunStore, signal?: AbortSignal): Promise<TrainResult> {
  return train({
    env: makeEnv(),
    evalEnv: pointEnv(),
    algorithm: make(),
    config,
    seed: 3,
    store,
    ...(signal === undefined ? {} : { signal }),
  })
}

async function linesOf(store: RunStore): Promise<string> {
  const texts = await Promise.all(['metrics.jsonl', 'eval.jsonl'].map((file) => store.read(file)))
  return texts
    .map((bytes) => new TextDecoder().decode(bytes))
    .join('')
    .replaceAll(/"wallSeconds":[^}]*/g, '')
}

describe.each(kinds)('a run with $name', (kind) => {
  test('gives the same bits twice, and learns', async () => {
    const [first, second] = [memoryStore(), memoryStore()]
    const result = await start(kind, first)
    expect((await start(kind, second)).stateHash).toBe(result.stateHash)
    expect(await linesOf(second)).toBe(await linesOf(first))
    const { gain, momentum } = result.state as Readonly<Record<string, HostTensor | undefined>>
    expect((gain ?? momentum)?.data[0]).not.toBeCloseTo(gain === undefined ? 0 : 0.1, 4)
  })

  test('that is interrupted anywhere goes on bit for bit', async () => {
    const whole = memoryStore()
    const { stateHash } = await start(kind, whole)
    const store = memoryStore()
    for (let sitting = 0; ; sitting++) {
      const controller = new AbortController()
      let seen = 0
      const result = await train({
        env: kind.makeEnv(),
        evalEnv: pointEnv(),
        algorithm: kind.make(),
        config,
        seed: 3,
        store,
        signal: controller.signal,
        // Metrics come every 25 steps: each sitting ends some way on.
        onProgress: ({ kind: what }) => {
          if (what === 'metrics' && ++seen > sitting % 2) controller.abort()
        },
      })
      if (result.outcome === 'interrupted') continue
      expect(sitting).toBeGreaterThan(3)
      expect(result.stateHash).toBe(stateHash)
      break
    }
    expect(await linesOf(store)).toBe(await linesOf(whole))
  })

  test('that is lost without a word goes on from its last checkpoint', async () => {
    const { stateHash } = await start(kind, memoryStore())
    const store = memoryStore()
    let writes = 0
    const dying: RunStore = {
      ...store,
      write: (path, bytes) => (++writes > 5 ? Promise.reject(new Error('lost')) : store.write(path, bytes)),
    }
    await expect(start(kind, dying)).rejects.toThrow('lost')
    expect((await start(kind, store)).stateHash).toBe(stateHash)
  })
})

describe('rollouts', () => {
  const [kind] = kinds.slice(-1)

  test('count the steps of all environments, and stop before there would be too many', async () => {
    const { steps, updates, episodes, state } = await start(kind, memoryStore())
    // 301 steps are 100 of three environments. A rollout is 15 rows, 4 minibatches of 4 per pass.
    expect(steps).toBe(300)
    expect(updates).toBe(20 * 2 * 4)
    expect(episodes).toBeGreaterThan(10)
    // Every row counts once per pass: what fills up the last minibatch has no weight.
    expect((state as Readonly<Record<string, HostTensor>>).seen.data[0]).toBe(20 * 2 * 15)
  })

  test('say what does not fit', async () => {
    const run = (env: Env | VectorEnv, algorithm: AnyAlgorithm): Promise<TrainResult> =>
      train({ env, evalEnv: pointEnv(), algorithm, config, seed: 1 })
    await expect(run(pointEnv(), rolloutLearner(spec))).rejects.toThrow(
      "train: algorithm 'rollouts' must have several environments, got one 'point'",
    )
    await expect(
      run(
        severalEnvs(() => pointEnv(), 2),
        rolloutLearner(spec),
      ),
    ).rejects.toThrow("train: algorithm 'rollouts' must have 3 environments, got 2")
    const nan = (): Env =>
      pointEnv({ sabotage: { atStep: 9, how: (result) => ({ ...result, reward: NaN }) } })
    await expect(run(severalEnvs(nan), rolloutLearner(spec))).rejects.toThrow(
      'train: reward must be finite in float32, got NaN at index 0, after 24 steps',
    )
    const broken = (): Env => ({
      ...pointEnv(),
      step: () => {
        throw new Error('diverged')
      },
    })
    await expect(run(severalEnvs(broken), rolloutLearner(spec))).rejects.toThrow(
      "train: environment 'point' must take every step, got an error at step 1",
    )
  })
})

describe('sampleSteps', () => {
  test('gives stretches of steps that follow each other, and zeros after an end', () => {
    const replay = createReplay({ spec, capacity: 40, record: { drawn: 1 } })
    const at = (episode: number, step: number): { place: Float32Array; target: Float32Array } => ({
      place: Float32Array.of(episode, step),
      target: Float32Array.of(0),
    })
    for (let episode = 1; episode <= 20; episode++) {
      replay.begin(at(episode, 0))
      for (let step = 1; step <= 4; step++) {
        const terminated = step === 4 && episode % 2 === 0
        const result = { observation: at(episode, step), reward: step, terminated, truncated: step === 4 }
        replay.add(Float32Array.of(step / 10), result, { drawn: Float32Array.of(10 * episode + step) })
      }
    }
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    const starts = new Set<number>()
    for (let draw = 0; draw < 50; draw++) {
      replay.sampleSteps(key(draw), batch, { length: 3 })
      for (let b = 0; b < 4; b++) {
        const first = batch.observation.place[2 * b + 1]
        const episode = batch.observation.place[2 * b]
        starts.add(first)
        expect(episode).toBeGreaterThan(12)
        for (let t = 0; t < 3; t++) {
          const row = t * 4 + b
          const step = first + t
          const inside = step < 4
          expect(batch.valid[row]).toBe(inside ? 1 : 0)
          expect(batch.continues[row]).toBe(inside && t < 2 && step < 3 ? 1 : 0)
          expect(batch.observation.place[2 * row + 1]).toBe(inside ? step : 0)
          expect(batch.nextObservation.place[2 * row + 1]).toBe(inside ? step + 1 : 0)
          expect(batch.reward[row]).toBe(inside ? step + 1 : 0)
          expect(batch.record.drawn[row]).toBe(inside ? 10 * episode + step + 1 : 0)
          expect(batch.discount[row]).toBe(inside && !(step === 3 && episode % 2 === 0) ? 1 : 0)
        }
      }
    }
    expect([...starts].sort()).toEqual([0, 1, 2, 3])
  })

  test('draws starts by their age', () => {
    const replay = createReplay({ spec, capacity: 60, record: { drawn: 1 } })
    const at = (step: number): { place: Float32Array; target: Float32Array } => ({
      place: Float32Array.of(0, step),
      target: Float32Array.of(0),
    })
    // 103 steps in episodes of 7, of which the last has begun: a row per step, and one per end.
    for (let step = 1; step <= 103; step++) {
      if (!replay.open) replay.begin(at(step))
      const result = { observation: at(-1), reward: 0, terminated: false, truncated: step % 7 === 0 }
      replay.add(Float32Array.of(0), { ...result, observation: at(step + 1) }, { drawn: Float32Array.of(0) })
    }
    const recency = 0.05
    const [counts, weights] = [new Float64Array(104), new Float64Array(104)]
    // The newest row waits for its action. 58 rows before it, each row that ends an episode among them.
    for (let age = 1, step = 103; age < 60; age++, step--) {
      weights[step] = Math.exp(-recency * age)
      if (step % 7 === 1) age++
    }
    const total = weights.reduce((sum, weight) => sum + weight)
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    for (let draw = 0; draw < 3_000; draw++) {
      replay.sampleSteps(key(draw), batch, { length: 3, recency })
      for (let b = 0; b < 4; b++) counts[batch.observation.place[2 * b + 1]]++
    }
    const shares = weights.map((weight) => weight / total)
    const held = [...shares.keys()].filter((step) => shares[step] > 0)
    expect(counts.reduce((sum, count, step) => sum + (shares[step] > 0 ? count : 0), 0)).toBe(12_000)
    const cells = (of: Float64Array): number[] => held.map((step) => of[step])
    expect(chiSquared(cells(counts), cells(shares))).toBeGreaterThan(1e-3)
    expect(
      chiSquared(
        cells(counts),
        held.map(() => 1 / held.length),
      ),
    ).toBeLessThan(1e-9)
    // A preference of 0 is none, bit for bit.
    replay.sampleSteps(key(1), batch, { length: 3, recency: 0 })
    const uniform = batch.observation.place.slice()
    replay.sampleSteps(key(1), batch, { length: 3 })
    expect(batch.observation.place).toEqual(uniform)
    expect(() => replay.sampleSteps(key(1), batch, { length: 3, recency: 2 })).toThrow(
      'replay.sampleSteps: recency must be in [0, 1], got 2',
    )
    for (const length of [0, 5, 1.5, 24])
      expect(() => replay.sampleSteps(key(1), batch, { length })).toThrow(
        `replay.sampleSteps: length must be a positive integer that divides the 12 rows of the batch, got ${length}`,
      )
  })

  test('finds the one start that there is, however old', () => {
    const replay = createReplay({ spec, capacity: 100, record: { drawn: 1 } })
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    replay.begin(observation)
    const result = { observation, reward: 7, terminated: false, truncated: false }
    replay.add(Float32Array.of(0), result, { drawn: new Float32Array(1) })
    for (let i = 0; i < 40; i++) replay.begin(observation)
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    replay.sampleSteps(key(1), batch, { length: 3, recency: 1 })
    expect([...batch.reward.subarray(0, 4)]).toEqual([7, 7, 7, 7])
  })

  test('draws from the lanes as often as they have rows, and never what a lane does not hold', () => {
    const replay = createReplay({ spec, capacity: 80, lanes: 2, record: { drawn: 1 } })
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    for (const [i, steps] of [30, 10].entries()) {
      replay.lanes[i].begin(observation)
      for (let step = 1; step <= steps; step++) {
        const result = { observation, reward: 100 * i + step, terminated: false, truncated: false }
        replay.lanes[i].add(Float32Array.of(0), result, { drawn: new Float32Array(1) })
      }
    }
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    const counts = new Float64Array(2)
    for (let draw = 0; draw < 2_000; draw++) {
      replay.sampleSteps(key(draw), batch, { length: 3, recency: 0.5 })
      for (let b = 0; b < 4; b++) {
        const reward = batch.reward[b]
        counts[reward > 100 ? 1 : 0]++
        expect(reward > 100 ? reward - 100 <= 10 : reward >= 1 && reward <= 30).toBe(true)
      }
    }
    // 31 and 11 rows; ages that the shorter lane does not hold are drawn again: 0.4 % of its draws.
    expect(chiSquared(counts, [31 / 42, 11 / 42])).toBeGreaterThan(1e-3)
  })

  test('tells of the episodes that ended and are held, also after a restore', () => {
    const make = (): Replay => createReplay({ spec, capacity: 24, record: { drawn: 1 } })
    const replay = make()
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    const step = (reward: number, end = false): void => {
      if (!replay.open) replay.begin(observation)
      const result = { observation, reward, terminated: end, truncated: false }
      replay.add(Float32Array.of(0), result, { drawn: new Float32Array(1) })
    }
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    const told = (of: Replay): number[][] => {
      of.sampleSteps(key(1), batch, { length: 3 })
      const { returns, lengths } = batch.episodes ?? { returns: [], lengths: [] }
      return [[...returns], [...lengths]]
    }
    const restored = (): Replay => {
      const other = make()
      const position = replay.position()
      const from = Math.max(0, position.rowsBegun - 24)
      other.restore(position, [{ from, rows: replay.copyRows(from, position.rowsBegun) }])
      return other
    }
    const check = (returns: number[], lengths: number[]): void => {
      const filled = [returns, lengths].map((values) => [...values, ...Array<number>(5).fill(0)].slice(0, 5))
      expect(told(replay)).toEqual(filled)
      expect(told(restored())).toEqual(filled)
    }
    step(1)
    check([], [])
    step(2, true)
    check([3], [2])
    step(5)
    check([3], [2])
    step(-7)
    // Left as one that was cut.
    replay.begin(observation)
    step(4)
    check([-2, 3], [2, 2])
    step(4, true)
    check([8, -2, 3], [2, 2, 2])
    for (let i = 1; i <= 10; i++) step(i, i === 10)
    check([55, 8, -2, 3], [10, 2, 2, 2])
    // 24 rows: the first episode goes with the row that it begins with, the second with the end of the first, which tells where it began.
    step(1)
    step(1)
    step(1)
    check([55, 8, -2, 3], [10, 2, 2, 2])
    step(1)
    check([55, 8, -2], [10, 2, 2])
    step(1)
    check([55, 8, -2], [10, 2, 2])
    step(1)
    check([55, 8], [10, 2])
    for (let i = 0; i < 40; i++) step(1)
    check([], [])
    step(1, true)
    check([], [])
    step(2, true)
    check([2], [1])
  })

  test('tells of the episodes of several lanes in turns', () => {
    const replay = createReplay({ spec, capacity: 60, lanes: 2, record: { drawn: 1 } })
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    for (const [i, rewards] of [[1, 2, 3], [10]].entries()) {
      for (const reward of rewards) {
        replay.lanes[i].begin(observation)
        const result = { observation, reward, terminated: false, truncated: true }
        replay.lanes[i].add(Float32Array.of(0), result, { drawn: new Float32Array(1) })
      }
    }
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    replay.sampleSteps(key(1), batch, { length: 3 })
    expect(batch.episodes).toEqual({
      returns: Float32Array.of(3, 10, 2, 0, 1),
      lengths: Float32Array.of(1, 1, 1, 0, 1),
    })
  })

  test('refuses records and arrays of other lengths, and an empty replay', () => {
    const replay = createReplay({ spec, capacity: 40, record: { drawn: 2 } })
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    expect(() => replay.sampleSteps(key(1), batch, { length: 3 })).toThrow(
      'must hold at least one transition',
    )
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    replay.begin(observation)
    const result = { observation, reward: 0, terminated: false, truncated: false }
    expect(() => replay.add(Float32Array.of(0), result)).toThrow(
      'replay.add: record.drawn must have length 2, got none',
    )
    replay.add(Float32Array.of(0), result, { drawn: new Float32Array(2) })
    expect(() => replay.sampleSteps(key(1), batch, { length: 3 })).toThrow(
      'replay.sampleSteps: batch.record.drawn must have length 24, got 12',
    )
    const short = { ...batch, record: { drawn: new Float32Array(24) } }
    const episodes = { returns: new Float32Array(5), lengths: new Float32Array(4) }
    expect(() => replay.sampleSteps(key(1), { ...short, episodes }, { length: 3 })).toThrow(
      'replay.sampleSteps: batch.episodes.lengths must have length 5, got 4',
    )
  })
})
