import type { Algorithm, Env } from '@maxent/core/contracts'
import { makeEnv } from '@maxent/envs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { linearLearner, type LinearOptions } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { decodeContainer } from './container.ts'
import { EnvironmentError } from './environmentError.ts'
import { NonFiniteError } from './finite.ts'
import type { TrainEvent } from './progress.ts'
import { parseRecord, type RunRecord } from './record.ts'
import { memoryStore, type RunStore } from './store.ts'
import { train } from './train.ts'
import type { TrainOptions, TrainResult } from './trainOptions.ts'

const short = {
  steps: 420,
  warmupSteps: 50,
  evaluateEvery: 100,
  evaluateEpisodes: 2,
  finalEpisodes: 3,
  logEvery: 40,
  checkpointEvery: 90,
  replayCapacity: 300,
}

type Changes = Partial<Omit<TrainOptions, 'algorithm'>> & { readonly learner?: LinearOptions }

function start({ learner, ...changes }: Changes = {}): Promise<TrainResult> {
  const env = pointEnv()
  const algorithm = linearLearner(env.spec, learner) as Algorithm
  return train({ env, evalEnv: pointEnv(), algorithm, config: short, seed: 1, ...changes })
}

async function textOf(store: RunStore, path: string): Promise<string> {
  return new TextDecoder().decode((await store.read(path)) ?? new Uint8Array(0))
}

async function recordOf(store: RunStore): Promise<RunRecord> {
  return parseRecord({
    config: await textOf(store, 'config.json'),
    metrics: await textOf(store, 'metrics.jsonl'),
    evaluations: await textOf(store, 'eval.jsonl'),
  })
}

/** The line files without their wall times. */
async function linesOf(store: RunStore): Promise<string> {
  const text = (await textOf(store, 'metrics.jsonl')) + (await textOf(store, 'eval.jsonl'))
  return text.replaceAll(/"wallSeconds":[^}]*/g, '')
}

describe('what an algorithm advises', () => {
  test('is told once per name, from the means of a stretch, with when it was seen', async () => {
    const env = pointEnv()
    const seen: number[] = []
    const algorithm: Algorithm = {
      ...(linearLearner(env.spec) as Algorithm),
      advise: (metrics) => {
        seen.push(Object.values(metrics).filter(Number.isFinite).length)
        return [
          { name: 'a', message: 'a is odd, try b' },
          ...(seen.length > 2 ? [{ name: 'c', message: 'c is odd' }] : []),
        ]
      },
    }
    const notices: string[] = []
    const onProgress = (event: TrainEvent): void => {
      if (event.kind === 'notice') notices.push(event.message)
    }
    await train({ env, evalEnv: pointEnv(), algorithm, config: short, seed: 1, onProgress })
    expect(notices).toEqual(['a is odd, try b; seen after 40 steps', 'c is odd; seen after 120 steps'])
    expect(seen.length).toBe(11)
    expect(seen.at(-1)).toBeGreaterThan(0)
  })
})

