import * as tf from '@tensorflow/tfjs'
import { key, uniform } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import type { LearnHook } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import type { HostTensor } from '@maxent/jit'
import { createAgent, train } from '@maxent/train'
import { resolveSqlConfig } from './config.ts'
import type { SqlConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { sql } from './sql.ts'
import { estimateValue, uniformProposal } from './value.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const small: Partial<SqlConfig> = {
  batchSize: 8,
  hidden: [16, 16],
  particles: { kind: 'disjoint', fixed: 6, updated: 5 },
  value: { kind: 'uniform', samples: 7, shared: false },
  diagnosticsEvery: 2,
}
const variants: Record<string, Partial<SqlConfig>> = {
  'sql in the form of 2018, with shared actions, two critics and soft targets': {
    form: 'released',
    temperature: { kind: 'fixed', alpha: 1 },
    rewardScale: 10,
    value: { kind: 'uniform', samples: 7, shared: true },
    critics: 2,
    target: { kind: 'soft', tau: 0.01 },
  },
  'sql in the form of 2017, with an Ornstein-Uhlenbeck process': {
    form: 'unsquashed',
    exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
  },
  'sql with values near its sampler, one set of particles and longer latents': {
    value: { kind: 'sampler', samples: 8, uniformShare: 0.5 },
    particles: { kind: 'same', count: 6 },
    latentSize: 3,
  },
  'sql with values from a Gaussian, annealing, noise that ends and a shrinking set of latents': {
    value: { kind: 'gaussian', samples: 8, uniformShare: 0.25 },
    temperature: { kind: 'annealed', from: 0.1, to: 0.001, steps: 4 },
    latents: { kind: 'set', size: 6, steps: 4 },
    exploration: { kind: 'gaussian', sigma: 0.1, steps: 4 },
  },
  'sql without diagnostics': { diagnosticsEvery: 0 },
}

/** Learns an oracle task, whose solution is known. */
const learn: LearnHook = async ({ spec, makeEnv, alpha, gamma }) => {
  const config = resolveSqlConfig({
    gamma,
    batchSize: 64,
    hidden: [64, 64],
    criticLearningRate: 2e-3,
    policyLearningRate: 1e-3,
    temperature: { kind: 'fixed', alpha },
    value: { kind: 'uniform', samples: 16, shared: true },
    particles: { kind: 'disjoint', fixed: 8, updated: 8 },
    target: { kind: 'soft', tau: 0.05 },
    diagnosticsEvery: 0,
  })
  const algorithm = sql(spec, config)
  const { state } = await train({
    env: makeEnv(),
    evalEnv: makeEnv(),
    algorithm,
    seed: 1,
    config: { steps: 4_000, warmupSteps: 1_000, replayCapacity: 10_000, evaluateEvery: 0, finalEpisodes: 0 },
  })
  const agent = await createAgent({ algorithm, key: key(2), state })
  const networks = createNetworks(spec, config)
  const { critic } = state as Record<'critic', HostTensor>
  let step = 0
  return {
    act: (observed) => agent.act({ state: observed }, step++),
    actDeterministic: (observed) => agent.actDeterministic({ state: observed }),
    /** V(s) by eq. 3.8, with 4,000 actions. */
    value: (observed) =>
      tf.tidy(() => {
        const observation = { state: tf.tensor2d(observed, [1, observed.length]) }
        const proposal = uniformProposal(tf.tensor3d(uniform(key(3), 4_000), [1, 4_000, 1]))
        const q = networks.leastQ(tf.tensor1d(critic.data), observation, proposal.action)
        return estimateValue(q, proposal, alpha).value.dataSync()[0]
      }),
  }
}

algorithmConformance({ name: 'sql', make: () => sql(spec, small), compile: createProgram, learn })
for (const [name, config] of Object.entries(variants)) {
  algorithmConformance({ name, make: () => sql(spec, { ...small, ...config }), compile: createProgram })
}
