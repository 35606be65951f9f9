import * as tf from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { resolveSacConfig } from './config.ts'
import type { SacConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import type { SacNetworks } from './networks.ts'

const spec = { observation: { proprio: 2, task: 1 }, action: { low: [-1, -1], high: [1, 1] } }
const observation = { proprio: tf.tensor2d([[1, 2], [3, 4]]), task: tf.tensor2d([[5], [6]]) } // prettier-ignore
const action = tf.zeros<tf.Rank.R2>([2, 2])
const networks = (config: Partial<SacConfig> = {}): SacNetworks =>
  createNetworks(spec, resolveSacConfig({ hidden: [8], ...config }))

describe('createNetworks', () => {
  it('gives every critic a row and parameters of its own', () => {
    const { initCritics, critics } = networks({ critics: 3 })
    const parameters = initCritics(key(0))
    expect(parameters.shape).toEqual([3 * ((3 + 2) * 8 + 8 + 8 + 1)])
    const q = critics(parameters, observation, action)
    expect(q.shape).toEqual([3, 2])
    expect(new Set(q.dataSync()).size).toBe(6)
  })

  it('draws initial parameters from the key alone', () => {
    const { initPolicy } = networks()
    expect(initPolicy(key(7)).dataSync()).toEqual(initPolicy(key(7)).dataSync())
    expect(initPolicy(key(7)).dataSync()).not.toEqual(initPolicy(key(8)).dataSync())
  })

  it('starts with zero biases under xavierUniform', () => {
    const { initPolicy } = networks({ initializer: 'xavierUniform' })
    const bias = tf.slice(initPolicy(key(0)), [3 * 8], [8])
    expect(bias).toBeAllClose(tf.zeros([8]), { atol: 0 })
  })

  it('clips log σ, so that the policy moves by at most that many standard deviations', () => {
    const { initPolicy, policy } = networks({ policy: { kind: 'gaussian' }, logStdRange: [-3, -2] })
    const parameters = tf.mul<tf.Tensor1D>(initPolicy(key(0)), 100)
    const [still, moved] = [0, 1].map((noise) =>
      policy(parameters, observation).sample(tf.fill([2, 2], noise)),
    )
    for (const distance of tf.sub(moved.action, still.action).dataSync()) {
      expect(distance).toBeGreaterThan(Math.exp(-3) * 0.999)
      expect(distance).toBeLessThan(Math.exp(-2) * 1.001)
    }
  })

  it('shows the policy and the critics the groups chosen for them, in the order of the specification', () => {
    const chosen = networks({ policyGroups: ['task'], criticGroups: ['task', 'proprio'] })
    const all = networks()
    expect(chosen.initPolicy(key(0)).shape).toEqual([1 * 8 + 8 + 8 * 4 + 4])
    const parameters = all.initCritics(key(0))
    expect(chosen.critics(parameters, observation, action)).toBeAllClose(
      all.critics(parameters, observation, action),
    )
  })

  it('refuses a group that does not exist and names the nearest', () => {
    expect(() => networks({ policyGroups: ['propio'] })).toThrow(
      "sac: policyGroups must name observation groups (proprio, task), got 'propio', did you mean 'proprio'?",
    )
    expect(() => networks({ criticGroups: ['vision'] })).toThrow('sac: criticGroups must name')
  })
})
