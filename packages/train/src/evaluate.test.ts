import { describe, expect, test } from 'vitest'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { evaluate, meanAndStd } from './evaluate.ts'

const still = (): Float32Array => Float32Array.of(0)

describe('evaluate', () => {
  test('gives the return and the length of every episode', async () => {
    const env = pointEnv({ maxEpisodeSteps: 7 })
    const rewards: number[][] = []
    const step = env.step.bind(env)
    const reset = env.reset.bind(env)
    env.reset = (options) => {
      rewards.push([])
      return reset(options)
    }
    env.step = (action) => {
      const result = step(action)
      rewards.at(-1)?.push(result.reward)
      return result
    }
    const { returns, lengths } = await evaluate({ env, act: still, episodes: 6, seed: 3 })
    expect(lengths).toEqual(rewards.map((episode) => episode.length))
    expect(returns).toEqual(rewards.map((episode) => episode.reduce((sum, reward) => sum + reward, 0)))
  })

  test('starts episode i from a seed of its own, whatever was evaluated before', async () => {
    const env = pointEnv()
    const first = await evaluate({ env, act: still, episodes: 3, seed: 3 })
    await evaluate({ env, act: () => Float32Array.of(1), episodes: 2, seed: 8 })
    const again = await evaluate({ env, act: () => Promise.resolve(still()), episodes: 5, seed: 3 })
    expect(again.returns.slice(0, 3)).toEqual(first.returns)
    expect(await evaluate({ env, act: still, episodes: 3, seed: 4 })).not.toEqual(first)
  })

  test('an interrupt ends it without a result', async () => {
    const controller = new AbortController()
    let steps = 0
    const act = (): Float32Array => {
      if (++steps === 10) controller.abort()
      return still()
    }
    expect(
      await evaluate({ env: pointEnv(), act, episodes: 5, seed: 1, signal: controller.signal }),
    ).toBeUndefined()
    expect(steps).toBe(10)
  })

  test('an interrupt that the event loop brings ends it, though acting waits for nothing', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 0)
    expect(
      await evaluate({ env: pointEnv(), act: still, episodes: 100_000, seed: 1, signal: controller.signal }),
    ).toBeUndefined()
  })

  test('so it does within an episode that never ends', async () => {
    const env = pointEnv()
    const { observation } = env.reset({ seed: 1 })
    const result = { observation, reward: 0, terminated: false, truncated: false, info: {} }
    const endless = { ...env, step: () => result }
    const signal = AbortSignal.timeout(50)
    expect(await evaluate({ env: endless, act: still, episodes: 1, seed: 1, signal })).toBeUndefined()
  })

  test('refuses what it cannot count', async () => {
    const env = pointEnv()
    await expect(evaluate({ env, act: still, episodes: 0, seed: 1 })).rejects.toThrow(
      'evaluate: episodes must be a positive integer, got 0',
    )
    await expect(evaluate({ env, act: () => Float32Array.of(NaN), episodes: 1, seed: 1 })).rejects.toThrow(
      'evaluate: action must be finite in float32, got NaN at index 0',
    )
    const nan = pointEnv({ sabotage: { atStep: 1, how: (result) => ({ ...result, reward: NaN }) } })
    await expect(evaluate({ env: nan, act: still, episodes: 1, seed: 1 })).rejects.toThrow(
      'evaluate: reward must be finite in float32, got NaN',
    )
    const infinite = pointEnv({
      sabotage: {
        atStep: 1,
        how: (result) => ({
          ...result,
          observation: { ...result.observation, place: Float32Array.of(0, Infinity) },
        }),
      },
    })
    await expect(evaluate({ env: infinite, act: still, episodes: 1, seed: 1 })).rejects.toThrow(
      'evaluate: observation group "place" must be finite in float32, got Infinity at index 1',
    )
    const short = pointEnv()
    const reset = short.reset.bind(short)
    short.reset = (options) => ({ ...reset(options), observation: { place: new Float32Array(2) } })
    await expect(evaluate({ env: short, act: still, episodes: 1, seed: 1 })).rejects.toThrow(
      'evaluate: observation group "target" must have length 1, got no such group',
    )
  })
})

test('meanAndStd divides by n - 1, and one value has no spread', () => {
  expect(meanAndStd([1, 2, 3, 4])).toEqual({ mean: 2.5, std: Math.sqrt(5 / 3) })
  expect(meanAndStd([7])).toEqual({ mean: 7, std: 0 })
})
