import { describe, expect, it } from 'vitest'
import { makeEnv } from '@maxent/envs'
import { makeExperienceEnv } from './experienceEnv.ts'

describe('makeExperienceEnv', () => {
  const rollouts = { experience: { kind: 'rollouts', environments: 3, length: 5, epochs: 1 } } as const

  it('makes one environment, as many as are asked for, or as many as rollouts need', async () => {
    for (const [algorithm, asked, size] of [
      [{}, undefined, undefined],
      [{}, 4, 4],
      [{}, 1, 1],
      [rollouts, undefined, 3],
      [rollouts, 3, 3],
    ] as const) {
      const env = await makeExperienceEnv(() => makeEnv('pendulum'), algorithm, asked)
      expect('size' in env ? env.size : undefined).toBe(size)
      env.close()
    }
  })

  it('refuses another number than rollouts need', async () => {
    await expect(makeExperienceEnv(() => makeEnv('pendulum'), rollouts, 4)).rejects.toThrow(
      'train: --envs must be the environments = 3 of the algorithm, got 4, use --set environments=4',
    )
  })
})
