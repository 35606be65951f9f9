import * as tf from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import {
  banditEnv,
  banditOptimum,
  constantRewardEnv,
  constantRewardOptimum,
  identityEnv,
  type LearnTask,
} from '@maxent/core/testing'
import '@maxent/core/testing'
import type { Env } from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { learn, type Learned } from '../fixtures/learn.ts'
import type { SacConfig } from './config.ts'
import { sac } from './sac.ts'

const task = (makeEnv: () => Env, alpha: number): LearnTask => {
  const { spec } = makeEnv()
  return { id: spec.id, spec, makeEnv, alpha, gamma: 0.9 }
}
const bandit = task(() => banditEnv(), 0.2)
const one = Float32Array.of(1)

/** Small and fast: the tasks have a state or two. */
const small: Partial<SacConfig> = {
  hidden: [32, 32],
  batchSize: 64,
  policyLearningRate: 3e-3,
  criticLearningRate: 3e-3,
}
const byScore: Partial<SacConfig> = { bootstrap: 'valueNetwork', critics: 1 }

/** Mean and deviation of 2,000 actions at the one state there is. */
async function moments({ act }: Learned): Promise<{ readonly mean: number; readonly std: number }> {
  const actions: number[] = []
  for (let i = 0; i < 2_000; i++) actions.push((await act(one))[0])
  const { mean, variance } = tf.moments(tf.tensor1d(actions))
  return { mean: mean.dataSync()[0], std: Math.sqrt(variance.dataSync()[0]) }
}

function expectNear(got: number, target: number, within: number): void {
  expect(Math.abs(got - target), `${got} beside ${target}`).toBeLessThan(within)
}

describe('a variant learns', () => {
  const { mean, std, value } = banditOptimum({ alpha: 0.2 })
  const policies: Record<string, Parameters<typeof learn>[1]> = {
    'a tanh-Gaussian beside a state-value network': { config: { bootstrap: 'valueNetwork' }, steps: 2_000 },
    'a mixture by the score function': {
      config: { ...byScore, policy: { kind: 'mixture', components: 2 } },
      steps: 4_000,
    },
    'a truncated Gaussian': {
      config: { policy: { kind: 'truncatedGaussian' }, batchSize: 32 },
      steps: 1_500,
    },
  }
  it.each(Object.entries(policies))(
    'the soft-optimal policy of the bandit and its value: %s',
    async (_, { config, ...settings }) => {
      const learned = await learn(bandit, { ...settings, config: { ...small, ...config } })
      const found = await moments(learned)
      expectNear(found.mean, mean, 0.1)
      expectNear(found.std, std, 0.25 * std)
      expectNear(learned.value(one), value, 0.1)
      if (config?.bootstrap === 'valueNetwork') expectNear(learned.networkValue(one), value, 0.1)
    },
    60_000,
  )

  it('the soft value of a constant reward through its value network', async () => {
    const { value } = constantRewardOptimum({ alpha: 0.5, gamma: 0.9 })
    const learned = await learn(
      task(() => constantRewardEnv(), 0.5),
      {
        config: { ...small, bootstrap: 'valueNetwork', target: { kind: 'soft', tau: 0.02 } },
        steps: 3_500,
      },
    )
    expectNear(learned.networkValue(one), value, 0.05 * value)
    expectNear(learned.value(one), value, 0.05 * value)
  }, 60_000)

  it.each([
    ['one environment', { steps: 3_000 }],
    ['four environments, twice as many gradient steps', { steps: 2_000, environments: 4, updatesPerStep: 2 }],
  ])(
    'the soft value of a constant reward, the entropy of every step counted, over three steps of %s',
    async (_, settings) => {
      const { value } = constantRewardOptimum({ alpha: 0.5, gamma: 0.9 })
      const learned = await learn(
        task(() => constantRewardEnv(), 0.5),
        { config: { ...small, nStep: 3, target: { kind: 'soft', tau: 0.02 } }, ...settings },
      )
      expectNear(learned.value(one), value, 0.03 * value)
    },
    60_000,
  )

  it('two dimensions of the identity with a real NVP', async () => {
    const learned = await learn(
      task(() => identityEnv(2), 0.02),
      {
        config: { ...small, policy: { kind: 'realNvp', couplings: 2 } },
        steps: 3_000,
      },
    )
    for (const state of [
      [-0.6, 0.4],
      [0.1, -0.2],
      [0.5, 0.5],
    ]) {
      const action = await learned.actDeterministic(Float32Array.from(state))
      for (const [i, x] of state.entries()) expectNear(action[i], x, 0.2)
    }
  }, 60_000)

  it('the best answers with a deterministic policy and hard targets', async () => {
    const learned = await learn(
      task(() => identityEnv(), 0),
      {
        config: {
          ...small,
          policy: { kind: 'deterministic', explorationStd: 0.1 },
          target: { kind: 'hard', interval: 100 },
        },
        steps: 2_000,
      },
    )
    for (const x of [-0.8, -0.4, 0, 0.4, 0.8])
      expectNear((await learned.actDeterministic(Float32Array.of(x)))[0], x, 0.15)
  }, 60_000)
})

describe('evaluation of SAC-GMM', () => {
  // One unit of relu in the policy, whose outputs are their biases: weights for the first component, means at −0.5 and 0.7.
  const spec = { observation: { side: 1 }, action: { low: [-2], high: [6] } }
  const config: Partial<SacConfig> = {
    ...byScore,
    hidden: [2],
    policy: { kind: 'mixture', components: 2 },
  }
  const algorithm = sac(spec, config)
  const initial = algorithm.init(key(1))
  const outputs = [4, 0, Math.atanh(-0.5), Math.atanh(0.7), -3, -3]
  const policy = tf.tensor1d([...Array<number>(initial.policy.size - outputs.length).fill(0), ...outputs])
  // Q(s, a) = relu(s + a) − relu(a − s): rises in a at s = 1, falls at s = −1.
  const critic = tf.tensor1d([1, -1, 1, 1, 0, 0, 1, -1, 0])
  const side = tf.tensor2d([[1], [-1], [1]])
  const state = { ...initial, policy, critic }

  it('is at the mean of the component that the critic values most, state by state, whatever their weights', () => {
    expect(critic.shape).toEqual(initial.critic.shape)
    const { action } = algorithm.actDeterministic(state, { side })
    // The means in the units of the environment, 2 + 4a.
    expect(action).toBeAllClose([[4.8], [0], [4.8]])
  })

  it('goes to the other component where the critic turns round', () => {
    const turned = tf.tensor1d([1, -1, 1, 1, 0, 0, -1, 1, 0])
    const { action } = algorithm.actDeterministic({ ...state, critic: turned }, { side })
    expect(action).toBeAllClose([[0], [4.8], [0]])
  })
})
