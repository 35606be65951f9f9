import { crossingShare, line, lookAtCrossing } from './staged/crossing.ts'
import { judgeEverySeed } from './staged/everySeed.ts'
import { profilesOf, smallLearners, thesisRun, type Length, type Size } from './staged/scale.ts'
import { stagedArm } from './staged/stagedArm.ts'
import { noiseC1, softC1, tableC1, uniformWarmUp } from './staged/tableC1.ts'
import type { ComputeArm, Suite } from './suite.ts'

/**
 * Rewards of soft Q-learning at reduced scale, so that α = 0.1 weighs what α = 1 does against rewards times 30 in the released script of the snake. As they are, some
 * 0.1 a step, they are less than the entropy that swimming costs: seed 1 moved all but at random for 30,000 steps.
 */
const rewardScale = 3

function arms(size: Size, length: Length): readonly ComputeArm[] {
  const run = { name: 'swim', env: 'swimmer-finish-line', size, length, interval: 5_000 }
  return [
    stagedArm({
      id: 'sql',
      label: 'SQL',
      runs: [thesisRun({ ...run, algorithm: 'sql', rewardScale })],
      look: lookAtCrossing,
      mostSeeds: seeds.sql,
    }),
    stagedArm({
      id: 'ddpg',
      label: 'DDPG',
      runs: [thesisRun({ ...run, algorithm: 'ddpg' })],
      look: lookAtCrossing,
    }),
  ]
}

/** Of each learner, in the thesis. */
const seeds = { sql: 10, ddpg: 14 } as const

/** Haarnoja 2018, figures 3.4 and 3.5a: a snake that is paid for speed either way, and for much more beyond a line on one side. */
export const suite: Suite = {
  id: 'sql-swimmer',
  paper: 'Haarnoja 2018',
  figure: 'fig. 3.4, 3.5a',
  claim: 'every SQL run crosses the finish line; some DDPG runs commit backwards',
  packages: ['@maxent/sql', '@maxent/baselines'],
  grid: arms('thesis', { steps: 5_000_000, warmupSteps: 10_000, looks: 500, rollouts: 10 }),
  profiles: profilesOf(
    {
      smoke: {
        minutes: 0.5,
        seeds: 1,
        scale: '16x16 networks, 600 steps',
        length: { steps: 600, warmupSteps: 300, looks: 2, rollouts: 2 },
      },
      quick: {
        minutes: 30,
        seeds: 5,
        scale: `${smallLearners.uniform}, 120,000 steps`,
        length: { steps: 120_000, warmupSteps: 5_000, looks: 24, rollouts: 5 },
      },
      standard: {
        minutes: 150,
        seeds: seeds.ddpg,
        scale: `${smallLearners.uniform}, 200,000 steps`,
        length: { steps: 200_000, warmupSteps: 10_000, looks: 40, rollouts: 10 },
      },
      paper: {
        minutes: 58_000,
        seeds: seeds.ddpg,
        scale: "the paper's networks, 5,000,000 steps",
      },
    },
    arms,
  ),
  verdict: {
    statistic: `per seed, the largest share of the episodes of an evaluation so far in which the centre of mass gets beyond the finish line at ${line} m: samples of soft Q-learning, and the deterministic action of DDPG, both without noise`,
    threshold: `every seed of SQL crosses in at least ${100 * crossingShare} % of the episodes of an evaluation, and at least one of DDPG does not; inconclusive where all of both do`,
    fails: 'a seed of SQL never crosses the line so often',
    leastSeeds: 5,
    unpaired: true,
    roles: { soft: ['sql'], deterministic: ['ddpg'] },
    judge: judgeEverySeed({
      words: 'cross the finish line in half of an evaluation',
      scalar: 'crossing',
      isMet: (share) => share >= crossingShare,
    }),
  },
  control: {
    meaning: 'DDPG in the place of SQL: nothing keeps both directions open',
    roles: { soft: ['ddpg'], deterministic: ['ddpg'] },
  },
  plots: [
    {
      kind: 'bandRows',
      title: 'Where evaluation episodes end, one row per seed (fig. 3.4)',
      arms: ['sql', 'ddpg'],
      low: 'least',
      high: 'most',
      y: 'x, m',
      levels: [{ label: 'finish line', value: line }],
    },
    {
      kind: 'curves',
      title: 'Farthest forward so far (fig. 3.5a)',
      arms: ['sql', 'ddpg'],
      curve: 'farthest',
      over: 'seeds',
      y: 'x, m',
      levels: [{ label: 'finish line', value: line }],
    },
    { kind: 'curves', title: 'Discounted return', arms: ['sql', 'ddpg'], curve: 'return', y: 'return' },
    {
      kind: 'table',
      title: 'At the end',
      arms: ['sql', 'ddpg'],
      columns: [
        { scalar: 'crossing', title: 'largest share of an evaluation that crossed so far' },
        { scalar: 'farthest', title: 'farthest so far, m' },
        { scalar: 'least', title: 'least end, m' },
        { scalar: 'most', title: 'most, m' },
        { scalar: 'return', title: 'discounted return' },
      ],
    },
  ],
  paperTable: {
    ...tableC1('swim', { interval: 5_000, steps: 5_000_000 }),
    ...noiseC1('swim'),
    'settings.swim.env': 'swimmer-finish-line',
  },
  paperRows: { sql: { seeds: seeds.sql, ...softC1('swim') }, ddpg: { seeds: seeds.ddpg } },
  paperArms: ['sql', 'ddpg'],
  differences: [
    `the thesis gives neither place nor bonus of the finish line: ${line} m, so near that runs of a fiftieth of its steps come upon it, and 5 for each step beyond it`,
    'at reduced scale rewards of soft Q-learning count 3 times, which is the weight that they have against entropy in the released script; the thesis gives α alone',
    'targets are copied every 5,000 steps; the thesis says epochs, of which there are 500; at reduced scale those of soft Q-learning are averages (τ = 0.01), and those of DDPG copies in a thousandth of the steps',
    uniformWarmUp,
    'a first run at quick, of 80,000 steps, was judged by the farthest of any episode so far, as figure 3.5a shows it, and held; since uniform actions get beyond the line in one episode of 150, half of an evaluation must, and runs are half as long again',
    'five or ten episodes per evaluation, of SQL and DDPG alike; the thesis does not say how many',
  ],
}
