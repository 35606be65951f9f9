import { sacPresets } from '@maxent/sac'
import type { CellResult } from '../run/cellResult.ts'
import { meanOf } from '../statistics/samples.ts'
import { comparators, trialsOf, type Trials } from './minitaur/gait.ts'
import { hundredths } from './sac/gains.ts'
import { watched } from './sac/tasks.ts'
import { smokeScale } from './smokeScale.ts'
import { tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import type { Arm, Judgement, Suite, TrainArm } from './suite.ts'

/** Metres per second that count as a gait: what carries the robot over the 2 m of flat ground, and 1 m farther, in the 10 s of an episode. */
const bar = 0.3

const trials: Trials = { grounds: ['minitaur-walk'], episodes: 20 }

/** What the benchmarks were learned with, where section 5.3 says that the minitaur needs about two orders of magnitude more. */
const rewardScales = [5, 500]

const { config, loop } = sacPresets['5.6/minitaur']

function arm(id: string, label: string, own: TrainArm['config']): TrainArm {
  return {
    kind: 'train',
    id,
    label,
    algorithm: 'sac',
    env: 'minitaur-walk',
    config: { ...config, ...own },
    train: { ...loop, ...watched(160_000) },
    probe: trialsOf(trials),
  }
}

const fixed = rewardScales.map((rewardScale) =>
  arm(`scale-${rewardScale}`, `fixed temperature, reward scale ${rewardScale}`, {
    rewardScale,
    temperature: { kind: 'fixed', alpha: 1 },
  }),
)

const grid: readonly Arm[] = [
  arm('learned', 'learned temperature, the setting of the benchmarks', {}),
  ...fixed,
  ...comparators(trials),
]

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

/** Networks and lengths of a profile. */
function smaller(width: number, steps: number): (one: Arm) => Arm {
  return (one) =>
    one.kind === 'train'
      ? {
          ...one,
          config: { ...one.config, hidden: [width, width], batchSize: width },
          train: { ...one.train, ...watched(steps), evaluateEvery: 2_000, replayCapacity: 2 * steps },
        }
      : one
}

/** One trial of 500 steps for each walker. */
const once: Trials = { ...trials, episodes: 1 }

function smoke(one: Arm): Arm | undefined {
  if (one.kind === 'compute') return { ...one, settings: { ...once } }
  const small = smokeScale.change?.(one)
  return small?.kind === 'train' ? { ...small, probe: trialsOf(once) } : small
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
    smoke: { ...smokeScale, change: smoke, minutes: 1 },
    quick: {
      minutes: 54,
      seeds: 5,
      scale: '64x64 networks, batch 64, 100,000 steps',
      change: smaller(64, 100_000),
    },
    standard: {
      minutes: 500,
      seeds: 5,
      scale: '256x256 networks, 160,000 steps',
      change: (one) =>
        one.kind === 'train'
          ? { ...one, train: { ...one.train, evaluateEvery: 2_000, replayCapacity: 320_000 } }
          : one,
    },
    paper: { minutes: 500, seeds: 5, scale: "the paper's" },
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
      arms: ['learned', ...fixed.map(({ id }) => id)],
      curve: 'return',
      y: 'return',
      over: 'range',
    },
    {
      kind: 'table',
      title: 'Gaits on flat ground, 20 episodes a seed',
      arms: grid.map(({ id }) => id),
      columns: [
        { scalar: 'speed.walk', title: 'm/s' },
        { scalar: 'success.walk', title: 'share of trials that come 2 m ahead' },
      ],
    },
  ],
  paperTable: {
    algorithm: 'sac',
    config: {
      ...tableC1Final,
      temperature: { kind: 'learned', initialAlpha: 1 },
    },
    train: { steps: 160_000, ...tableC1Loop },
  },
  paperArms: ['learned'],
  differences: [
    'the minitaur is one of MuJoCo with ideal motors, walking under the reward of section 5.3, whose weights are chosen; the figure has the simulator of Tan et al. 2018',
    'networks of two layers of 256 and 160,000 steps are those of the robot (section 5.3): the text gives none of the figure',
    'the baseline is not searched for: its reward scales are that of the benchmarks, and a hundredfold, of which section 5.3 says that the minitaur needs it',
    'the bar of 0.3 m/s, which is far beyond sliding and falling ahead, is chosen; so are five seeds',
  ],
}
