import { banditEnv } from '@maxent/core/testing'
import { train, type TrainEvent } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { sql } from './sql.ts'

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
