import { sqlPresets } from '@maxent/sql'
import { fineTuningSuite } from './staged/fineTuning.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.near

/** Haarnoja 2018, figures 3.7 and 3.8, on four legs. */
export const suite: Suite = fineTuningSuite({
  id: 'sql-finetune',
  body: 'ant',
  groups: sqlPresets['fine-tune/wide'].config.policyGroups,
  profiles: {
    smoke: {
      minutes: 1.5,
      seeds: 1,
      scale: '16x16 networks, 400 steps of each run',
      length: {
        pretraining: { steps: 400, warmupSteps: 200, looks: 1, rollouts: 1 },
        fineTuning: { steps: 400, warmupSteps: 200, looks: 1, rollouts: 1 },
        annealing: 100,
      },
    },
    quick: {
      minutes: 54,
      seeds: 5,
      scale: `${small}, 40,000 steps of pretraining and 12,000 of each fine-tuning, α annealed in a third of it`,
      length: {
        pretraining: { steps: 40_000, warmupSteps: 5_000, looks: 1, rollouts: 3 },
        fineTuning: { steps: 12_000, warmupSteps: 500, looks: 6, rollouts: 3 },
        annealing: 4_000,
      },
    },
    standard: {
      minutes: 600,
      seeds: 5,
      scale: `${small}, 500,000 steps of pretraining and 150,000 of each fine-tuning, α annealed in a third of it`,
      length: {
        pretraining: { steps: 500_000, warmupSteps: 10_000, looks: 1, rollouts: 5 },
        fineTuning: { steps: 150_000, warmupSteps: 1_000, looks: 20, rollouts: 5 },
        annealing: 50_000,
      },
    },
    paper: { minutes: 120_000, seeds: 10, scale: "the paper's networks, 5,000,000 and 2,000,000 steps" },
  },
  differences: ['networks see what the body senses, in the hallways too: the place in `proprio`'],
})
