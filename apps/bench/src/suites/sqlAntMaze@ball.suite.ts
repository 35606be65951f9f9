import { mazeSuite } from './staged/maze.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.uniform

/** Haarnoja 2018, figure 3.5b, on a ball that rolls and steers: a cheaper body, which sets no verdict of the thesis' own. */
export const suite: Suite = mazeSuite({
  id: 'sql-ant-maze@ball',
  body: 'ball',
  profiles: {
    smoke: {
      minutes: 0.5,
      seeds: 1,
      scale: '16x16 networks, 600 steps',
      length: { steps: 600, warmupSteps: 300, looks: 2, rollouts: 2 },
    },
    quick: {
      minutes: 35,
      seeds: 5,
      scale: `${small}, 160,000 steps`,
      length: { steps: 160_000, warmupSteps: 5_000, looks: 16, rollouts: 5 },
    },
    standard: {
      minutes: 110,
      seeds: 10,
      scale: `${small}, 250,000 steps`,
      length: { steps: 250_000, warmupSteps: 10_000, looks: 25, rollouts: 10 },
    },
    paper: { minutes: 50_000, seeds: 10, scale: "the paper's networks, 5,000,000 steps" },
  },
  differences: ['a ball that rolls and steers, from a heading drawn at random, in the place of the ant'],
})
