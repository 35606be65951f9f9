import type { LoopSettings, Preset } from '@maxent/core'
import type { SqlConfig } from './config.ts'

/** The settings of an experiment on one task. */
export type SqlPreset = Preset<SqlConfig>

const source = 'Haarnoja 2018 (thesis), appendix C.1'

/**
 * Thesis, appendix C.1, all experiments. K = M = 32 are of two sets, where the appendix allows one or two: see the README's differences.
 */
const appendixC1: Partial<SqlConfig> = {
  gamma: 0.99,
  batchSize: 64,
  hidden: [200, 200],
  activation: 'relu',
  critics: 1,
  policyLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  temperature: { kind: 'fixed', alpha: 0.1 },
  value: { kind: 'uniform', samples: 50, shared: false },
  particles: { kind: 'disjoint', fixed: 32, updated: 32 },
  form: 'preTanh',
  target: { kind: 'hard', interval: 1_000 },
  exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
}
const loop: LoopSettings = { replayCapacity: 1_000_000, warmupSteps: 10_000 }

function thesis(env: string, change: Partial<SqlConfig> = {}): SqlPreset {
  return { env, source, config: { ...appendixC1, ...change }, loop }
}

/** What the ant senses wherever it is: the tasks that it is tuned for show its `pose` besides. */
const senses = ['proprio', 'contact', 'orientation', 'centre']

/** Fine-tuning: 20 epochs of 10,000 steps take α to 0.001 and the set of latents, whose size the thesis does not state, to one. */
const fineTuning: Partial<SqlConfig> = {
  temperature: { kind: 'annealed', from: 0.1, to: 0.001, steps: 200_000 },
  latents: { kind: 'set', size: 100, steps: 200_000 },
  policyGroups: senses,
  criticGroups: senses,
}

/** What was learned before explores where uniform actions would throw it away. */
function tuned(env: string): SqlPreset {
  return { ...thesis(env, fineTuning), loop: { ...loop, warmupPolicy: 'own' } }
}

/** The released code of 2018, multi-goal: α is 1 and rewards are scaled by 0.1. */
const released2018: SqlPreset = {
  env: 'multi-goal',
  source: 'released code of 2018, with the multi-goal settings of 2017',
  config: {
    gamma: 0.99,
    batchSize: 64,
    hidden: [128, 128],
    policyLearningRate: 3e-4,
    criticLearningRate: 3e-4,
    rewardScale: 0.1,
    temperature: { kind: 'fixed', alpha: 1 },
    value: { kind: 'uniform', samples: 16, shared: true },
    particles: { kind: 'disjoint', fixed: 16, updated: 16 },
    form: 'released',
    target: { kind: 'hard', interval: 1_000 },
  },
  loop: { replayCapacity: 1_000_000, warmupSteps: 100 },
}

/** The names of {@link sqlPresets}. */
export type SqlPresetName =
  | 'multigoal'
  | `thesis/${'multi-goal' | 'swimmer' | 'ant-maze' | 'ant-speed'}`
  | `fine-tune/${'wide' | 'narrow' | 'u'}`
  | `code-${2017 | 2018}/multi-goal`

/** Settings by name, as in `thesis/multi-goal`. */
export const sqlPresets: Readonly<Record<SqlPresetName, SqlPreset>> = {
  /** Four goals in minutes. */
  multigoal: {
    env: 'multi-goal',
    source: 'own: α of the thesis, networks and counts that learn in minutes',
    config: {
      batchSize: 64,
      hidden: [100, 100],
      temperature: { kind: 'fixed', alpha: 10 },
      value: { kind: 'uniform', samples: 50, shared: false },
      particles: { kind: 'disjoint', fixed: 32, updated: 32 },
      policyLearningRate: 1e-3,
      criticLearningRate: 1e-3,
      target: { kind: 'hard', interval: 500 },
    },
    loop: { warmupSteps: 1_000 },
  },
  'thesis/multi-goal': thesis('multi-goal', {
    temperature: { kind: 'fixed', alpha: 10 },
    particles: { kind: 'disjoint', fixed: 100, updated: 100 },
  }),
  'thesis/swimmer': thesis('swimmer-finish-line', { target: { kind: 'hard', interval: 5_000 } }),
  'thesis/ant-maze': thesis('ant-blocked-maze'),
  'thesis/ant-speed': thesis('ant-speed'),
  'fine-tune/wide': tuned('ant-wide-hallway'),
  'fine-tune/narrow': tuned('ant-narrow-hallway'),
  'fine-tune/u': tuned('ant-u-maze'),
  'code-2018/multi-goal': released2018,
  'code-2017/multi-goal': {
    ...released2018,
    source: 'released code of 2017',
    config: {
      ...released2018.config,
      hidden: [100, 100],
      policyLearningRate: 1e-3,
      criticLearningRate: 1e-3,
      form: 'unsquashed',
      bandwidth: { kind: 'released' },
    },
  },
}
