import { describe, expect, test } from 'vitest'
import { resolveTrainConfig, trainDefaults, type TrainConfig } from './config.ts'

describe('resolveTrainConfig', () => {
  test('the defaults are legal and complete', () => {
    expect(resolveTrainConfig()).toEqual(trainDefaults)
    expect(Object.isFrozen(resolveTrainConfig())).toBe(true)
  })

  test('0 is a value where it has a meaning', () => {
    const zeros = {
      warmupSteps: 0,
      updatesPerStep: 0,
      evaluateEvery: 0,
      finalEpisodes: 0,
      checkpointEvery: 0,
    }
    expect(resolveTrainConfig(zeros)).toEqual({ ...trainDefaults, ...zeros })
  })

  const wrong: readonly (readonly [keyof TrainConfig, unknown])[] = [
    ['steps', 0],
    ['steps', 1.5],
    ['warmupSteps', -1],
    ['updatesPerStep', -0.5],
    ['updatesPerStep', NaN],
    ['replayCapacity', 1],
    ['pretouchReplay', 'yes'],
    ['evaluateEvery', -1],
    ['evaluateEpisodes', 0],
    ['finalEpisodes', 2.5],
    ['logEvery', 0],
    ['metricsEvery', 0],
    ['checkpointEvery', -10],
    ['keepCheckpoints', 0],
  ]
  test.each(wrong)('refuses %s = %s and names it', (field, value) => {
    expect(() => resolveTrainConfig({ [field]: value })).toThrow(
      new RegExp(`resolveTrainConfig: ${field} must be .*got`),
    )
  })

  test('refuses an unknown field and names the nearest known one', () => {
    expect(() => resolveTrainConfig({ warmupStep: 5 } as Partial<TrainConfig>)).toThrow(
      /warmupStep.*warmupSteps/,
    )
  })
})
