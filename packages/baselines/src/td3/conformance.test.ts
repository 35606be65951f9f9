import * as tf from '@tensorflow/tfjs'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learnGreedy } from '../../fixtures/learnGreedy.ts'
import { twoGroups } from '../../fixtures/transitions.ts'
import { createNetworks } from '../shared/networks.ts'
import { resolveTd3Config } from './config.ts'
import type { Td3Config } from './config.ts'
import { td3 } from './td3.ts'

const small = { batchSize: 8, hidden: [16, 16] }
const oracle = (gamma: number): Td3Config =>
  resolveTd3Config({
    gamma,
    batchSize: 128,
    hidden: [64, 64],
    policyLearningRate: 1e-3,
    criticLearningRate: 1e-3,
    tau: 0.05,
  })

algorithmConformance({
  name: 'td3',
  make: () => td3(twoGroups, small),
  compile: createProgram,
  learnGreedy: learnGreedy({
    make: (spec, gamma) => td3(spec, oracle(gamma)),
    value: ({ policy, critic }, { spec, gamma, observed }) =>
      tf.tidy(() => {
        const networks = createNetworks('td3', spec, { ...oracle(gamma), critics: 2 })
        const observation = { state: tf.tensor2d(observed, [1, observed.length]) }
        const action = networks.policy(tf.tensor1d(policy.data), observation)
        return tf.min(networks.critics(tf.tensor1d(critic.data), observation, action)).dataSync()[0]
      }),
  }),
})
algorithmConformance({
  name: 'td3 with a delay of three, no smoothing',
  make: () => td3(twoGroups, { ...small, policyDelay: 3, targetNoise: 0 }),
  compile: createProgram,
})
