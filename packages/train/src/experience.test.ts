/** What learns from stretches of steps, or from rollouts. */
import { key } from '@maxent/core/keys'
import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core/contracts'
import type { HostTensor } from '@maxent/jit'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { rolloutLearner, severalEnvs } from '../fixtures/rolloutLearner.ts'
import { sequenceLearner } from '../fixtures/sequenceLearner.ts'
import { batchOf } from './batches.ts'
import { createReplay, type StepsArrays } from './replay.ts'
import { memoryStore, type RunStore } from './store.ts'
import { train, type TrainResult } from './train.ts'

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
      replay.sampleSteps(key(draw), batch, 3)
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

  test('refuses records and arrays of other lengths, and an empty replay', () => {
    const replay = createReplay({ spec, capacity: 40, record: { drawn: 2 } })
    const batch = batchOf(sequenceLearner(spec)) as StepsArrays
    expect(() => replay.sampleSteps(key(1), batch, 3)).toThrow('must hold at least one transition')
    const observation = { place: new Float32Array(2), target: new Float32Array(1) }
    replay.begin(observation)
    const result = { observation, reward: 0, terminated: false, truncated: false }
    expect(() => replay.add(Float32Array.of(0), result)).toThrow(
      'replay.add: record.drawn must have length 2, got none',
    )
    replay.add(Float32Array.of(0), result, { drawn: new Float32Array(2) })
    expect(() => replay.sampleSteps(key(1), batch, 3)).toThrow(
      'replay.sampleSteps: batch.record.drawn must have length 24, got 12',
    )
  })
})
