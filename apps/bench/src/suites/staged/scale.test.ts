import { describe, expect, it } from 'vitest'
import { thesisRun, type ThesisRun } from './scale.ts'

const run = (
  size: ThesisRun['size'],
  steps: number,
  more: Partial<ThesisRun> = {},
): ReturnType<typeof thesisRun> =>
  thesisRun({
    name: 'run',
    env: 'ant-speed',
    algorithm: 'sql',
    size,
    length: { steps, warmupSteps: 100, looks: 1, rollouts: 1 },
    rewardScale: 3,
    ...more,
  })

describe('a run of the thesis', () => {
  it('copies targets as often in a shorter run of DDPG, down to every 100 gradient steps, and averages those of soft Q-learning', () => {
    const copied = (size: 'quick' | 'smoke', steps: number): unknown =>
      run(size, steps, { algorithm: 'ddpg' }).config.target
    expect(copied('quick', 500_000)).toEqual({ kind: 'hard', interval: 500 })
    expect(copied('quick', 250_000)).toEqual({ kind: 'hard', interval: 250 })
    expect(copied('quick', 40_000)).toEqual({ kind: 'hard', interval: 100 })
    expect(copied('smoke', 400)).toEqual({ kind: 'hard', interval: 100 })
    for (const size of ['quick', 'smoke'] as const)
      expect(run(size, 40_000).config.target).toEqual({ kind: 'soft', tau: 0.01 })
  })

  it('has the interval of the thesis, its rewards and its uniform actions at its size', () => {
    const { config } = run('thesis', 5_000_000, { interval: 5_000, near: true })
    expect(config.target).toEqual({ kind: 'hard', interval: 5_000 })
    expect(config.value).toEqual({ kind: 'uniform', samples: 50, shared: false })
    expect(config).not.toHaveProperty('rewardScale')
  })

  it('warms up with what was learned before where there is such', () => {
    expect(run('quick', 1_000, { startFrom: 'before' }).train.warmupPolicy).toBe('own')
    expect(run('quick', 1_000).train).not.toHaveProperty('warmupPolicy')
  })

  it('takes half of the actions of soft values near the sampler where asked, and weighs rewards, of soft Q-learning alone', () => {
    expect(run('quick', 1_000, { near: true }).config).toMatchObject({
      value: { kind: 'sampler', samples: 32, uniformShare: 0.5 },
      rewardScale: 3,
    })
    expect(run('quick', 1_000).config.value).toMatchObject({ kind: 'uniform' })
    const deterministic = run('quick', 1_000, { near: true, algorithm: 'ddpg' }).config
    expect(deterministic).not.toHaveProperty('value')
    expect(deterministic).not.toHaveProperty('rewardScale')
  })
})