describe('train', () => {
  test('leaves a record that says what happened', async () => {
    const store = memoryStore()
    const events: TrainEvent[] = []
    const result = await start({
      store,
      details: { learningRate: 0.05 },
      onProgress: (event) => events.push(event),
    })
    const { config, metrics, evaluations, damaged } = await recordOf(store)
    expect(damaged).toEqual([])
    expect(config).toMatchObject({
      env: { id: 'point', observation: { place: 2, target: 1 }, maxEpisodeSteps: 20 },
      algorithm: 'linear',
      seed: 1,
      mode: { kind: 'compiled', threads: 1 },
      train: short,
      details: { learningRate: 0.05 },
      versions: {
        node: process.versions.node,
        '@tensorflow/tfjs': tf.version_core,
        onnxruntime: expect.stringMatching(/^\d/) as string,
      },
      machine: { platform: process.platform, arch: process.arch },
    })
    expect(metrics.map(({ step }) => step)).toEqual([40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 420])
    expect(metrics.map(({ updates }) => updates).slice(0, 3)).toEqual([0, 30, 70])
    expect(metrics[0].metrics).toEqual({})
    expect(Object.keys(metrics[2].metrics)).toEqual(['loss', 'valueNorm'])
    expect(evaluations.map(({ step, final }) => [step, final])).toEqual([
      [100, false],
      [200, false],
      [300, false],
      [400, false],
      [420, true],
    ])
    expect(evaluations.map(({ returns }) => returns.length)).toEqual([2, 2, 2, 2, 3])
    expect(await store.list('checkpoints')).toContain('step-000000000420.checkpoint')
    expect(result).toMatchObject({
      outcome: 'finished',
      steps: 420,
      updates: 370,
      evaluation: evaluations.at(-1),
    })
    expect(result.stateHash).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(events.map(({ kind }) => kind).filter((kind) => kind !== 'progress'))).toEqual(
      new Set(['start', 'metrics', 'evaluation', 'checkpoint']),
    )
  })

  test('the same seed gives the same bits, another seed others', async () => {
    const [a, b, c] = [memoryStore(), memoryStore(), memoryStore()]
    const first = await start({ store: a })
    const second = await start({ store: b })
    const third = await start({ store: c, seed: 2 })
    expect(second.stateHash).toBe(first.stateHash)
    expect(await linesOf(b)).toBe(await linesOf(a))
    expect(third.stateHash).not.toBe(first.stateHash)
    // Recording changes nothing.
    expect((await start()).stateHash).toBe(first.stateHash)
  })

  test('an interrupt at any moment leaves a run that goes on bit for bit', async () => {
    const whole = memoryStore()
    const { stateHash } = await start({ store: whole })
    for (const at of [1, 49, 90, 100, 137, 300, 419]) {
      const store = memoryStore()
      const controller = new AbortController()
      const env = pointEnv()
      let steps = 0
      const counting = {
        ...env,
        step: (action: Float32Array) => {
          if (++steps === at) controller.abort()
          return env.step(action)
        },
      }
      const first = await start({ store, env: counting, signal: controller.signal })
      expect(first).toMatchObject({ outcome: 'interrupted', steps: at })
      const second = await start({ store })
      expect(second).toMatchObject({ outcome: 'finished', steps: 420, stateHash })
      expect(await linesOf(store)).toBe(await linesOf(whole))
    }
  })

  test('an interrupt during an evaluation, the last one too, has it done on resuming', async () => {
    const counting = (onStep: (count: number) => void): Env => {
      const env = pointEnv()
      let steps = 0
      return {
        ...env,
        step: (action) => {
          onStep(++steps)
          return env.step(action)
        },
      }
    }
    const whole = memoryStore()
    let total = 0
    await start({ store: whole, evalEnv: counting((count) => (total = count)) })
    for (const at of [1, total >> 1, total - 1]) {
      const store = memoryStore()
      const controller = new AbortController()
      const evalEnv = counting((count) => count === at && controller.abort())
      const first = await start({ store, evalEnv, signal: controller.signal })
      expect(first.outcome).toBe('interrupted')
      expect((await start({ store })).outcome).toBe('finished')
      expect(await linesOf(store)).toBe(await linesOf(whole))
    }
  })

  test.each(['pendulum', 'half-cheetah'] as const)(
    'a run on %s goes on bit for bit in new environments',
    async (id) => {
      const run = async (options: Partial<TrainOptions>): Promise<TrainResult> => {
        const [env, evalEnv] = [await makeEnv(id), await makeEnv(id)]
        const algorithm = linearLearner(env.spec, { learningRate: 0.001 })
        // 260 steps cross an episode's end on pendulum and none on half-cheetah.
        const config = { ...short, steps: 260, evaluateEvery: 0, finalEpisodes: 0 }
        try {
          return await train({ env, evalEnv, algorithm, config, seed: 3, ...options })
        } finally {
          env.close()
          evalEnv.close()
        }
      }
      const whole = memoryStore()
      const { stateHash } = await run({ store: whole })
      const store = memoryStore()
      const controller = new AbortController()
      const onProgress = (event: TrainEvent): void => {
        if (event.kind === 'checkpoint' && event.step === 90) controller.abort()
      }
      expect((await run({ store, signal: controller.signal, onProgress })).outcome).toBe('interrupted')
      expect((await run({ store })).stateHash).toBe(stateHash)
      expect(await linesOf(store)).toBe(await linesOf(whole))
    },
  )

  test('an interrupt that the event loop brings ends a run that waits for nothing', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 0)
    const endless = { ...short, steps: 200_000, evaluateEvery: 0, logEvery: 200_000, checkpointEvery: 0 }
    const { outcome, steps } = await start({
      config: endless,
      mode: { kind: 'eager', backend: 'cpu' },
      signal: controller.signal,
    })
    expect(outcome).toBe('interrupted')
    expect(steps).toBeLessThan(200_000)
  })

  test('a run that is lost without a word goes on from its last checkpoint', async () => {
    const whole = memoryStore()
    const { stateHash } = await start({ store: whole })
    const store = memoryStore()
    const env = pointEnv()
    let steps = 0
    const failing = {
      ...env,
      step: (action: Float32Array) => {
        if (++steps === 250) throw new Error('the machine burns')
        return env.step(action)
      },
    }
    await expect(start({ store, env: failing })).rejects.toThrow('the machine burns')
    await store.append('metrics.jsonl', '{"step":2')
    const events: TrainEvent[] = []
    expect((await start({ store, onProgress: (event) => events.push(event) })).stateHash).toBe(stateHash)
    expect(events[0]).toEqual({ kind: 'start', step: 180, steps: 420 })
    expect(await linesOf(store)).toBe(await linesOf(whole))
  })

  test('line files that have lost lines are cut to whole ones, and a notice says so', async () => {
    const store = memoryStore()
    const { stateHash } = await start({ store })
    const lines = await textOf(store, 'metrics.jsonl')
    const first = lines.slice(0, lines.indexOf('\n') + 1)
    await store.truncate('metrics.jsonl', first.length + 7)
    await store.remove('eval.jsonl')
    const messages: string[] = []
    const again = await start({
      store,
      config: { ...short, steps: 500 },
      onProgress: (event) => event.kind === 'notice' && messages.push(event.message),
    })
    expect(again.stateHash).not.toBe(stateHash)
    expect(messages[0]).toBe(
      `metrics.jsonl must have the ${lines.length} bytes of the checkpoint, got ${first.length + 7}: lines are lost; ` +
        `it goes on after its first ${first.length} bytes, and the run itself is whole`,
    )
    expect(messages[1]).toMatch(
      /^eval\.jsonl must have .*, got 0: lines are lost; it goes on after its first 0 bytes/,
    )
    const { metrics, evaluations, damaged } = await recordOf(store)
    expect(damaged).toEqual([])
    expect(metrics.map(({ step }) => step)).toEqual([40, 440, 480, 500])
    expect(evaluations.map(({ step }) => step)).toEqual([500])
  })

  test('a damaged checkpoint gives way to the one before it, and a notice says so', async () => {
    const store = memoryStore()
    const { stateHash } = await start({ store })
    await store.write('checkpoints/step-000000000420.checkpoint', new Uint8Array(99))
    const events: TrainEvent[] = []
    const again = await start({ store, onProgress: (event) => events.push(event) })
    expect(again.stateHash).toBe(stateHash)
    expect(events[0]).toMatchObject({
      kind: 'notice',
      message: expect.stringContaining('step 360 is taken') as string,
    })
    expect(events[1]).toEqual({ kind: 'start', step: 360, steps: 420 })
  })

  test('a finished run is not run again, but can be extended', async () => {
    const store = memoryStore()
    const first = await start({ store })
    const lines = await linesOf(store)
    const again = await start({ store })
    expect(again).toMatchObject({
      outcome: 'finished',
      stateHash: first.stateHash,
      evaluation: first.evaluation,
    })
    expect(again.stepsPerSecond).toBe(0)
    expect(await linesOf(store)).toBe(lines)
    const longer = await start({ store, config: { ...short, steps: 600 } })
    expect(longer).toMatchObject({ outcome: 'finished', steps: 600 })
    expect(longer.stateHash).toBe((await start({ config: { ...short, steps: 600 } })).stateHash)
    expect((await recordOf(store)).config).toMatchObject({ train: { steps: 600 } })
    await expect(start({ store })).rejects.toThrow(
      'train: steps must be at least 600, the steps already taken in memory, got 420; ask for more steps or choose another folder',
    )
  })

  test('refuses to go on with other options than the run began with', async () => {
    const store = memoryStore()
    await start({ store, details: { alpha: 1 } })
    const details = { alpha: 1 }
    await expect(start({ store, details, seed: 2 })).rejects.toThrow(
      'train: options must be those of the run in memory, got seed = 2 where it has 1; choose another folder',
    )
    await expect(start({ store, details, config: { ...short, warmupSteps: 51 } })).rejects.toThrow(
      'got train.warmupSteps = 51 where it has 50',
    )
    await expect(start({ store, details: { alpha: 2 } })).rejects.toThrow(
      'got details.alpha = 2 where it has 1',
    )
    await expect(start({ store, details, mode: { kind: 'compiled', threads: 2 } })).rejects.toThrow(
      'got mode.threads = 2 where it has 1',
    )
    await expect(start({ store })).rejects.toThrow('got details.alpha = nothing where it has 1')
    const written = await textOf(store, 'config.json')
    await store.write('config.json', new TextEncoder().encode(written.replace(tf.version_core, '4.0.0')))
    const events: TrainEvent[] = []
    await start({ store, details, onProgress: (event) => events.push(event) })
    expect(events[0]).toEqual({
      kind: 'notice',
      message: `the run began with @tensorflow/tfjs "4.0.0" and goes on with "${tf.version_core}": it may not be the same bit for bit`,
    })
  })

  test('refuses a folder with files that are not of a run', async () => {
    const foreign = memoryStore()
    await foreign.append('metrics.jsonl', 'precious\n')
    await expect(start({ store: foreign })).rejects.toThrow('a run folder must be new or hold a config.json')
    expect(await textOf(foreign, 'metrics.jsonl')).toBe('precious\n')
    const broken = memoryStore()
    await broken.write('config.json', new Uint8Array(3))
    await expect(start({ store: broken })).rejects.toThrow(
      'train: config.json must be JSON, got other text in memory',
    )
  })

  test.each(['null', '7', '{}', '{"env":{},"train":null,"details":{},"versions":{}}'])(
    'refuses a config.json that is %s',
    async (text) => {
      const store = memoryStore()
      await store.write('config.json', new TextEncoder().encode(text))
      await expect(start({ store })).rejects.toThrow(
        /^train: config\.json must be that of a run, with the objects env, train, details, versions, got none of \w+ in memory/,
      )
    },
  )

  test('another machine gives a notice', async () => {
    const store = memoryStore()
    await start({ store })
    const written = await textOf(store, 'config.json')
    await store.write('config.json', new TextEncoder().encode(written.replace(process.arch, 'abacus')))
    const messages: string[] = []
    await start({ store, onProgress: (event) => event.kind === 'notice' && messages.push(event.message) })
    expect(messages).toEqual([
      `the run began with arch "abacus" and goes on with "${process.arch}": it may not be the same bit for bit`,
    ])
  })

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

  test('holds on to no tensors', async () => {
    await start()
    const before = tf.memory().numTensors
    await start()
    await start({ config: { ...short, steps: 600 } })
    expect(tf.memory().numTensors).toBe(before)
  })
})
