import { mazeSuite } from './staged/maze.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.uniform

/** What the way is worth beside the entropy that it costs: at 2 m/s the target pays 12 from the start, and the block 0.1, at γ = 0.99. */
const rewardScale = 3

/** Haarnoja 2018, figure 3.5b, on a ball that rolls and steers: a cheaper body, which sets no verdict of the thesis' own. */
export const suite: Suite = mazeSuite({
  id: 'sql-ant-maze@ball',
  body: 'ball',
  rewardScale,
  profiles: {
    smoke: {
      minutes: 0.5,
      seeds: 1,
      scale: '16x16 networks, 600 steps',
      length: { steps: 600, warmupSteps: 300, looks: 2, rollouts: 2 },
    },
    quick: {
      minutes: 40,
      seeds: 5,
      scale: `${small}, rewards times ${rewardScale}, 80,000 steps`,
      length: { steps: 80_000, warmupSteps: 5_000, looks: 10, rollouts: 5 },
    },
    standard: {
      minutes: 240,
      seeds: 10,
      scale: `${small}, rewards times ${rewardScale}, 250,000 steps`,
      length: { steps: 250_000, warmupSteps: 10_000, looks: 25, rollouts: 10 },
    },
    paper: { minutes: 50_000, seeds: 10, scale: "the paper's networks, 5,000,000 steps" },
  },
  differences: [
    'a ball that rolls and steers, from a heading drawn at random, in the place of the ant',
    `at reduced scale rewards count ${rewardScale} times under soft Q-learning, found on a seed that is not judged`,
    '10 seeds of each; the thesis does not say how many',
  ],
})
