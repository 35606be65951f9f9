import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { key, normal } from '@maxent/core'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { resolveSqlConfig } from './config.ts'
import { createNetworks } from './networks.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const config = resolveSqlConfig({ hidden: [6, 5], critics: 2, latentSize: 3, activation: 'tanh' })
const networks = createNetworks(spec, config)
const draw = (seed: number, shape: number[]): Tensor =>
  tf.tensor(
    normal(
      key(seed),
      shape.reduce((size, n) => size * n, 1),
    ),
    shape,
  )
const observation = { proprio: draw(1, [4, 3]) as tf.Tensor2D, task: draw(2, [4, 2]) as tf.Tensor2D }

describe('createNetworks', () => {
  it('values K actions per state by each critic, and takes the least', () => {
    const parameters = networks.initCritics(key(3))
    const action = draw(4, [4, 7, 2])
    const q = networks.critics(parameters, observation, action)
    expect(q.shape).toEqual([2, 4, 7])
    expect(networks.leastQ(parameters, observation, action)).toBeAllClose(tf.min(q, 0))
    // The third action of the second state, alone.
    const alone = {
      proprio: tf.slice2d(observation.proprio, [1, 0], [1, 3]),
      task: tf.slice2d(observation.task, [1, 0], [1, 2]),
    }
    expect(networks.critics(parameters, alone, tf.slice(action, [1, 2, 0], [1, 1, 2]))).toBeAllClose(
      tf.slice(q, [0, 1, 2], [2, 1, 1]),
    )
  })

  it('gives an output per latent, differentiable in the parameters', () => {
    const latents = draw(5, [4, 2, 3])
    const parameters = networks.initPolicy(key(6))
    expect(networks.sampler(parameters, observation, latents).shape).toEqual([4, 2, 2])
    checkGrads(
      (p: Tensor1D) => tf.mean<tf.Scalar>(tf.square(networks.sampler(p, observation, latents))),
      [parameters],
    )
  })

  it('has critics differentiable in the action', () => {
    const parameters = networks.initCritics(key(3))
    checkGrads(
      (action: Tensor) => tf.sum<tf.Scalar>(tf.gather(networks.critics(parameters, observation, action), 0)),
      [draw(4, [4, 2, 2])],
    )
  })

  it('sees the groups that are chosen', () => {
    const blind = createNetworks(spec, { ...config, policyGroups: ['task'], criticGroups: ['proprio'] })
    const other = { ...observation, proprio: tf.zeros<tf.Rank.R2>([4, 3]) }
    const [policy, latents] = [blind.initPolicy(key(1)), draw(5, [4, 2, 3])]
    expect(blind.sampler(policy, other, latents)).toBeAllClose(blind.sampler(policy, observation, latents))
    expect(() => createNetworks(spec, { ...config, criticGroups: ['propio'] })).toThrow(
      "sql: criticGroups must name observation groups (proprio, task), got 'propio', did you mean 'proprio'?",
    )
  })
})
