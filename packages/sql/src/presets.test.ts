import { key } from '@maxent/core'
import { makeEnv } from '@maxent/envs'
import type { HostTensor } from '@maxent/jit'
import { createAgent, startFrom } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { resolveSqlConfig } from './config.ts'
import { sqlPresets } from './presets.ts'
import type { SqlPreset } from './presets.ts'
import { sql } from './sql.ts'

const presets: Readonly<Record<string, SqlPreset>> = sqlPresets
/** Actions where the score is taken, and as many others that move. */
const two = (count: number): object => ({ kind: 'disjoint', fixed: count, updated: count })
const named = (start: string): [string, SqlPreset][] =>
  Object.entries(presets).filter(([name]) => name.startsWith(start))

describe('presets', () => {
  it.each(Object.entries(presets))('%s is legal', (_, { config }) => {
    expect(() => resolveSqlConfig(config)).not.toThrow()
  })

  it('of multi-goal fit its environment', async () => {
    const env = await makeEnv('multi-goal')
    for (const { env: id, config } of Object.values(presets))
      if (id === 'multi-goal') expect(sql(env.spec, config).warnings).toEqual([])
    env.close()
  })

  it('of fine-tuning start from what the one of pretraining learns', async () => {
    const small = { hidden: [8], batchSize: 4 }
    const before = sqlPresets['thesis/ant-speed']
    const pretraining = await makeEnv('ant-speed')
    const algorithm = sql(pretraining.spec, { ...before.config, ...small })
    const agent = await createAgent({ algorithm, key: key(1) })
    const state = (await agent.program.getState()) as Readonly<Record<string, HostTensor>>
    await agent.dispose()
    pretraining.close()
    for (const [name, { env: id, config }] of named('fine-tune/')) {
      const env = await makeEnv(id as 'ant-u-maze')
      const groups = config.policyGroups ?? []
      const after = startFrom(sql(env.spec, { ...config, ...small }), { algorithm, state, groups })
      expect(after.init(key(2)).policy.dataSync(), name).toEqual(state.policy.data)
      env.close()
    }
  })

  it('of the thesis have what appendix C.1 says of all experiments', () => {
    for (const [name, { config, loop }] of [...named('thesis/'), ...named('fine-tune/')]) {
      expect(resolveSqlConfig(config), name).toMatchObject({
        batchSize: 64,
        hidden: [200, 200],
        activation: 'relu',
        policyLearningRate: 1e-4,
        criticLearningRate: 1e-3,
        value: { kind: 'uniform', samples: 50, shared: false },
        particles: name === 'thesis/multi-goal' ? two(100) : two(32),
        target: { kind: 'hard', interval: name === 'thesis/swimmer' ? 5_000 : 1_000 },
        exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
      })
      expect(loop, name).toEqual({
        replayCapacity: 1e6,
        warmupSteps: 10_000,
        ...(name.startsWith('fine-tune/') && { warmupPolicy: 'own' }),
      })
    }
  })

  it('of the thesis have α = 10 on multi-goal and 0.1 elsewhere, to 0.001 within 20 epochs of 10,000 steps in fine-tuning', () => {
    for (const [name, { config }] of named('thesis/'))
      expect(config.temperature, name).toEqual({
        kind: 'fixed',
        alpha: name === 'thesis/multi-goal' ? 10 : 0.1,
      })
    for (const [name, { config }] of named('fine-tune/')) {
      expect(config.temperature, name).toEqual({ kind: 'annealed', from: 0.1, to: 0.001, steps: 200_000 })
      expect(config.latents, name).toMatchObject({ kind: 'set', steps: 200_000 })
    }
  })
})
