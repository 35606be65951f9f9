import type { Algorithm } from '@maxent/core/contracts'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import type { TrainEvent } from './progress.ts'
import { memoryStore } from './store.ts'
import { train } from './train.ts'
import { linesOf, recordOf, short, start } from '../fixtures/shortRuns.ts'

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
    const notices: TrainEvent[] = []
    const onProgress = (event: TrainEvent): void => {
      if (event.kind === 'notice') notices.push(event)
    }
    await train({ env, evalEnv: pointEnv(), algorithm, config: short, seed: 1, onProgress })
    expect(notices).toEqual([
      { kind: 'notice', advice: 'a', message: 'a is odd, try b; seen after 40 steps' },
      { kind: 'notice', advice: 'c', message: 'c is odd; seen after 120 steps' },
    ])
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

  test('holds on to no tensors', async () => {
    await start()
    const before = tf.memory().numTensors
    await start()
    await start({ config: { ...short, steps: 600 } })
    expect(tf.memory().numTensors).toBe(before)
  })
})
