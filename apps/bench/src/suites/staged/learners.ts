import { sqlPresets, type SqlConfig } from '@maxent/sql'
import { ddpgPresets, nafPresets, type DdpgConfig, type NafConfig } from '@maxent/baselines'

/** Thesis, appendix C.1: the parameters of soft Q-learning in all experiments but the first. */
const sqlThesis: Partial<SqlConfig> = sqlPresets['thesis/ant-maze'].config

/** The same networks, rates, noise and copies for DDPG. */
export const ddpgThesis: Partial<DdpgConfig> = ddpgPresets['thesis/ant-maze'].config

/** NAF likewise, of which appendix C.1 does not speak. */
const nafThesis: Partial<NafConfig> = nafPresets['thesis/ant-maze'].config

/** Settings by learner. */
interface Learners {
  readonly sql: Partial<SqlConfig>
  readonly ddpg: Partial<DdpgConfig>
  readonly naf: Partial<NafConfig>
}

/** The settings of the thesis. */
export const thesisLearners: Learners = { sql: sqlThesis, ddpg: ddpgThesis, naf: nafThesis }

/**
 * Targets of soft Q-learning where runs are shorter than the thesis'. One backup reaches over one step, and rewards over a hundred: with as few
 * copies as 1,000 gradient steps allow values are not there, and where copies are many they jump. An average does neither: with it the snake comes to
 * its line, a puck is held where it belongs, and a hand that has come to its point stays (seeds 11 to 16, which are not judged).
 */
export const averaged = { kind: 'soft', tau: 0.01 } as const

/** What the learners are changed to where minutes of a core must do. */
export const quickLearners: Learners = {
  sql: {
    hidden: [64, 64],
    policyLearningRate: 1e-3,
    particles: { kind: 'disjoint', fixed: 8, updated: 8 },
    value: { kind: 'uniform', samples: 32, shared: false },
    target: averaged,
  },
  ddpg: { hidden: [64, 64], policyLearningRate: 1e-3 },
  naf: { hidden: [64, 64] },
}

/**
 * What soft Q-learning takes soft values from where actions have seven or eight dimensions: half of the actions near the sampler's. Of 32 uniform
 * ones three count there; with these five do, and the hand of the robot ended half as far from its point (seed 11, 10,000 steps, rewards times 10).
 */
export const nearSampler: Readonly<Record<'quick' | 'smoke', Pick<SqlConfig, 'value'>>> = {
  quick: { value: { kind: 'sampler', samples: 32, uniformShare: 0.5 } },
  smoke: { value: { kind: 'sampler', samples: 8, uniformShare: 0.5 } },
}

/** What they are changed to where seconds must do. */
export const smokeLearners: Learners = {
  sql: {
    hidden: [16, 16],
    batchSize: 16,
    particles: { kind: 'disjoint', fixed: 4, updated: 4 },
    value: { kind: 'uniform', samples: 8, shared: false },
    target: averaged,
  },
  ddpg: { hidden: [16, 16], batchSize: 16 },
  naf: { hidden: [16, 16], batchSize: 16 },
}
