import * as tf from '@tensorflow/tfjs'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learnGreedy } from '../../fixtures/learnGreedy.ts'
import { twoGroups } from '../../fixtures/transitions.ts'
import { resolveTrustPclConfig } from './config.ts'
import type { TrustPclConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { trustPcl } from './trustPcl.ts'

const small = { batchSize: 4, length: 3, hidden: [16, 16] }
const oracle = (gamma: number): TrustPclConfig =>
  resolveTrustPclConfig({
    gamma,
    batchSize: 128,
    length: 2,
    hidden: [32, 32],
    alpha: 0.03,
    lambda: 0.05,
    lag: 0.1,
    policyLearningRate: 2e-3,
    valueLearningRate: 5e-3,
  })

algorithmConformance({
  name: 'trust-pcl',
  make: () => trustPcl(twoGroups, small) as never,
  compile: createProgram,
  learnGreedy: learnGreedy({
    make: (spec, gamma) => trustPcl(spec, oracle(gamma)),
    value: ({ value }, { spec, gamma, observed }) =>
      tf.tidy(
        () =>
          createNetworks(oracle(gamma), { size: observed.length, actions: spec.action.low.length })
            .value(tf.tensor1d(value.data), tf.tensor2d(observed, [1, observed.length]))
            .dataSync()[0],
      ),
    config: { steps: 8_000 },
  }),
})
algorithmConformance({
  name: 'trust-pcl with one step and no entropy',
  make: () => trustPcl(twoGroups, { ...small, length: 1, alpha: 0 }) as never,
  compile: createProgram,
})
algorithmConformance({
  name: 'trust-pcl with a bound on the divergence, recent stretches, all paths, lagged values, cut errors and a shared σ',
  make: () =>
    trustPcl(twoGroups, {
      ...small,
      divergence: 0.01,
      recency: 0.01,
      paths: 'all',
      bootstrap: 'lagged',
      errorLimit: 1,
      sharedLogStd: -0.5,
    }) as never,
  compile: createProgram,
  // Errors that are cut to one size cancel: what is left of some gradients is rounding, of which Adam makes a step.
  parity: { rtol: 1e-4, atol: 1e-4 },
})
