import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise, twoGroups } from '../../fixtures/transitions.ts'
import { ddpg } from '../ddpg/ddpg.ts'
import { createNetworks } from '../shared/networks.ts'
import { resolveTd3Config } from './config.ts'
import { td3 } from './td3.ts'

const config = resolveTd3Config({
  batchSize: 4,
  hidden: [6, 5],
  activation: 'tanh',
  gamma: 0.9,
  tau: 0.1,
  policyLearningRate: 1e-3,
  criticLearningRate: 2e-3,
})
const algorithm = td3(twoGroups, config)
const batch = makeBatch(twoGroups, 4)
const noise = makeNoise(algorithm.noise.update) as Tensor
const start = algorithm.init(key(1))
const { critics, policy } = createNetworks('td3', twoGroups, { ...config, critics: 2 })
const taken = tf.div(tf.sub(batch.action, [0, 0.4]), [2, 0.3])

/** Adam's first step: the learning rate against the sign of the gradient. */
const firstStep = (parameters: Tensor1D, grad: Tensor, rate: number): Tensor =>
  tf.sub(parameters, tf.mul(rate, tf.div(grad, tf.add(tf.abs(grad), 1e-8))))

describe('update', () => {
  it('takes the steps of Algorithm 1, written out', () => {
    const mean = policy(start.policyTarget, batch.nextObservation)
    const smooth = tf.clipByValue(tf.add(mean, tf.clipByValue(tf.mul(noise, 0.2), -0.5, 0.5)), -1, 1)
    const next = tf.min(critics(start.criticTarget, batch.nextObservation, smooth), 0)
    const target = tf.add(batch.reward, tf.mul(tf.mul(0.9, batch.discount), next))
    const loss = (parameters: Tensor): tf.Scalar => {
      const errors = tf.sub(critics(parameters as Tensor1D, batch.observation, taken), target)
      return tf.sum(tf.mean(tf.square(errors), 1))
    }
    const critic = firstStep(start.critic, tf.grad(loss)(start.critic), 2e-3) as Tensor1D
    const actor = (parameters: Tensor): tf.Scalar => {
      const q = critics(critic, batch.observation, policy(parameters as Tensor1D, batch.observation))
      return tf.neg(tf.mean(tf.slice(q, [0, 0], [1, 4])))
    }
    const moved = firstStep(start.policy, tf.grad(actor)(start.policy), 1e-3)

    const { state, metrics } = algorithm.update(start, batch, noise)
    expect(metrics.criticLoss).toBeAllClose(loss(start.critic))
    expect(metrics.targetMean).toBeAllClose(tf.mean(target))
    expect(metrics.actorLoss).toBeAllClose(actor(start.policy))
    expect(state.critic).toBeAllClose(critic, { atol: 2e-6 })
    expect(state.policy).toBeAllClose(moved, { atol: 2e-6 })
    const average = (online: Tensor, before: Tensor): Tensor =>
      tf.add(tf.mul(online, 0.1), tf.mul(before, 0.9))
    expect(state.criticTarget).toBeAllClose(average(state.critic, start.criticTarget))
    expect(state.policyTarget).toBeAllClose(average(state.policy, start.policyTarget))
  })

  it('leaves policy and targets alone but at every d-th step', () => {
    const { schedule = [] } = td3(twoGroups, { ...config, policyDelay: 3 })
    expect(schedule).toHaveLength(3)
    const moved = schedule.map((step) => {
      const { state, metrics } = step.update(start, batch, noise)
      expect(state.critic.dataSync()).not.toEqual(start.critic.dataSync())
      return [
        state.policy === start.policy &&
          state.policyTarget === start.policyTarget &&
          state.criticTarget === start.criticTarget,
        'actorLoss' in metrics,
      ]
    })
    expect(moved).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ])
  })

  it('has the critics of DDPG with two of them, where nothing is smoothed', () => {
    const { batchSize, hidden, activation, gamma, criticLearningRate } = config
    const same = { batchSize, hidden, activation, gamma, criticLearningRate }
    const other = ddpg(twoGroups, { ...same, critics: 2 })
    const plain = td3(twoGroups, { ...config, targetNoise: 0 }).update(start, batch, noise)
    const { state } = other.update({ ...start, step: tf.scalar(0, 'int32') }, batch, {})
    expect(plain.state.critic).toBeAllClose(state.critic, { atol: 0 })
  })

  it('refuses a batch of another number of transitions', () => {
    expect(() => algorithm.update(start, makeBatch(twoGroups, 3), noise)).toThrow(
      'smoothedAction: noise must have shape [B, A] with B=3, A=2, got [4, 2]',
    )
  })
})
