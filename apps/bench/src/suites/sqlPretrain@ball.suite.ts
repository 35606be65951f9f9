import { pretrainingSuite } from './staged/pretraining.ts'
import { smallLearners } from './staged/scale.ts'
import type { Suite } from './suite.ts'

const small = smallLearners.uniform

/** Haarnoja 2018, figures 3.6 and D.1, on a ball that rolls and steers: a cheaper body, which sets no verdict of the thesis' own. */
export const suite: Suite = pretrainingSuite({
  id: 'sql-pretrain@ball',
  body: 'ball',
  coverage: { nats: 0.6, reason: 'a wheel rolls either way, which is 0.69 nats' },
  profiles: {
    smoke: {
      minutes: 0.8,
      seeds: 1,
      scale: '16x16 networks, 600 steps, 4 episodes',
      length: { steps: 600, warmupSteps: 300, looks: 1, rollouts: 4 },
    },
    quick: {
      minutes: 50,
      seeds: 5,
      scale: `${small}, 40,000 steps`,
      length: { steps: 40_000, warmupSteps: 5_000, looks: 1, rollouts: 100 },
    },
    standard: {
      minutes: 240,
      seeds: 5,
      scale: `${small}, 200,000 steps`,
      length: { steps: 200_000, warmupSteps: 10_000, looks: 1, rollouts: 100 },
    },
    paper: { minutes: 50_000, seeds: 5, scale: "the paper's networks, 5,000,000 steps" },
  },
  differences: [
    'a ball that rolls and steers, from a heading drawn at random, in the place of the ant; headings are counted from that at the start',
    'changed after a first run, which was inconclusive at quick (a slope of 0.04 nats, −0.05 to 0.13): its episodes began each on its own, and headings of the ball, which sees where it stands, were those of its starts: DDPG, which draws nothing, had 1.9 to 2.4 nats on three seeds',
    '5 seeds of each temperature; the thesis does not say how many',
  ],
})
