import { fineTuningSuite } from './staged/fineTuning.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.uniform

/** Haarnoja 2018, figures 3.7 and 3.8, on a ball that rolls and steers: a cheaper body, which sets no verdict of the thesis' own. */
export const suite: Suite = fineTuningSuite({
  id: 'sql-finetune@ball',
  body: 'ball',
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
      scale: `${small}, 30,000 steps of pretraining and 15,000 of each fine-tuning, α annealed in a third of it`,
      length: {
        pretraining: { steps: 30_000, warmupSteps: 3_000, looks: 1, rollouts: 3 },
        fineTuning: { steps: 15_000, warmupSteps: 500, looks: 6, rollouts: 3 },
        annealing: 5_000,
      },
    },
    standard: {
      minutes: 360,
      seeds: 5,
      scale: `${small}, 200,000 steps of pretraining and 100,000 of each fine-tuning, α annealed in a third of it`,
      length: {
        pretraining: { steps: 200_000, warmupSteps: 10_000, looks: 1, rollouts: 5 },
        fineTuning: { steps: 100_000, warmupSteps: 1_000, looks: 20, rollouts: 5 },
        annealing: 33_000,
      },
    },
    paper: { minutes: 100_000, seeds: 10, scale: "the paper's networks, 5,000,000 and 2,000,000 steps" },
  },
  differences: ['a ball that rolls and steers, from a heading drawn at random, in the place of the ant'],
})
