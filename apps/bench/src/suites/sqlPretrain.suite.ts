import { pretrainingSuite } from './staged/pretraining.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.near

/** Haarnoja 2018, figures 3.6 and D.1, on four legs. */
export const suite: Suite = pretrainingSuite({
  id: 'sql-pretrain',
  body: 'ant',
  coverage: { nats: 1.5, reason: 'as of four or five directions that are as likely' },
  profiles: {
    smoke: {
      minutes: 0.8,
      seeds: 1,
      scale: '16x16 networks, 600 steps, 4 episodes',
      length: { steps: 600, warmupSteps: 300, looks: 1, rollouts: 4 },
    },
    quick: {
      minutes: 54,
      seeds: 5,
      scale: `${small}, 40,000 steps`,
      length: { steps: 40_000, warmupSteps: 5_000, looks: 1, rollouts: 100 },
    },
    standard: {
      minutes: 560,
      seeds: 5,
      scale: `${small}, 500,000 steps`,
      length: { steps: 500_000, warmupSteps: 10_000, looks: 1, rollouts: 100 },
    },
    paper: { minutes: 60_000, seeds: 5, scale: "the paper's networks, 5,000,000 steps" },
  },
  differences: ['5 seeds of each temperature; the thesis does not say how many'],
})
