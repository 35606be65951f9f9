import * as tf from '@tensorflow/tfjs'
import { key, normal } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import type { LearnHook } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import type { HostTensor } from '@maxent/jit'
import { createAgent, train } from '@maxent/train'
import { resolveSacConfig } from './config.ts'
import type { SacConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { sac } from './sac.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const small = { batchSize: 8, hidden: [16, 16] }
const variants: Record<string, Partial<SacConfig>> = {
  'sac with a fixed temperature, hard targets and three critics': {
    temperature: { kind: 'fixed', alpha: 0.2 },
    target: { kind: 'hard', interval: 2 },
    critics: 3,
  },
  'sac with targets over three steps': { nStep: 3 },
  'sac with a state-value network': { bootstrap: 'valueNetwork' },
  'sac with a mixture of Gaussians, a single critic and a state-value network': {
    policy: { kind: 'mixture', components: 4 },
    bootstrap: 'valueNetwork',
    critics: 1,
  },
  'sac with a truncated Gaussian that climbs the mean of the critics': {
    policy: { kind: 'truncatedGaussian' },
    policyCritic: 'mean',
  },
  'sac with an unsquashed Gaussian that climbs the first critic': {
    policy: { kind: 'gaussian' },
    policyCritic: 'first',
    rewardScale: 5,
  },
  'sac with a real NVP policy': { policy: { kind: 'realNvp', couplings: 2 } },
  'sac with a deterministic policy': {
    policy: { kind: 'deterministic', explorationStd: 0.1 },
    temperature: { kind: 'fixed', alpha: 0 },
    target: { kind: 'hard', interval: 2 },
  },
  'sac without entropy and with one critic': { temperature: { kind: 'fixed', alpha: 0 }, critics: 1 },
}

/** Learns an oracle task, whose solution is known for a fixed temperature. */
const learn: LearnHook = async ({ spec, makeEnv, alpha, gamma }) => {
  const config = resolveSacConfig({
    gamma,
    batchSize: 128,
    hidden: [64, 64],
    policyLearningRate: 1e-3,
    temperature: { kind: 'fixed', alpha },
    target: { kind: 'soft', tau: 0.01 },
  })
  const algorithm = sac(spec, config)
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
    /** V(s) = E[minₖ Qₖ(s,a) − α log π(a|s)], eq. 4.2, over 1,000 actions. */
    value: (observed) =>
      tf.tidy(() => {
        const observation = { state: tf.tile(tf.tensor2d(observed, [1, observed.length]), [1000, 1]) }
        const noise = tf.tensor2d(normal(key(3), 1000), [1000, 1])
        const { action, logProb } = networks
          .policy(tf.tensor1d(learned.policy.data), observation)
          .sample(noise)
        const q = networks.critics(tf.tensor1d(learned.critic.data), observation, action)
        return tf.mean(tf.sub(tf.min(q, 0), tf.mul(alpha, logProb))).dataSync()[0]
      }),
  }
}

algorithmConformance({ name: 'sac', make: () => sac(spec, small), compile: createProgram, learn })
for (const [name, config] of Object.entries(variants)) {
  algorithmConformance({ name, make: () => sac(spec, { ...small, ...config }), compile: createProgram })
}
