import type { CellResult } from '../run/cellResult.ts'
import { meanOf } from '../statistics/samples.ts'
import { baseline, learnedOn, reducedScales, walkers } from './minitaur/learners.ts'
import { hundredths } from './sac/gains.ts'
import { tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import { watchedDifference } from './sac/tasks.ts'
import type { Arm, Judgement, Suite } from './suite.ts'

/** Metres per second that count as a gait: what carries the robot over the 2 m of flat ground, and 1 m farther, in the 10 s of an episode. */
const bar = 0.3

const grid: readonly Arm[] = [
  learnedOn('5.2', 'learned temperature, the setting of the benchmarks'),
  ...baseline,
  ...walkers,
]
const shown = ['learned', 'tuned', 'trot', 'random']

const speedsOf = (cells: readonly CellResult[]): readonly number[] =>
  cells.map(({ scalars }) => scalars['speed.walk'])

function judge({ learned, trot, random }: Readonly<Record<string, readonly CellResult[]>>): Judgement {
  const speeds = speedsOf(learned)
  const walking = speeds.filter((speed) => speed >= bar).length
  const beside = { trot: meanOf(speedsOf(trot)), random: meanOf(speedsOf(random)) }
  return {
    verdict: walking >= 0.8 * speeds.length ? 'holds' : 'fails',
    reason:
      `${walking} of ${speeds.length} seeds walk at ${bar} m/s or faster (${speeds.map(hundredths).join(', ')}); ` +
      `the scripted trot ${hundredths(beside.trot)}, random actions ${hundredths(beside.random)} m/s`,
    metrics: {
      shareOfSeeds: { value: walking / speeds.length },
      meanSpeed: { value: meanOf(speeds) },
      trotSpeed: { value: beside.trot },
      randomSpeed: { value: beside.random },
    },
  }
}

/** Haarnoja 2018, figure 5.2: the minitaur, with the setting of the benchmarks. */
export const suite: Suite = {
  id: 'sac-minitaur',
  paper: 'Haarnoja 2018',
  figure: 'fig. 5.2',
  claim: 'the same setting learns a Minitaur-like quadruped',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...reducedScales.smoke, minutes: 1 },
    quick: { ...reducedScales.quick, minutes: 46 },
    standard: { ...reducedScales.standard, minutes: 205 },
    paper: { minutes: 1_700, seeds: 5, scale: "the paper's" },
  },
  verdict: {
    statistic:
      'per seed: metres that the learned gait comes ahead on flat ground without learning, over the 10 s of an episode, mean of 20 episodes with the mean action; falling ends an episode, and counts as standing still',
    threshold: `at least ${bar} m/s on 4 of 5 seeds`,
    fails: 'two of five seeds are slower',
    leastSeeds: 5,
    roles: { learned: ['learned'], trot: ['trot'], random: ['random'] },
    judge,
  },
  control: {
    meaning: 'random actions in the place of the learned gait',
    roles: { learned: ['random'], trot: ['trot'], random: ['random'] },
  },
  plots: [
    {
      kind: 'curves',
      title: 'Minitaur (fig. 5.2a)',
      arms: ['learned', 'tuned'],
      curve: 'return',
      y: 'return',
      over: 'range',
    },
    {
      kind: 'curves',
      title: 'The search',
      arms: baseline.filter(({ seeds }) => seeds !== undefined).map(({ id }) => id),
      curve: 'return',
      y: 'return',
      over: 'seeds',
    },
    {
      kind: 'table',
      title: 'Gaits on flat ground, 20 episodes a seed',
      arms: shown,
      columns: [
        { scalar: 'speed.walk', title: 'm/s' },
        { scalar: 'success.walk', title: 'share of trials that come 2 m ahead' },
      ],
    },
    {
      kind: 'film',
      title: 'Gaits on flat ground (fig. 5.2b)',
      arms: ['learned', 'tuned', 'trot'],
      env: 'minitaur-walk',
      recording: 'walk',
    },
  ],
  paperTable: {
    algorithm: 'sac',
    env: 'minitaur-walk',
    config: { ...tableC1Final, hidden: [512, 512] },
    train: tableC1Loop,
  },
  paperRows: {
    learned: { config: { rewardScale: 1, temperature: { kind: 'learned', initialAlpha: 1 } } },
    tuned: { config: { temperature: { kind: 'fixed', alpha: 1 } } },
  },
  paperArms: ['learned', 'tuned'],
  differences: [
    'the minitaur is one of MuJoCo with ideal motors, walking under the reward of section 5.3, whose weights are chosen; the figure has the simulator of Tan et al. 2018',
    'runs of 160,000 steps are those of the robot (section 5.3), and five seeds are chosen: the text gives neither for the figure',
    'the search of the baseline is chosen: the reward scale of the benchmarks, ten times and a hundred times that, two seeds each; the text says that it took an order of magnitude more samples; it is shown beside the verdict, and left out of standard',
    'the bar of 0.3 m/s, which is far beyond sliding and falling ahead, is chosen',
    watchedDifference,
  ],
}
