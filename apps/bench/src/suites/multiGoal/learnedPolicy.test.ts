import { steinDiscrepancy } from '@maxent/core'
import { key, normal } from '@maxent/core/keys'
import { makeEnv } from '@maxent/envs'
import { resolveSqlConfig, sql } from '@maxent/sql'
import { createAgent } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { followFrozenCritic } from './frozenCritic.ts'
import { compilePolicy, type Learned } from './learnedPolicy.ts'

const observation = Float32Array.of(2.5, 2.5)
const sizes = { actions: 11, particles: 5, cells: 1 }
let learned: Learned

beforeAll(async () => {
  const env = await makeEnv('multi-goal')
  const { spec } = env
  env.close()
  const config = resolveSqlConfig({
    hidden: [8, 8],
    batchSize: 8,
    temperature: { kind: 'fixed', alpha: 10 },
    particles: { kind: 'disjoint', fixed: 4, updated: 4 },
  })
  const agent = await createAgent({ algorithm: sql(spec, config), key: key(1) })
  learned = { spec, config, state: await agent.program.getState(), seed: 1 }
  await agent.dispose()
})

describe('a learned policy', () => {
  it('measures the Stein discrepancy of whole sets of actions, under any bandwidth', async () => {
    const policy = await compilePolicy(learned, sizes)
    try {
      const preTanh = normal(key(2), 2 * sizes.actions)
      const score = await policy.score(observation, preTanh)
      for (const bandwidth of [0.05, 3]) {
        const found = await policy.stein({ observation, preTanh, bandwidth })
        for (const statistic of ['u', 'v'] as const) {
          const sets = steinDiscrepancy({
            particles: tf.tensor(preTanh.slice(0, 20), [2, 5, 2]),
            score: tf.tensor(score.slice(0, 20), [2, 5, 2]),
            alpha: policy.alpha,
            bandwidth: { kind: 'fixed', value: bandwidth },
            statistic,
          }).dataSync()
          const wanted = (sets[0] + sets[1]) / 2
          expect(Math.abs(found[statistic] - wanted)).toBeLessThan(1e-4 * Math.max(1, Math.abs(wanted)))
        }
      }
    } finally {
      await policy.dispose()
    }
  })
})

describe('following a frozen critic', () => {
  it('changes the sampling network alone, the same way every time', async () => {
    const visited = [Float32Array.of(1, 2), Float32Array.of(-2, 0)]
    const follow = (updates: number): ReturnType<typeof followFrozenCritic> =>
      followFrozenCritic(learned, { updates, visited })
    const [once, again] = [await follow(4), await follow(4)]
    expect(once).toEqual(again)
    const before = learned.state as Record<string, unknown>
    const after = once as Record<string, unknown>
    expect(after.critic).toEqual(before.critic)
    expect(after.policy).not.toEqual(before.policy)
    expect(await follow(0)).toMatchObject({ policy: before.policy })
    expect(await followFrozenCritic(learned, { updates: 4, visited: visited.slice(0, 1) })).not.toEqual(once)
  })
})
