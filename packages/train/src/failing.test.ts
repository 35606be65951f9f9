import type { Algorithm, Env } from '@maxent/core/contracts'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { decodeContainer } from './container.ts'
import { EnvironmentError } from './environmentError.ts'
import { NonFiniteError } from './finite.ts'
import type { TrainEvent } from './progress.ts'
import { memoryStore, type RunStore } from './store.ts'
import { train } from './train.ts'
import type { TrainResult } from './trainOptions.ts'
import { linesOf, short, start } from '../fixtures/shortRuns.ts'

describe('a run that cannot go on', () => {
  test('refuses environments and algorithms that do not fit each other', async () => {
    const env = pointEnv()
    await expect(start({ env, evalEnv: env })).rejects.toThrow(
      "train: evalEnv must be another environment than env, got the same; make a second 'point'",
    )
    const other = { ...env, spec: { ...env.spec, observation: { place: 3, target: 1 } } }
    await expect(start({ evalEnv: other })).rejects.toThrow(/^train: evalEnv must have the spec of env/)
    await expect(start({ env: other, evalEnv: { ...other } })).rejects.toThrow(
      /^train: algorithm must have the spec of env/,
    )
    await expect(start({ seed: -1 })).rejects.toThrow(/seed/)
  })

  test('a metric that is not finite ends the run with metric and leaf, after a file for inspection', async () => {
    const store = memoryStore()
    const failure = start({ store, learner: { nanAtUpdate: 153 } })
    await expect(failure).rejects.toThrow(NonFiniteError)
    await expect(failure).rejects.toThrow(
      'train: metric "loss" must be finite, got NaN, after 210 steps and 160 updates; ' +
        'the first such state leaf "value" [3, 1] holds NaN at index 0; ' +
        'state and batch are in checkpoints/step-000000000210.inspection; ' +
        'check the numbers of the environment, or try a smaller learning rate',
    )
    const inspection = await decodeContainer(
      (await store.read('checkpoints/step-000000000210.inspection')) as Uint8Array,
    )
    expect(inspection.meta).toMatchObject({
      step: 210,
      content: { error: 'train: metric "loss" must be finite, got NaN' },
    })
    expect([...inspection.arrays.keys()]).toEqual(
      expect.arrayContaining([
        'state/value',
        'env/numbers',
        'observation/place',
        'batch/reward',
        'batch/nextObservation/target',
      ]),
    )
    // The checkpoint before is the one that counts.
    const events: TrainEvent[] = []
    await expect(
      start({ store, learner: { nanAtUpdate: 153 }, onProgress: (event) => events.push(event) }),
    ).rejects.toThrow(NonFiniteError)
    expect(events[0]).toEqual({ kind: 'start', step: 180, steps: 420 })
  })

  test('a state that is not finite is never saved as a checkpoint', async () => {
    const store = memoryStore()
    // Update 35 is the 86th step: the checkpoint of step 90 comes before metrics are fetched again.
    await expect(
      start({ store, learner: { nanAtUpdate: 35 }, config: { ...short, metricsEvery: 300 } }),
    ).rejects.toThrow(
      'train: state must be finite, got state leaf "value" [3, 1] holds NaN at index 0, after 90 steps',
    )
    expect(await store.list('checkpoints')).toEqual(['step-000000000090.inspection'])
    // Nor does a run without a store end with one, however late it comes.
    const late = start({
      learner: { nanAtUpdate: 369 },
      config: { ...short, finalEpisodes: 0, metricsEvery: 1000 },
    })
    await expect(late).rejects.toThrow('train: state must be finite')
  })

  test('a reward that turns NaN ends the run, also without a store', async () => {
    const env = pointEnv({ sabotage: { atStep: 123, how: (result) => ({ ...result, reward: NaN }) } })
    // What an algorithm knows of its settings is no remedy for what it had no part in.
    const algorithm = { ...linearLearner(env.spec), remedy: 'lower the step' } as Algorithm
    const failure = train({ env, evalEnv: pointEnv(), algorithm, config: short, seed: 1 })
    await expect(failure).rejects.toThrow(
      'train: reward must be finite in float32, got NaN, after 122 steps and 72 updates; every leaf of the state is finite; ' +
        'check the numbers of the environment, or try a smaller learning rate',
    )
  })

  test("a number that learning made is named with the algorithm's own remedy", async () => {
    const env = pointEnv()
    const algorithm = {
      ...linearLearner(env.spec, { nanAtUpdate: 35 }),
      remedy: 'lower the step, which is 7',
    }
    const run = (metricsEvery: number): Promise<TrainResult> =>
      train({
        env,
        evalEnv: pointEnv(),
        algorithm: algorithm,
        config: { ...short, metricsEvery },
        seed: 1,
      })
    for (const [metricsEvery, what] of [
      [1, 'metric "loss"'],
      [300, 'state'],
    ] as const) {
      const failure = run(metricsEvery)
      await expect(failure).rejects.toThrow(`train: ${what} must be finite`)
      await expect(failure).rejects.toThrow(
        'lower the step, which is 7; else check the numbers of the environment, or try a smaller learning rate',
      )
      await expect(failure).rejects.toMatchObject({ isLearned: true })
    }
  })

  test('a reward that float32 cannot hold ends the run too', async () => {
    const env = pointEnv({ sabotage: { atStep: 60, how: (result) => ({ ...result, reward: 1e39 }) } })
    await expect(start({ env })).rejects.toThrow('train: reward must be finite in float32, got 1e+39')
  })

  test('an environment that throws ends the run with environment, step and seed, after a file for inspection', async () => {
    const store = memoryStore()
    const run = (): Promise<TrainResult> => {
      const env = pointEnv()
      const step = (action: Float32Array): ReturnType<Env['step']> => {
        if (env.snapshot().numbers[5] === 249) throw new Error('diverged')
        return env.step(action)
      }
      return start({ store, env: { ...env, step } })
    }
    const message =
      /^train: environment 'point' must take every step, got an error at step \d+ of the episode with seed \d+: diverged; after 249 steps and 199 updates of the run with seed 1; state and environment are in checkpoints\/step-000000000249\.inspection; resuming repeats the same steps and the same error/
    const first = await run().catch((error: unknown) => error)
    expect(first).toBeInstanceOf(EnvironmentError)
    expect((first as Error).message).toMatch(message)
    const bytes = await store.read('checkpoints/step-000000000249.inspection')
    expect([...(await decodeContainer(bytes as Uint8Array)).arrays.keys()]).toContain('env/numbers')
    expect(await run().catch((error: unknown) => error)).toEqual(first)
  })

  test('a full disk ends the run with the reason, and nothing finished is lost', async () => {
    const whole = memoryStore()
    const { stateHash } = await start({ store: whole })
    const full = (): Promise<never> => Promise.reject(new Error('ENOSPC'))
    const store = memoryStore()
    let writes = 0
    const filling: RunStore = {
      ...store,
      // The first 90 steps fit: config.json, a segment and its copy, a checkpoint.
      write: (path, bytes) => (++writes > 4 ? full() : store.write(path, bytes)),
      append: (path, text) => (writes > 4 ? full() : store.append(path, text)),
    }
    await expect(start({ store: filling })).rejects.toThrow('ENOSPC')
    const events: TrainEvent[] = []
    expect((await start({ store, onProgress: (event) => events.push(event) })).stateHash).toBe(stateHash)
    expect(events[0]).toEqual({ kind: 'start', step: 90, steps: 420 })
    expect(await linesOf(store)).toBe(await linesOf(whole))
    // A number that is not finite stays the first message when its inspection cannot be written.
    const nan = pointEnv({ sabotage: { atStep: 60, how: (result) => ({ ...result, reward: NaN }) } })
    await expect(
      start({
        store: {
          ...memoryStore(),
          write: (path, bytes) => (path.endsWith('inspection') ? full() : memoryStore().write(path, bytes)),
        },
        env: nan,
      }),
    ).rejects.toThrow('reward must be finite')
  })
})
