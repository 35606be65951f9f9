import * as tf from '@tensorflow/tfjs'
import { describeValue, key, normal } from '@maxent/core'
import type { AlgorithmSpec } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise, twoGroups } from '../../baselines/fixtures/transitions.ts'
import type { SqlConfig } from './config.ts'
import { sql } from './sql.ts'

const small: Partial<SqlConfig> = { batchSize: 4, hidden: [6, 5] }
const box = (low: number[], high: number[]) => ({ observation: { proprio: 2 }, action: { low, high } })

describe('sql', () => {
  it.each<[string, number[], number[], string]>([
    ['unbounded', [-Infinity], [1], 'actionScale: action.low must be finite, got -Infinity at index 0'],
    ['unbounded above', [-1, -1], [1, Infinity], 'action.high must be finite'],
    [
      'without width',
      [-1, 0.5],
      [1, 0.5],
      'action bounds must have low < high, got low=0.5 and high=0.5 at index 1',
    ],
    ['the wrong way round', [1], [-1], 'must have low < high'],
    ['empty', [], [], 'must be of one length of at least 1'],
  ])('refuses a box of actions that is %s', (_, low, high, message) => {
    expect(() => sql(box(low, high), small)).toThrow(message)
  })

  it('refuses choices', () => {
    const spec = { observation: { proprio: 2 }, action: { low: [0], high: [2], choices: 3 } }
    expect(() => sql(spec, small)).toThrow('actionScale: actions must come from a box, got 3 choices')
  })

  it.each([null, undefined, {}, { observation: { proprio: 2 } }, { action: { low: [-1], high: [1] } }])(
    'refuses %j in place of a specification',
    (spec) => {
      expect(() => sql(spec as unknown as AlgorithmSpec, small)).toThrow(
        new TypeError(
          `sql: spec must have observation and action, got ${describeValue(spec)}; give the spec of an environment`,
        ),
      )
    },
  )

  it('refuses no particles and an α that is not positive', () => {
    expect(() => sql(twoGroups, { particles: { kind: 'same', count: 0 } })).toThrow(
      'resolveSqlConfig: particles.count must be an integer of at least 1, got 0',
    )
    expect(() => sql(twoGroups, { temperature: { kind: 'fixed', alpha: 0 } })).toThrow(
      'resolveSqlConfig: temperature.alpha must be in [1e-18, 1e+18], got 0',
    )
  })

  it('warns of a single particle, which keeps nothing apart', () => {
    expect(sql(twoGroups, { particles: { kind: 'same', count: 1 } }).warnings?.[0]).toMatch(
      /^sql: particles must be at least 2 for the sampler to keep apart what it draws, .*it will climb the critics/,
    )
    expect(sql(twoGroups, { particles: { kind: 'disjoint', fixed: 1, updated: 4 } }).warnings).toHaveLength(1)
    expect(sql(twoGroups).warnings).toEqual([])
  })

  it('learns on with a single particle', () => {
    for (const particles of [
      { kind: 'same', count: 1 },
      { kind: 'disjoint', fixed: 1, updated: 1 },
    ] as const) {
      const algorithm = sql(twoGroups, { ...small, particles, diagnosticsEvery: 1 })
      const taken = algorithm.schedule?.[0].update(
        algorithm.init(key(1)),
        makeBatch(twoGroups, 4),
        makeNoise(algorithm.noise.update),
      )
      expect(taken?.metrics).not.toHaveProperty('steinDiscrepancy')
      expect(tf.all(tf.isFinite(taken?.state.policy ?? NaN)).dataSync()[0]).toBe(1)
    }
  })

  it('stays finite with particles that are all equal, and says so', () => {
    const algorithm = sql(twoGroups, { ...small, diagnosticsEvery: 1 })
    const start = algorithm.init(key(1))
    // A sampling network without any weight gives one action.
    const taken = algorithm.schedule?.[0].update(
      { ...start, policy: tf.zerosLike(start.policy) },
      makeBatch(twoGroups, 4),
      makeNoise(algorithm.noise.update),
    )
    expect(taken?.metrics.collapsed).toBeAllClose(1)
    expect(taken?.metrics.bandwidth).toBeAllClose(1e-3)
    for (const [name, metric] of Object.entries(taken?.metrics ?? {}))
      expect(Number.isFinite(metric.dataSync()[0]), name).toBe(true)
    expect(tf.all(tf.isFinite(taken?.state.policy ?? NaN)).dataSync()[0]).toBe(1)
  })

  it('explores with noise until as many gradient steps are taken as that lasts', () => {
    const noisy = sql(twoGroups, { ...small, exploration: { kind: 'gaussian', sigma: 0.5, steps: 2 } })
    const begun = noisy.init(key(1))
    const observation = { proprio: tf.zeros<tf.Rank.R2>([1, 3]), task: tf.zeros<tf.Rank.R2>([1, 2]) }
    const latents = tf.zeros([1, 1, 2])
    const quiet = sql(twoGroups, small).act(begun, observation, { latents }).action
    const after = (steps: number): tf.Tensor => {
      const state = { ...begun, step: tf.scalar(steps, 'int32') }
      return noisy.act(state, observation, { latents, exploration: tf.tensor2d([[0.4, -0.4]]) }).action
    }
    const { low, high } = twoGroups.action
    const unit = high.map((top, i) => (top - low[i]) / 2)
    expect(tf.sub(after(0), quiet)).toBeAllClose(tf.tensor2d([[0.2 * unit[0], -0.2 * unit[1]]]))
    expect(tf.sub(after(1), quiet)).toBeAllClose(tf.tensor2d([[0.1 * unit[0], -0.1 * unit[1]]]))
    expect(after(2)).toBeAllClose(quiet)
  })

  it('draws its actions afresh and evaluates by one of them', () => {
    const algorithm = sql(twoGroups, small)
    const state = algorithm.init(key(1))
    const observation = {
      proprio: tf.tensor2d(normal(key(2), 9), [3, 3]),
      task: tf.tensor2d(normal(key(3), 6), [3, 2]),
    }
    const { action } = algorithm.actDeterministic(state, observation)
    const one = sql(twoGroups, { ...small, candidates: 1 })
    const single = one.actDeterministic(state, observation).action
    const latents = tf.tile(tf.tensor3d(normal(key(0), 2), [1, 1, 2]), [3, 1, 1])
    expect(single).toBeAllClose(one.act(state, observation, { latents }).action)
    expect(action.dataSync()).not.toEqual(single.dataSync())
  })
})
