import * as tf from '@tensorflow/tfjs'
import { key, normal, uniform } from '@maxent/core'
import { banditEnv } from '@maxent/core/testing'
import { train, type TrainEvent } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { modeCoverage } from './diagnostics.ts'
import { sql } from './sql.ts'
import { estimateValue, uniformProposal } from './value.ts'

const env = banditEnv()
const adviceOf = (
  metrics: Readonly<Record<string, number>>,
  config: Parameters<typeof sql>[1] = {},
): readonly string[] =>
  (sql(env.spec, config).advise?.(metrics) ?? []).map(({ name, message }) => `${name}: ${message}`)

describe('advice on the sampler', () => {
  it('names a collapse and modes that are missed, each with what to try', () => {
    const [collapse, missed] = adviceOf({ collapsed: 0.6, modeCoverage: 0.5 })
    expect(collapse).toMatch(
      /^collapsed: sql: the sampler has collapsed.* in 60 % of the states.*raise the temperature/,
    )
    expect(missed).toMatch(/^modeCoverage: sql: the sampler covers 50 % of exp.*raise the temperature/)
  })

  it('begins beyond its bars alone', () => {
    expect(adviceOf({ collapsed: 0.5, modeCoverage: 0.75 })).toEqual([])
    expect(adviceOf({ qLoss: 1 })).toEqual([])
    expect(adviceOf({ collapsed: NaN, modeCoverage: NaN })).toEqual([])
  })

  it('is not of modes where the coverage rests on too few actions', () => {
    const missed = (effectiveSampleSize: number): readonly string[] =>
      adviceOf({ modeCoverage: 0.2, effectiveSampleSize })
    expect(missed(5)).toHaveLength(1)
    for (const few of [4.9, 1.5, NaN]) expect(missed(few)).toEqual([])
    expect(adviceOf({ collapsed: 0.6, effectiveSampleSize: 1.5 })).toHaveLength(1)
  })

  it.each([
    [2, 0.05],
    [6, 0.15],
    [8, 0.2],
  ])('is not of exact samples: %i dimensions, deviation %f', (A, deviation) => {
    const [rows, count] = [50, 50]
    const metrics = tf.tidy(() => {
      const proposal = uniformProposal(tf.tensor3d(uniform(key(1), rows * count * A), [rows, count, A]))
      const q = tf.div(tf.sum(tf.square(proposal.action), 2), -2 * deviation ** 2)
      const { weights, effectiveSampleSize } = estimateValue(q, proposal, 1)
      const particles = tf.mul(deviation, tf.tensor3d(normal(key(2), rows * 32 * A), [rows, 32, A]))
      const coverage = modeCoverage({ particles, actions: proposal.action, weights })
      return {
        modeCoverage: tf.mean(coverage).dataSync()[0],
        effectiveSampleSize: tf.mean(effectiveSampleSize).dataSync()[0],
      }
    })
    // By so few actions the coverage alone would be taken for modes that are missed.
    expect(metrics.effectiveSampleSize).toBeLessThan(2)
    expect(adviceOf({ modeCoverage: metrics.modeCoverage })).toHaveLength(1)
    expect(adviceOf(metrics)).toEqual([])
  })

  it('is not of latents that shrink to one: one action is what they are for', () => {
    expect(
      adviceOf({ collapsed: 1, modeCoverage: 0 }, { latents: { kind: 'set', size: 4, steps: 9 } }),
    ).toEqual([])
  })

  it('is told by training, once, of a sampler that has collapsed', async () => {
    const notices: string[] = []
    // Wherever they are, particles are within the least bandwidth of each other.
    await train({
      env,
      evalEnv: banditEnv(),
      algorithm: sql(env.spec, {
        batchSize: 16,
        hidden: [16],
        bandwidth: { kind: 'median', floor: 1e4 },
        particles: { kind: 'disjoint', fixed: 4, updated: 4 },
        value: { kind: 'uniform', samples: 8, shared: false },
        diagnosticsEvery: 10,
      }),
      config: {
        steps: 700,
        warmupSteps: 50,
        logEvery: 100,
        evaluateEvery: 0,
        finalEpisodes: 0,
        metricsEvery: 10,
      },
      seed: 1,
      onProgress: (event: TrainEvent) => {
        if (event.kind === 'notice') notices.push(event.message)
      },
    })
    expect(notices.filter((message) => message.includes('(collapsed)'))).toHaveLength(1)
    expect(new Set(notices).size).toBe(notices.length)
  })
})
