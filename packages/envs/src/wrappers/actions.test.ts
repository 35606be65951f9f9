import { expect, it } from 'vitest'
import { chooseActions, makeEnv, repeatActions, rescaleActions } from '../index.ts'

it('repeatActions adds up rewards and features, and stops where the episode ends', async () => {
  const [env, bare] = [
    repeatActions(await makeEnv('grid-diagonal', { maxEpisodeSteps: 5 }), { times: 3 }),
    await makeEnv('grid-diagonal', { maxEpisodeSteps: 5 }),
  ]
  expect(env.spec.maxEpisodeSteps).toBe(2)
  const action = Float32Array.of(-1, 1)
  env.reset({ seed: 4 })
  bare.reset({ seed: 4 })
  for (const times of [3, 2]) {
    let reward = 0
    const features = [0, 0, 0]
    for (let i = 0; i < times; i++) {
      const step = bare.step(action)
      reward += step.reward
      features.forEach((_, j) => (features[j] += step.features?.[j] ?? NaN))
    }
    const step = env.step(action)
    expect([step.reward, [...(step.features ?? [])], step.truncated]).toEqual([reward, features, times === 2])
  }
  env.close()
  bare.close()
})

it('rescaleActions maps its bounds to those of the environment', async () => {
  const [env, bare] = [
    rescaleActions(await makeEnv('pendulum'), { low: 0, high: 4 }),
    await makeEnv('pendulum'),
  ]
  expect(env.spec.action).toEqual({ low: [0], high: [4] })
  env.reset({ seed: 1 })
  bare.reset({ seed: 1 })
  for (const [own, torque] of [
    [0, -2],
    [4, 2],
    [2, 0],
    [1, -1],
  ])
    expect(env.step(Float32Array.of(own)).reward).toBe(bare.step(Float32Array.of(torque)).reward)
  expect(() => env.step(new Float32Array(2))).toThrow('action must have the length 1 in "pendulum", got 2')
  env.close()
  bare.close()
})

it('chooseActions acts by the action of that number, and refuses what is none', async () => {
  const env = await makeEnv('pendulum')
  const choosing = chooseActions(env, [[-2], [0.5]])
  choosing.reset({ seed: 1 })
  const start = choosing.snapshot()
  const chosen = choosing.step(Float32Array.of(1)).reward
  env.restore(start)
  expect(env.step(Float32Array.of(0.5)).reward).toBe(chosen)
  for (const action of [-1, 2, 0.5, NaN]) {
    expect(() => choosing.step(Float32Array.of(action))).toThrow(
      new RangeError(`step: action must be a choice of "pendulum", an integer from 0 to 1, got ${action}`),
    )
  }
  expect(() => choosing.step(Float32Array.of(0, 1))).toThrow(
    new RangeError('step: action must have the length 1 in "pendulum", got 2'),
  )
  expect(() => chooseActions(env, [[1]])).toThrow(
    new RangeError('chooseActions: actions must be two or more, got 1'),
  )
  for (const wrong of [[3], [NaN], [1, 1]]) {
    expect(() => chooseActions(env, [[0], wrong])).toThrow(
      new RangeError(
        `chooseActions: actions must be 1 numbers within the bounds of "pendulum", got [${wrong.join(', ')}] at index 1`,
      ),
    )
  }
  env.close()
})
