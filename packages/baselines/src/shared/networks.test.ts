import * as tf from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { lateActionCritic } from './lateAction.ts'
import { createNetworks } from './networks.ts'
import type { DeterministicNetworks, NetworkConfig } from './networks.ts'

const spec = { observation: { proprio: 2, task: 1 }, action: { low: [-1, -1], high: [1, 1] } }
const observation = { proprio: tf.tensor2d([[1, 2], [3, 4]]), task: tf.tensor2d([[5], [6]]) } // prettier-ignore
const action = tf.zeros<tf.Rank.R2>([2, 2])
const networks = (config: Partial<NetworkConfig> = {}): DeterministicNetworks =>
  createNetworks('test', spec, { hidden: [8], activation: 'relu', critics: 2, ...config })

describe('createNetworks', () => {
  it('gives every critic a row and parameters of its own, the first of them also alone', () => {
    const { initCritics, critics, firstCritic } = networks({ critics: 3 })
    const parameters = initCritics(key(0))
    expect(parameters.shape).toEqual([3 * ((3 + 2) * 8 + 8 + 8 + 1)])
    const q = critics(parameters, observation, action)
    expect(q.shape).toEqual([3, 2])
    expect(new Set(q.dataSync()).size).toBe(6)
    expect(firstCritic(parameters, observation, action)).toBeAllClose(q.slice([0, 0], [1, 2]).reshape([2]), {
      atol: 0,
    })
  })

  it('has policies in [−1, 1], and draws initial parameters from the key alone', () => {
    const { initPolicy, policy } = networks()
    expect(initPolicy(key(7)).dataSync()).toEqual(initPolicy(key(7)).dataSync())
    expect(initPolicy(key(7)).dataSync()).not.toEqual(initPolicy(key(8)).dataSync())
    const wild = policy(tf.mul<tf.Tensor1D>(initPolicy(key(0)), 100), observation)
    for (const a of wild.dataSync()) expect(Math.abs(a)).toBeLessThanOrEqual(1)
  })

  it('starts near zero with a bound on the output layers', () => {
    const { initPolicy, policy, initCritics, critics } = networks({ outputBound: 3e-3 })
    const small = [policy(initPolicy(key(0)), observation), critics(initCritics(key(0)), observation, action)]
    // Eight units of at most (1 + 2 + 5 + …) / √inputs each, times 0.003.
    for (const output of small) for (const x of output.dataSync()) expect(Math.abs(x)).toBeLessThan(0.2)
  })

  it('lets the action enter at a later layer, past what the observation alone passes', () => {
    const params = {
      observation: [{ kernel: tf.tensor2d([[2]]), bias: tf.tensor1d([0]) }],
      joint: [
        { kernel: tf.tensor2d([[1], [10]]), bias: tf.tensor1d([0]) },
        { kernel: tf.tensor2d([[3]]), bias: tf.tensor1d([1]) },
      ],
    }
    const sizes = { observations: 1, actions: 1, hidden: [1, 1], actionLayer: 2 }
    const q = lateActionCritic(sizes).apply(params, tf.tensor2d([[1, 0.5], [-1, 0.5]])) // prettier-ignore
    expect([...q.dataSync()]).toEqual([3 * (2 + 5) + 1, 3 * (0 + 5) + 1])
    const { initCritics, critics } = networks({ hidden: [8, 4, 5], actionLayer: 3 })
    const parameters = initCritics(key(0))
    expect(parameters.shape).toEqual([2 * (3 * 8 + 8 + 8 * 4 + 4 + (4 + 2) * 5 + 5 + 5 + 1)])
    expect(critics(parameters, observation, action).shape).toEqual([2, 2])
  })

  it('shows the policy and the critics the groups chosen for them', () => {
    const chosen = networks({ policyGroups: ['task'], criticGroups: ['task', 'proprio'] })
    expect(chosen.initPolicy(key(0)).shape).toEqual([1 * 8 + 8 + 8 * 2 + 2])
    expect(chosen.initCritics(key(0)).shape).toEqual(networks().initCritics(key(0)).shape)
  })

  it('refuses a group that does not exist and names the nearest', () => {
    expect(() => networks({ policyGroups: ['propio'] })).toThrow(
      "test: policyGroups must name observation groups (proprio, task), got 'propio', did you mean 'proprio'?",
    )
    expect(() => networks({ criticGroups: ['vision'] })).toThrow('test: criticGroups must name')
  })
})
