import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, twoGroups } from '../../fixtures/transitions.ts'
import { createNetworks } from '../shared/networks.ts'
import { resolveDdpgConfig } from './config.ts'
import type { DdpgConfig } from './config.ts'
import { ddpg } from './ddpg.ts'

const shared: Partial<DdpgConfig> = {
  batchSize: 4,
  hidden: [6, 5],
  activation: 'tanh',
  gamma: 0.9,
  policyLearningRate: 1e-3,
  criticLearningRate: 2e-3,
}
const batch = makeBatch(twoGroups, 4)
const taken = tf.div(tf.sub(batch.action, [0, 0.4]), [2, 0.3])

/** Adam's first step: the learning rate against the sign of the gradient. */
const firstStep = (parameters: Tensor1D, grad: Tensor, rate: number): Tensor =>
  tf.sub(parameters, tf.mul(rate, tf.div(grad, tf.add(tf.abs(grad), 1e-8))))

describe('update', () => {
  it.each([1, 2])('takes the steps of Algorithm 1, written out, with %i critics', (count) => {
    const config = resolveDdpgConfig({ ...shared, critics: count, criticDecay: 0.3 })
    const algorithm = ddpg(twoGroups, config)
    const start = algorithm.init(key(1))
    const { critics, policy } = createNetworks('ddpg', twoGroups, config)
    const nextAction = policy(start.policyTarget, batch.nextObservation)
    const next = tf.min(critics(start.criticTarget, batch.nextObservation, nextAction), 0)
    const target = tf.add(batch.reward, tf.mul(tf.mul(0.9, batch.discount), next))
    const loss = (parameters: Tensor): tf.Scalar => {
      const errors = tf.sub(critics(parameters as Tensor1D, batch.observation, taken), target)
      return tf.sum(tf.mean(tf.square(errors), 1))
    }
    const decayed = (parameters: Tensor): tf.Scalar =>
      tf.add(loss(parameters), tf.mul(0.15, tf.sum(tf.square(parameters))))
    const critic = firstStep(start.critic, tf.grad(decayed)(start.critic), 2e-3) as Tensor1D
    const actor = (parameters: Tensor): tf.Scalar => {
      const q = critics(critic, batch.observation, policy(parameters as Tensor1D, batch.observation))
      return tf.neg(tf.mean(tf.min(q, 0)))
    }
    const moved = firstStep(start.policy, tf.grad(actor)(start.policy), 1e-3)

    const { state, metrics } = algorithm.update(start, batch, {})
    expect(metrics.criticLoss).toBeAllClose(loss(start.critic))
    expect(metrics.actorLoss).toBeAllClose(actor(start.policy))
    expect(state.critic).toBeAllClose(critic, { atol: 2e-6 })
    expect(state.policy).toBeAllClose(moved, { atol: 2e-6 })
    expect(state.step).toBeAllClose(1)
  })

  it('copies policy and critics at every interval-th step and holds the targets between', () => {
    const algorithm = ddpg(twoGroups, { ...shared, target: { kind: 'hard', interval: 3 } })
    let state = algorithm.init(key(1))
    for (let i = 0; i < 6; i++) {
      const { state: next } = algorithm.update(state, batch, {})
      const copy = i % 3 === 2
      expect(next.criticTarget.dataSync()).toEqual((copy ? next.critic : state.criticTarget).dataSync())
      expect(next.policyTarget.dataSync()).toEqual((copy ? next.policy : state.policyTarget).dataSync())
      state = next
    }
  })

  it('refuses a batch of another number of rewards', () => {
    const algorithm = ddpg(twoGroups, shared)
    const short = { ...batch, reward: tf.zeros<tf.Rank.R1>([3]) }
    expect(() => algorithm.update(algorithm.init(key(1)), short, {})).toThrow(
      'bellmanTarget: discount must have shape [B] with B=3, got [4]',
    )
  })
})
