import * as tf from '@tensorflow/tfjs'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learnGreedy } from '../../fixtures/learnGreedy.ts'
import { twoGroups } from '../../fixtures/transitions.ts'
import { createNetworks } from '../shared/networks.ts'
import { resolveDdpgConfig } from './config.ts'
import type { DdpgConfig } from './config.ts'
import { ddpg } from './ddpg.ts'

const small = { batchSize: 8, hidden: [16, 16] }
const process = { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2 } as const
const variants: Record<string, Partial<DdpgConfig>> = {
  'ddpg with Ornstein-Uhlenbeck noise, hard targets, decay and an output bound': {
    exploration: process,
    target: { kind: 'hard', interval: 2 },
    criticDecay: 1e-2,
    outputBound: 3e-3,
  },
  'ddpg with two critics and noise that ends': {
    critics: 2,
    exploration: { kind: 'gaussian', sigma: 0.1, steps: 4 },
  },
}
const oracle = (gamma: number): DdpgConfig =>
  resolveDdpgConfig({
    gamma,
    batchSize: 128,
    hidden: [32, 32],
    target: { kind: 'soft', tau: 0.03 },
    exploration: process,
  })

algorithmConformance({
  name: 'ddpg',
  make: () => ddpg(twoGroups, small),
  compile: createProgram,
  learnGreedy: learnGreedy({
    make: (spec, gamma) => ddpg(spec, oracle(gamma)),
    value: ({ policy, critic }, { spec, gamma, observed }) =>
      tf.tidy(() => {
        const networks = createNetworks('ddpg', spec, oracle(gamma))
        const observation = { state: tf.tensor2d(observed, [1, observed.length]) }
        const action = networks.policy(tf.tensor1d(policy.data), observation)
        return networks.firstCritic(tf.tensor1d(critic.data), observation, action).dataSync()[0]
      }),
  }),
})
for (const [name, config] of Object.entries(variants)) {
  algorithmConformance({
    name,
    make: () => ddpg(twoGroups, { ...small, ...config }),
    compile: createProgram,
  })
}
