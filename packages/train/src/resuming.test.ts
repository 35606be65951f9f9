import type { Env } from '@maxent/core/contracts'
import { makeEnv } from '@maxent/envs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import type { TrainEvent } from './progress.ts'
import { memoryStore } from './store.ts'
import { train } from './train.ts'
import type { TrainOptions, TrainResult } from './trainOptions.ts'
import { linesOf, recordOf, short, start, textOf } from '../fixtures/shortRuns.ts'

describe('a run that was left', () => {
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

  test('a run without a last evaluation is not finished before that of its last step', async () => {
    const config = { ...short, finalEpisodes: 0, steps: 400 }
    const store = memoryStore()
    const controller = new AbortController()
    const env = pointEnv()
    let resets = 0
    const evalEnv: Env = {
      ...env,
      reset: (options) => {
        // Two episodes at each of 100, 200, 300 and 400.
        if (++resets === 8) controller.abort()
        return env.reset(options)
      },
    }
    const first = await start({ config, store, evalEnv, signal: controller.signal })
    expect([first.outcome, first.steps, first.evaluation?.step]).toEqual(['interrupted', 400, 300])
    const second = await start({ config, store })
    expect([second.outcome, second.evaluation?.step]).toEqual(['finished', 400])
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

  test.each([
    [{ a: [new Map()] }, 'details.a.0'],
    [{ a: { b: Infinity } }, 'details.a.b'],
    [{ a: 1n }, 'details.a'],
  ])('refuses details that JSON would change: %o', async (details, path) => {
    await expect(start({ store: memoryStore(), details })).rejects.toThrow(
      `train: ${path} must be what JSON has, got `,
    )
  })

  test('refuses to go on with another config of the algorithm, where the run has kept one', async () => {
    const store = memoryStore()
    await start({ store, learner: { learningRate: 0.1 } })
    await expect(start({ store, learner: { learningRate: 0.2 } })).rejects.toThrow(
      'train: options must be those of the run in memory, got config.learningRate = 0.2 where it has 0.1',
    )
    // As a run has it that began before configs were kept.
    const written = JSON.parse(await textOf(store, 'config.json')) as Record<string, unknown>
    delete written.config
    await store.write('config.json', new TextEncoder().encode(JSON.stringify(written)))
    await expect(start({ store, learner: { learningRate: 0.2 } })).resolves.toMatchObject({
      outcome: 'finished',
    })
  })

  test('refuses a folder with files that are not of a run', async () => {
    const foreign = memoryStore()
    await foreign.append('metrics.jsonl', 'precious\n')
    await expect(start({ store: foreign })).rejects.toThrow('a run folder must be new or hold a config.json')
    expect(await textOf(foreign, 'metrics.jsonl')).toBe('precious\n')
    const lost = memoryStore()
    await start({ store: lost })
    for (const file of ['config.json', 'metrics.jsonl', 'eval.jsonl']) await lost.remove(file)
    await expect(start({ store: lost, seed: 999 })).rejects.toThrow('got checkpoints without one in memory')
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
    // The next sitting is compared with the first again.
    expect(await textOf(store, 'config.json')).toContain('abacus')
  })
})
