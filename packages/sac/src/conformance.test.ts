import { algorithmConformance } from '@maxent/core/testing'
import type { LearnHook } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { learn } from '../fixtures/learn.ts'
import type { SacConfig } from './config.ts'
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

const learnOracle: LearnHook = (task) => learn(task, { steps: 4_000 })

algorithmConformance({
  name: 'sac',
  make: () => sac(spec, small),
  compile: createProgram,
  learn: learnOracle,
})
for (const [name, config] of Object.entries(variants)) {
  algorithmConformance({ name, make: () => sac(spec, { ...small, ...config }), compile: createProgram })
}
