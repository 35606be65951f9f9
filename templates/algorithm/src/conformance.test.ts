import * as tf from '@tensorflow/tfjs'
import { key, minimumQ, normal } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import type { LearnHook } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import type { HostTensor } from '@maxent/jit'
import { createAgent, train } from '@maxent/train'
import { resolveNewAlgorithmConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { newAlgorithm } from './newAlgorithm.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }

/** Learns an oracle task, whose solution is known for a fixed temperature. */
const learn: LearnHook = async ({ spec, makeEnv, alpha, gamma }) => {
  const config = resolveNewAlgorithmConfig({
    gamma,
    alpha,
    batchSize: 128,
    hidden: [64, 64],
    learningRate: 1e-3,
    tau: 0.01,
  })
  const algorithm = newAlgorithm(spec, config)
  const { state } = await train({
    env: makeEnv(),
    evalEnv: makeEnv(),
    algorithm,
    seed: 1,
    config: { steps: 4_000, warmupSteps: 500, replayCapacity: 10_000, evaluateEvery: 0, finalEpisodes: 0 },
  })
  const agent = await createAgent({ algorithm, key: key(2), state })
  const networks = createNetworks(spec, config)
  const learned = state as Record<'policy' | 'critic', HostTensor>
  let step = 0
  return {
    act: (observed) => agent.act({ state: observed }, step++),
    actDeterministic: (observed) => agent.actDeterministic({ state: observed }),
    /** V(s) = E[minₖ Qₖ(s,a) − α log π(a|s)] over 1,000 actions. */
    value: (observed) =>
      tf.tidy(() => {
        const observation = { state: tf.tile(tf.tensor2d(observed, [1, observed.length]), [1000, 1]) }
        const noise = tf.tensor2d(normal(key(3), 1000), [1000, 1])
        const { action, logProb } = networks
          .policy(tf.tensor1d(learned.policy.data), observation)
          .sampleWithLogProb(noise)
        const q = networks.critics(tf.tensor1d(learned.critic.data), observation, action)
        return tf.mean(tf.sub(minimumQ(q), tf.mul(alpha, logProb))).dataSync()[0]
      }),
  }
}

algorithmConformance({
  name: 'new-algorithm',
  make: () => newAlgorithm(spec, { batchSize: 8, hidden: [16, 16] }),
  compile: createProgram,
  learn,
})
