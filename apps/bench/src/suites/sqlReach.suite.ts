import { judgeReaching, lookAtReaching, reachBars } from './sawyer/reaching.ts'
import { robotDifferences, robotRun, smallRobot, stepsPerMinute } from './sawyer/robot.ts'
import { profilesOf, type Length, type Size } from './staged/scale.ts'
import { stagedArm } from './staged/stagedArm.ts'
import { noiseC1, softC1, tableC1 } from './staged/tableC1.ts'
import type { ComputeArm, Suite } from './suite.ts'

/**
 * Of soft Q-learning: an arm that rests 0.3 m off its point loses less per step than the entropy that moving it costs at α = 0.1, some 0.5. At 10
 * the hand spread over 0.014 m at the end of episodes, at 3 over 0.031 m (seed 11, 10,000 steps, soft values from uniform actions); at 30 it comes
 * within 0.05 m after 3,500 to 8,000 steps, at 10 after 5,500 to 9,000 (seeds 11 to 14).
 */
const rewardScale = 30

/** Units of each of two layers at reduced scale: with 64 the hand ends 0.104 m off random points after 20,000 steps, with 128 0.055 (seed 11). */
const units = 128

const learners = [
  { id: 'sql', label: 'SQL', algorithm: 'sql', env: 'sawyer-reach' },
  { id: 'ddpg', label: 'DDPG', algorithm: 'ddpg', env: 'sawyer-reach' },
  { id: 'naf', label: 'NAF', algorithm: 'naf', env: 'sawyer-reach' },
  { id: 'sql-random', label: 'SQL, random points', algorithm: 'sql', env: 'sawyer-random-reach' },
] as const

function arms(size: Size, length: Length): readonly ComputeArm[] {
  return learners.map(({ id, label, algorithm, env }) =>
    stagedArm({
      id,
      label,
      runs: [
        robotRun({
          name: 'reach',
          algorithm,
          env,
          size,
          length,
          ends: 'distance',
          rewardScale,
          config: size === 'quick' ? { hidden: [units, units] } : {},
        }),
      ],
      look: lookAtReaching,
    }),
  )
}

const all = learners.map(({ id }) => id)
const axis = 'distance at the end, m'
const levels = [{ label: 'reached', value: reachBars.distance }]

/** Haarnoja 2018, figure 3.9: an arm of seven joints brings its hand to a point. */
export const suite: Suite = {
  id: 'sql-reach',
  paper: 'Haarnoja 2018',
  figure: 'fig. 3.9',
  claim:
    'on a 7-joint torque arm SQL reaches sooner than DDPG and NAF, and random points in little more time',
  packages: ['@maxent/sql', '@maxent/baselines'],
  grid: arms('thesis', { steps: 100_000, warmupSteps: 10_000, looks: 100, rollouts: 10 }),
  profiles: profilesOf(
    {
      smoke: {
        minutes: 0.5,
        seeds: 1,
        scale: '16x16 networks, 400 steps',
        length: { steps: 400, warmupSteps: 200, looks: 2, rollouts: 1 },
      },
      quick: {
        minutes: 35,
        seeds: 5,
        scale: `${smallRobot(units)}, 20,000 steps`,
        length: { steps: 20_000, warmupSteps: 1_000, looks: 40, rollouts: 10 },
      },
      standard: {
        minutes: 170,
        seeds: 5,
        scale: `${smallRobot(units)}, 100,000 steps`,
        length: { steps: 100_000, warmupSteps: 1_000, looks: 100, rollouts: 10 },
      },
      paper: { minutes: 600, seeds: 5, scale: "the paper's networks, 100,000 steps" },
    },
    arms,
  ),
  verdict: {
    statistic: `per run, the steps after which the mean distance of the hand at the end of ten episodes is first at most ${reachBars.distance} m: samples of soft Q-learning, the best actions of DDPG and NAF, all without noise on top; a run that never comes as near counts as later than its end`,
    threshold: `soft Q-learning is sooner in at least ${100 * reachBars.sooner} % of the pairs of its runs with those of DDPG and with those of NAF (Mann and Whitney's U, ties half), and its median with random points is at most ${reachBars.random} times that with one; inconclusive between that and half of the pairs`,
    fails:
      'soft Q-learning is sooner in no more than half of the pairs, or most of its runs never come as near, or random points take longer',
    leastSeeds: 5,
    roles: { sql: ['sql'], ddpg: ['ddpg'], naf: ['naf'], random: ['sql-random'] },
    judge: judgeReaching,
  },
  control: {
    meaning: 'DDPG in the place of SQL: it is not sooner than itself',
    roles: { sql: ['ddpg'], ddpg: ['ddpg'], naf: ['naf'], random: ['sql-random'] },
  },
  plots: [
    {
      kind: 'curves',
      title: `SQL while training, DDPG and NAF tested without noise (fig. 3.9); ${stepsPerMinute} steps are a minute`,
      arms: all,
      curve: 'distance',
      curveOf: { sql: 'training.distance', 'sql-random': 'training.distance' },
      over: 'range',
      y: axis,
      levels,
    },
    {
      kind: 'curves',
      title: 'All tested without noise',
      arms: all,
      curve: 'distance',
      over: 'range',
      y: axis,
      levels,
    },
    {
      kind: 'curves',
      title: 'All while training, noise included',
      arms: all,
      curve: 'training.distance',
      over: 'range',
      y: axis,
      levels,
    },
    {
      kind: 'table',
      title: 'At the end, tested without noise',
      arms: all,
      columns: [
        { scalar: 'distance', title: 'distance, m' },
        { scalar: 'spread', title: 'its standard deviation over episodes, m' },
        { scalar: 'success', title: 'share of episodes within 0.02 m' },
        { scalar: 'return', title: 'discounted return' },
      ],
    },
  ],
  paperTable: tableC1('reach'),
  paperRows: { ddpg: noiseC1('reach'), sql: softC1('reach'), 'sql-random': softC1('reach') },
  paperArms: ['sql', 'ddpg', 'sql-random'],
  differences: [
    ...robotDifferences,
    'a first run at quick, of 64x64 networks, one critic, targets copied in 100 gradient steps, rewards times 10 and looks every 1,000 steps, was stopped after four seeds: SQL was later than DDPG on three, and came to random points on none',
    'NAF is not in appendix C.1: it has the network, rate, noise and copies of the critic of DDPG',
    '5 runs of each in place of three; the place of the point, the box of random points and what counts as reached are not in the thesis',
    'curves while training are means of the last ten episodes, as in the thesis; it does not say how often DDPG and NAF are tested',
  ],
}
