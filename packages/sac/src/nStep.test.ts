import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { identityEnv } from '@maxent/core/testing'
import { train } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { softTarget } from './critic.ts'
import { firstSteps, nStepTarget, type NStepTargetArgs } from './nStep.ts'
import { sac } from './sac.ts'

/** Two stretches of two steps by hand: γ = .5, α = .1. The second ends its task after the first step. */
const args = (): NStepTargetArgs => ({
  reward: tf.tensor2d([
    [1, -2],
    [4, 9],
  ]),
  discount: tf.tensor2d([
    [1, 0],
    [1, 1],
  ]),
  continues: tf.tensor2d([
    [1, 0],
    [0, 0],
  ]),
  nextLeastQ: tf.tensor2d([
    [7, 7],
    [2, 3],
  ]),
  nextLogProb: tf.tensor2d([
    [-1, 5],
    [2, 1],
  ]),
  alpha: tf.scalar(0.1),
  gamma: 0.5,
})

describe('nStepTarget', () => {
  it('gives the hand-worked targets: entropies inside the sum, no value after the end', () => {
    // 1 + .5 (.1 + 4 + .5 (2 - .2)), -2
    expect(nStepTarget(args())).toBeAllClose([1 + 0.5 * (0.1 + 4 + 0.5 * 1.8), -2])
  })

  it('refuses shapes that differ', () => {
    expect(() => nStepTarget({ ...args(), nextLogProb: tf.zeros([2, 1]) })).toThrow(
      'nStepTarget: nextLogProb must have shape [T, B]',
    )
    expect(() => nStepTarget({ ...args(), alpha: tf.zeros([1]) as never })).toThrow('nStepTarget: alpha must')
  })

  it('bootstraps where a time limit cut the stretch', () => {
    // 1 + .5 (7 + .1)
    expect(nStepTarget({ ...args(), continues: tf.zeros([2, 2]) })).toBeAllClose([1 + 0.5 * 7.1, -2])
  })

  it('is the soft target for a single step', () => {
    const { alpha, gamma, ...rows } = args()
    const first = Object.fromEntries(
      Object.entries(rows).map(([name, x]) => [name, tf.slice(x, 0, 1)]),
    ) as typeof rows
    const flat = (x: Tensor): Tensor => tf.reshape(x, [-1])
    expect(nStepTarget({ ...first, alpha, gamma })).toBeAllClose(
      softTarget({
        reward: flat(first.reward),
        discount: flat(first.discount),
        nextQ: first.nextLeastQ,
        nextLogProb: flat(first.nextLogProb),
        alpha,
        gamma,
      }),
    )
  })

  it('holds every argument constant', () => {
    const { nextLeastQ, ...rest } = args()
    const grad = tf.grad((q: Tensor) => tf.sum(nStepTarget({ ...rest, nextLeastQ: q })))(nextLeastQ)
    expect(grad).toBeAllClose(tf.zerosLike(nextLeastQ), { atol: 0 })
  })
})

describe('sac over several steps', () => {
  it('takes the first steps of stretches as its transitions', () => {
    const { reward, discount, continues } = args()
    const rows = tf.tensor3d([1, 2, 3, 4], [2, 2, 1])
    const observation = { state: rows }
    const batch = firstSteps({
      observation,
      action: rows,
      reward: reward as tf.Tensor2D,
      discount: discount as tf.Tensor2D,
      nextObservation: observation,
      continues: continues as tf.Tensor2D,
      valid: tf.ones([2, 2]),
      record: {},
    })
    expect(batch.observation.state).toBeAllClose(tf.tensor2d([[1], [2]]))
    expect(batch.reward).toBeAllClose([1, -2])
  })

  it('learns from the replay of the loop: to name the state it sees', async () => {
    const env = identityEnv(1)
    const config = {
      nStep: 3,
      batchSize: 32,
      hidden: [32, 32],
      policyLearningRate: 3e-3,
      criticLearningRate: 3e-3,
    }
    const result = await train({
      env,
      evalEnv: identityEnv(1),
      algorithm: sac(env.spec, {
        ...config,
        gamma: 0.5,
        temperature: { kind: 'fixed', alpha: 0.01 },
        target: { kind: 'soft', tau: 0.05 },
      }),
      seed: 1,
      config: { steps: 1_500, warmupSteps: 300, replayCapacity: 2_000, evaluateEvery: 0, finalEpisodes: 20 },
    })
    const steps = env.spec.maxEpisodeSteps ?? 1
    // Uniform actions lose 2/3 per step on average.
    expect((result.evaluation?.returnMean ?? NaN) / steps).toBeGreaterThan(-0.05)
  }, 60_000)
})
