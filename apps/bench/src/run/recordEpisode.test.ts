import { makeEnv } from '@maxent/envs'
import { expect, it } from 'vitest'
import { halfCheetahCamera } from '../film/index.ts'
import { uniformPolicy } from './baseline.ts'
import { recordEpisode } from './recordEpisode.ts'

it('writes down the beginning of an episode, from which the film shows where the cheetah went', async () => {
  const env = await makeEnv('half-cheetah')
  const recording = await recordEpisode({
    env,
    policy: uniformPolicy(env.spec.action, 1),
    seed: 1,
    steps: 30,
  })
  env.close()
  expect(recording.observations).toHaveLength(30)
  expect(recording.observations[0]).toHaveLength(17)
  const positions = recording.info.map(({ xPosition }) => xPosition)
  expect(positions.every(Number.isFinite)).toBe(true)
  expect(new Set(positions).size).toBeGreaterThan(20)
  const { lanes } = halfCheetahCamera.film([{ label: 'random actions', recording }])
  expect(lanes[0].poses).toHaveLength(30)
  const [[left, , right]] = lanes[0].poses[0]
  expect((left + right) / 2).toBeCloseTo(0)
})

it('stops where the episode stops', async () => {
  const env = await makeEnv('pendulum', { maxEpisodeSteps: 5 })
  const recording = await recordEpisode({
    env,
    policy: uniformPolicy(env.spec.action, 1),
    seed: 1,
    steps: 30,
  })
  env.close()
  expect(recording.observations).toHaveLength(5)
})
