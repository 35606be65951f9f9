import * as tf from '@tensorflow/tfjs'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learnGreedy } from '../../fixtures/learnGreedy.ts'
import { twoGroups } from '../../fixtures/transitions.ts'
import { resolveNafConfig } from './config.ts'
import type { NafConfig } from './config.ts'
import { naf } from './naf.ts'
import { createNetwork } from './network.ts'

const small = { batchSize: 8, hidden: [16, 16] }
const oracle = (gamma: number): NafConfig =>
  resolveNafConfig({ gamma, batchSize: 128, hidden: [32, 32], target: { kind: 'soft', tau: 0.03 } })

algorithmConformance({
  name: 'naf',
  make: () => naf(twoGroups, small),
  compile: createProgram,
  learnGreedy: learnGreedy({
    make: (spec, gamma) => naf(spec, oracle(gamma)),
    value: ({ network }, { spec, gamma, observed }) =>
      tf.tidy(() => {
        const observation = { state: tf.tensor2d(observed, [1, observed.length]) }
        return createNetwork(spec, oracle(gamma))
          .apply(tf.tensor1d(network.data), observation)
          .value.dataSync()[0]
      }),
  }),
})
algorithmConformance({
  name: 'naf with one action, correlated noise that ends and hard targets',
  make: () =>
    naf(
      { ...twoGroups, action: { low: [-2], high: [2] } },
      {
        ...small,
        exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2, steps: 4 },
        target: { kind: 'hard', interval: 2 },
      },
    ),
  compile: createProgram,
})
