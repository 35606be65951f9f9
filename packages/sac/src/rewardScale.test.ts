import { constantRewardEnv } from '@maxent/core/testing'
import { train, type TrainResult } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import type { SacConfig } from './config.ts'
import { sac } from './sac.ts'

/** A run on a reward of 1 per step, whose metrics are fetched at every gradient step. */
function run(config: Partial<SacConfig>): Promise<TrainResult> {
  const env = constantRewardEnv()
  return train({
    env,
    evalEnv: constantRewardEnv(),
    algorithm: sac(env.spec, { batchSize: 4, hidden: [4], ...config }),
    seed: 1,
    config: {
      steps: 20,
      warmupSteps: 10,
      replayCapacity: 20,
      evaluateEvery: 0,
      finalEpisodes: 0,
      metricsEvery: 1,
    },
  })
}

describe('a reward scale that blows up the critic', () => {
  it('is named with the metric, its value and the remedy', async () => {
    await expect(run({ rewardScale: 1e20, temperature: { kind: 'fixed', alpha: 1 } })).rejects.toThrow(
      /^train: metric "criticLoss" must be finite, got Infinity, after \d+ steps and 1 updates; .*lower rewardScale, which multiplies rewards by 100000000000000000000, or learn the temperature, which then suits itself to rewards of any scale; else check the numbers of the environment, or try a smaller learning rate$/,
    )
    await expect(run({ rewardScale: 1e20 })).rejects.toThrow(
      /"criticLoss".*lower rewardScale, which multiplies rewards by 100000000000000000000, as the learned temperature suits itself to rewards of any scale; else/,
    )
  })

  it.each([
    [{ temperature: { kind: 'fixed', alpha: 1e38 } }, 'lower temperature.alpha, which is 1e+38'],
    [
      { temperature: { kind: 'learned', initialAlpha: 1e38 } },
      'lower temperature.initialAlpha, which is 1e+38',
    ],
    [{ logStdRange: [100, 200] }, 'lower the upper end of logStdRange, which is 200'],
  ] as const)('is not named where something else is the cause: %o', async (config, remedy) => {
    await expect(run(config)).rejects.toThrow(remedy)
  })

  it('is not named where it does no harm', async () => {
    await expect(run({ rewardScale: 100 })).resolves.toMatchObject({ steps: 20 })
  })
})
