import { makeEnv } from '@maxent/envs'
import { describe, expect, it } from 'vitest'
import { resolveSacConfig } from './config.ts'
import { sacPresets } from './presets.ts'
import type { SacPreset } from './presets.ts'

const presets: Readonly<Record<string, SacPreset>> = sacPresets
const of = (figure: string): [string, SacPreset][] =>
  Object.entries(presets).filter(([name]) => name.startsWith(`${figure}/`))

/** Table C.1 of the thesis, row by row, as the fields that hold it. */
const tableC1 = {
  shared: {
    config: {
      policyLearningRate: 3e-4,
      criticLearningRate: 3e-4,
      gamma: 0.99,
      batchSize: 256,
      activation: 'relu',
    },
    loop: { replayCapacity: 1_000_000 },
  },
  soft: { config: { target: { kind: 'soft', tau: 0.005 } }, loop: { updatesPerStep: 1 } },
  hard: { config: { target: { kind: 'hard', interval: 1_000 } }, loop: { updatesPerStep: 4 } },
  hardHumanoids: { config: { target: { kind: 'hard', interval: 1_000 } }, loop: { updatesPerStep: 1 } },
} as const

/** Table C.2 of the thesis, row by row. */
const rewardScales = {
  'hopper-v1': 5,
  'walker2d-v1': 5,
  'half-cheetah-v1': 5,
  'ant-v1': 5,
  'humanoid-v1': 20,
  'humanoid-rllab': 10,
}

describe('the presets of the thesis', () => {
  it.each(Object.entries(presets))('%s is legal', (_, { config }) => {
    expect(() => resolveSacConfig(config)).not.toThrow()
  })

  it('have what table C.1 says of all runs', () => {
    const ofThesis = Object.entries(presets).filter(([, { source }]) => source.startsWith('thesis'))
    expect(ofThesis).toHaveLength(24)
    for (const [name, { config, loop }] of ofThesis) {
      const resolved = resolveSacConfig(config)
      expect(resolved, name).toMatchObject({
        ...tableC1.shared.config,
        critics: 2,
        bootstrap: 'critics',
        policyCritic: 'minimum',
      })
      expect(resolved.hidden, name).toEqual(/^5\.[12]/.test(name) ? [512, 512] : [256, 256])
      expect(loop, name).toMatchObject(tableC1.shared.loop)
    }
  })

  it('have soft targets and one gradient step in figures 4.1 and of chapter 5: table C.1, first half', () => {
    for (const [name, preset] of ['4.1', '5.1', '5.2', '5.6'].flatMap(of)) {
      expect(preset, name).toMatchObject(tableC1.soft)
    }
  })

  it('have copies every 1,000 and four gradient steps, one for humanoids: table C.1, second half', () => {
    for (const [name, preset] of [...of('D.2-hard'), ...of('D.2-deterministic')]) {
      const half = preset.env?.startsWith('humanoid') ? tableC1.hardHumanoids : tableC1.hard
      expect(preset, name).toMatchObject(half)
    }
  })

  it('are there for every row of table C.2, with the action dimensions of its second column', async () => {
    const dimensions = {
      'hopper-v1': 3,
      'walker2d-v1': 6,
      'half-cheetah-v1': 6,
      'ant-v1': 8,
      'humanoid-v1': 17,
      'humanoid-rllab': 21,
    } as const
    expect(Object.keys(dimensions)).toEqual(Object.keys(rewardScales))
    for (const [id, size] of Object.entries(dimensions)) {
      const env = await makeEnv(id as keyof typeof dimensions)
      expect(env.spec.action.low, id).toHaveLength(size)
      env.close()
    }
  })

  it('give the Minitaur a learned temperature, and the networks of the benchmarks or, for the robot, of 256', async () => {
    const [[, simulated]] = of('5.2')
    const [[, robot]] = of('5.6')
    const { config: benchmark } = sacPresets['5.1/half-cheetah']
    expect(resolveSacConfig(simulated.config)).toEqual(resolveSacConfig(benchmark))
    expect(resolveSacConfig(robot.config)).toEqual({ ...resolveSacConfig(benchmark), hidden: [256, 256] })
    expect([simulated.env, robot.env]).toEqual(['minitaur-walk', 'minitaur-walk'])
    const env = await makeEnv('minitaur-walk')
    // Swing and extension of four legs.
    expect(env.spec.action.low).toHaveLength(8)
    env.close()
  })

  it('scale rewards as table C.2 says, at a temperature of 1, or of 0 without entropy', () => {
    for (const [figure, alpha] of [
      ['4.1', 1],
      ['D.2-hard', 1],
      ['D.2-deterministic', 0],
    ] as const) {
      expect(Object.fromEntries(of(figure).map(([, { env, config }]) => [env, config.rewardScale]))).toEqual(
        rewardScales,
      )
      for (const [, { config }] of of(figure)) expect(config.temperature).toEqual({ kind: 'fixed', alpha })
    }
  })

  it('learn the temperature towards −1 per action dimension in figure 5.1, with unscaled rewards', () => {
    expect(of('5.1').map(([, { env }]) => env)).toEqual([
      'half-cheetah-v1',
      'walker2d-v1',
      'ant-v1',
      'humanoid-v1',
    ])
    for (const [, { config }] of of('5.1')) {
      expect(config.temperature).toEqual({ kind: 'learned', initialAlpha: 1 })
      expect(resolveSacConfig(config).rewardScale).toBe(1)
    }
  })
})

describe('the presets of single environments', () => {
  const own = Object.entries(presets).filter(([, { source }]) => source.startsWith('own'))

  it('have the names of their environments, and differ from the defaults in what they say alone', () => {
    for (const [name, { env, config, loop }] of own) {
      expect(env).toBe(name)
      expect(loop).toEqual({})
      expect(resolveSacConfig(config)).toEqual({ ...resolveSacConfig(), ...config })
    }
  })

  it('take small networks where states are small, else a temperature as fast as the critics, but for Hopper', () => {
    for (const [name, { config }] of own) {
      const { hidden, temperature, criticLearningRate } = resolveSacConfig(config)
      if (name.includes('pendulum')) expect(hidden).toEqual([64, 64])
      else if (name === 'hopper') expect(temperature).toEqual({ kind: 'fixed', alpha: 0.2 })
      else expect(temperature).toMatchObject({ learningRate: criticLearningRate })
    }
  })
})
