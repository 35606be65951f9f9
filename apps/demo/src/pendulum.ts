/** How the pendulum is learned here: within 2,000 steps, by small networks, short foresight and fast steps. No settings of a paper. */
import type { SacConfig } from '@maxent/sac'

export const pendulumSac: Partial<SacConfig> = {
  hidden: [64, 64],
  batchSize: 64,
  gamma: 0.9,
  policyLearningRate: 3e-3,
  criticLearningRate: 3e-3,
  target: { kind: 'soft', tau: 0.02 },
}

/** Steps with uniform actions before. */
export const warmupSteps = 200

/** Seconds from one step to the next. */
export const stepSeconds = 0.05

/** Steps that the page trains for. */
export const allSteps = 10_000
