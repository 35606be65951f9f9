import { robotDifferences, seenAhead } from './sawyer/robot.ts'
import {
  brickRun,
  brickScale,
  judgeStacking,
  lookAtStacking,
  pushes,
  randomStacking,
  seated,
  stackBars,
  stackingDifference,
} from './sawyer/stacking.ts'
import { profilesOf, type Length, type Size } from './staged/scale.ts'
import { stagedArm } from './staged/stagedArm.ts'
import { softC1, tableC1 } from './staged/tableC1.ts'
import type { ComputeArm, Suite } from './suite.ts'

interface StackLength extends Length {
  readonly pushes: number
}

function arms(size: Size, length: StackLength): readonly ComputeArm[] {
  const { pushes: count, ...of } = length
  const tests = pushes(count)
  return [
    stagedArm({
      id: 'sql',
      label: 'SQL',
      runs: [brickRun({ name: 'stack', algorithm: 'sql', env: 'sawyer-stack', size, length: of, tests })],
      look: lookAtStacking,
    }),
    randomStacking('random', { trials: length.rollouts, pushes: count }),
  ]
}

const percent = (share: number): string => `${100 * share} %`
const { brick } = seenAhead()

/** Haarnoja 2018, figure 3.10: a brick is pressed onto another, also after pushes. */
export const suite: Suite = {
  id: 'sql-stack',
  paper: 'Haarnoja 2018',
  figure: 'fig. 3.10',
  claim: 'the stacking policy succeeds and recovers from pushes',
  packages: ['@maxent/sql'],
  grid: arms('thesis', { steps: 150_000, warmupSteps: 10_000, looks: 30, rollouts: 20, pushes: 20 }),
  profiles: profilesOf(
    {
      smoke: {
        minutes: 0.5,
        seeds: 1,
        scale: '16x16 networks, 400 steps',
        length: { steps: 400, warmupSteps: 200, looks: 2, rollouts: 1, pushes: 1 },
      },
      quick: {
        minutes: 45,
        seeds: 5,
        scale: `${brickScale}, 100,000 steps`,
        length: { steps: 100_000, warmupSteps: 1_000, looks: 10, rollouts: 20, pushes: 20 },
      },
      standard: {
        minutes: 220,
        seeds: 5,
        scale: `${brickScale}, 500,000 steps`,
        length: { steps: 500_000, warmupSteps: 1_000, looks: 25, rollouts: 20, pushes: 20 },
      },
      paper: { minutes: 400, seeds: 5, scale: "the paper's networks, 150,000 steps" },
    },
    arms,
  ),
  verdict: {
    statistic: `per seed, of the final policy: the share of 20 trials at whose end the brick is within ${1_000 * seated} mm of its seat, and that of 20 trials in which three seconds after the start a push of 90 N on the hand lasts half a second`,
    threshold: `on ${percent(stackBars.seeds)} of the seeds at least ${percent(stackBars.stacked)} of the trials and ${percent(stackBars.recovered)} of the pushes; inconclusive where on fewer seeds ${percent(stackBars.pushed)} of the pushes take the brick ${stackBars.away} m off its place`,
    fails: 'on two of five seeds the brick does not sit after so many trials, or after so many pushes',
    leastSeeds: 5,
    roles: { policy: ['sql'] },
    judge: judgeStacking,
  },
  control: { meaning: 'uniform actions in the place of the policy', roles: { policy: ['random'] } },
  plots: [
    {
      kind: 'paths',
      title: 'The hand as one sees it who faces the robot: trials, and trials with a push (fig. 3.10)',
      arms: ['sql'],
      samples: [
        { name: 'trial', title: 'trials' },
        { name: 'push', title: 'pushed' },
      ],
      lines: [brick],
      x: 'to its left, m',
      y: 'up, m',
    },
    {
      kind: 'curves',
      title: 'Share of the trials at whose end the brick sits',
      arms: ['sql'],
      curve: 'stacked',
      over: 'seeds',
      y: 'share of trials',
      levels: [{ label: 'bar', value: stackBars.stacked }],
    },
    {
      kind: 'curves',
      title: 'Distance of the brick from its place at the end of a trial',
      arms: ['sql'],
      curve: 'distance',
      over: 'seeds',
      y: 'distance, m',
    },
    {
      kind: 'table',
      title: 'At the end',
      arms: ['sql', 'random'],
      columns: [
        { scalar: 'stacked', title: 'trials with the brick on its place at the end' },
        { scalar: 'ever', title: 'at any time' },
        { scalar: 'distance', title: 'distance at the end, m' },
        { scalar: 'recovered', title: 'pushes recovered from' },
        { scalar: 'pushed', title: `pushes that took it ${stackBars.away} m off` },
        { scalar: 'farthest', title: 'how far, m (median)' },
      ],
    },
  ],
  paperTable: { ...tableC1('stack'), ...softC1('stack') },
  paperArms: ['sql'],
  differences: [
    ...robotDifferences,
    stackingDifference,
    'the paper profile learns for 150,000 steps, some two hours of the robot at 20 Hz: as long as in the thesis',
    `the brick is on its place within ${1_000 * seated} mm of it at the end, as a root mean square over its studs; the thesis counts trials in which all four studs touch, and has 20 of 20, and recovery every time, where the bars here are ${100 * stackBars.stacked} and ${100 * stackBars.recovered} %`,
    'the brick is held fast, its studs are twice as high as those of a Duplo, and rounded, and the weights of the logarithm and of the force are chosen; the thesis gives neither',
    'one policy of the thesis was pushed by hand: here five are, each by the same twenty forces aside and up',
  ],
}
