import { ddpgThesis } from '@maxent/baselines'
import type { CellResult } from '../run/cellResult.ts'
import { lateMean } from '../run/curves.ts'
import { meanRatio } from '../statistics/ratio.ts'
import { meanOf } from '../statistics/samples.ts'
import { axisArmId } from './sac/axes.ts'
import {
  divergedIn,
  floor,
  gainsOf,
  inWords,
  known,
  tasksIn,
  unlearned,
  unlearnedRoles,
  type Interval,
} from './sac/gains.ts'
import {
  antDifference,
  divergedDifference,
  idle,
  preset,
  reduced,
  smokeOnHopper,
  tasks,
  watched,
  watchedDifference,
  type Task,
} from './sac/tasks.ts'
import { atQuickScale, quickScaleOn } from './sac/quickScale.ts'
import { rollouts, tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import type {
  Arm,
  CellsByRole,
  JsonRecord,
  Judgement,
  Plot,
  Roles,
  Suite,
  TrainArm,
  Verdict,
} from './suite.ts'

/** Half decades around the 5 of table C.2: the grid that is searched on every task. */
const rewardScales = [0.5, 1.6, 5, 16, 50]
const scale = { id: 'scale' }

/** The seeds of the search. None of them is among those that are judged. */
const searchSeeds = [101, 102]

/** What one setting must reach of what the search finds, and how sharply that must be known where it may or may not. */
const bar = 0.9
const widest = 0.3

/** Fig. 5.1: Walker2d, HalfCheetah, Ant and Humanoid. Hopper stands in at a reduced scale. */
const inFigure = ['walker2d', 'half-cheetah', 'ant', 'humanoid']
const shown = tasks.filter(({ name }) => name === 'hopper' || inFigure.includes(name))

const units = { hidden: [512, 512] }

function arm({ name, title, env, steps }: Task, given: Partial<TrainArm> & Name): TrainArm {
  return {
    kind: 'train',
    algorithm: 'sac',
    env,
    config: {},
    ...given,
    label: `${title}, ${given.label}`,
    train: { ...preset(`4.1/${name}`).train, ...watched(steps) },
    mayDiverge: true,
  }
}

type Name = Pick<TrainArm, 'id' | 'label'>

function armsFor(task: Task): readonly Arm[] {
  const { config } = preset(`4.1/${task.name}`, units)
  const search = rewardScales.map((rewardScale) =>
    arm(task, {
      id: axisArmId(task, scale, rewardScale),
      label: `reward scale ${rewardScale}`,
      config: { ...config, rewardScale },
      seeds: searchSeeds,
    }),
  )
  return [
    arm(task, {
      id: `${task.name}-learned`,
      label: 'learned temperature',
      config: { ...config, rewardScale: 1, temperature: { kind: 'learned', initialAlpha: 1 } },
    }),
    ...search,
    arm(task, {
      id: `${task.name}-tuned`,
      label: 'fixed temperature, tuned',
      config,
      choice: { among: search.map(({ id }) => id), config: bestScale },
    }),
    arm(task, {
      id: `${task.name}-ddpg`,
      label: 'DDPG, two critics',
      algorithm: 'ddpg',
      config: { ...ddpgThesis, policyLearningRate: 3e-4, criticLearningRate: 3e-4 },
    }),
    ...idle(task),
  ]
}

/** The reward scale whose runs return most in their last fifth, in the mean over the seeds of the search; a run too short counts as the worst. */
export function bestScale(cells: readonly CellResult[]): { readonly rewardScale: number } {
  const scored = [...new Set(cells.map((cell) => cell.arm))].map((id) => {
    const own = cells.filter((cell) => cell.arm === id)
    const { rewardScale } = own[0].settings.config as { readonly rewardScale: number }
    return { rewardScale, score: meanOf(own.map((cell) => lateMean(cell, 'return') ?? -Infinity)) }
  })
  const { rewardScale } = scored.reduce((best, one) => (one.score > best.score ? one : best))
  return { rewardScale }
}

const grid = shown.flatMap(armsFor)

function rolesOf(oneSetting: 'learned' | 'random'): Roles {
  return Object.fromEntries(
    shown.flatMap(({ name }) => [
      [`${name}/learned`, [`${name}-${oneSetting}`]],
      [`${name}/tuned`, [`${name}-tuned`]],
      [`${name}/ddpg`, [`${name}-ddpg`]],
      ...Object.entries(unlearnedRoles(name)),
    ]),
  )
}

function judge(cells: CellsByRole): Judgement {
  const all = tasksIn(cells).map((task) => {
    const of = (role: string): ReturnType<typeof gainsOf> =>
      gainsOf(cells[`${task}/${role}`], unlearned(cells, task))
    return { task, ours: of('learned'), tuned: of('tuned'), ddpg: of('ddpg') }
  })
  const found = all.flatMap(({ task, ours, tuned }) =>
    ours !== undefined && tuned !== undefined && meanOf(tuned) > 0
      ? [{ task, pair: { of: ours, over: tuned } }]
      : [],
  )
  if (found.length < all.length) {
    const open = all.map(({ task }) => task).filter((task) => !found.some((one) => one.task === task))
    const reason = `the tuned temperature gains nothing, or a run is too short: ${open.join(', ')}`
    return { verdict: 'inconclusive', reason, metrics: {} }
  }
  const ratio = meanRatio(found.map(({ pair }) => pair))
  const ratios = found.map(({ task, pair }) => [task, meanRatio([pair])] as const)
  const ddpg = all.flatMap(({ task, ours, ddpg: gains }) =>
    ours === undefined || gains === undefined || !(meanOf(ours) > 0)
      ? []
      : [[`${task}.ddpg`, meanRatio([{ of: gains, over: ours }])] as const],
  )
  const scales = Object.entries(cells).flatMap(([role, [cell]]) => {
    const config = cell.settings.config as { readonly rewardScale?: number } | undefined
    return role.endsWith('/tuned') ? [[role.split('/')[0], config?.rewardScale] as const] : []
  })
  return {
    verdict: verdictOf(ratio),
    reason:
      `one setting gains ${inWords(ratio)} of what the tuned temperature gains ` +
      `(${ratios.map(([task, own]) => `${task} ${inWords(own)}`).join(', ')}; ` +
      `reward scales found: ${scales.map(([task, value]) => `${task} ${value}`).join(', ')}); ` +
      `DDPG with two critics, as a share of one setting: ${ddpg.map(([name, own]) => `${name.split('.')[0]} ${inWords(own)}`).join(', ')}` +
      divergedIn(cells),
    metrics: known({ ratio, ...Object.fromEntries([...ratios, ...ddpg]) }),
  }
}

function verdictOf({ low, high }: Interval): Verdict {
  if (high < bar) return 'fails'
  return high - low <= widest ? 'holds' : 'inconclusive'
}

/** What the thesis says of single arms, by their ids. */
const paperRows: Readonly<Record<string, JsonRecord>> = Object.fromEntries(
  shown
    .filter(({ name }) => inFigure.includes(name))
    .flatMap((task) => {
      const { name, env, steps } = task
      const fixed = { config: { temperature: { kind: 'fixed', alpha: 1 } } }
      const learned = { config: { rewardScale: 1, temperature: { kind: 'learned', initialAlpha: 1 } } }
      const rows: [string, JsonRecord][] = [
        [`${name}-learned`, learned],
        [`${name}-tuned`, fixed],
        ...rewardScales.map((value): [string, JsonRecord] => [axisArmId(task, scale, value), fixed]),
        [`${name}-ddpg`, { algorithm: 'ddpg' }],
      ]
      return rows.map(([id, row]): [string, JsonRecord] => [id, { ...row, env, train: { steps } }])
    }),
)

/** Haarnoja 2018, figure 5.1: one setting with a learned temperature, and fixed temperatures that a search finds for every task. */
export const suite: Suite = {
  id: 'sac-auto',
  paper: 'Haarnoja 2018',
  figure: 'fig. 5.1',
  claim: 'automatic temperature matches SAC tuned per task, with one setting',
  packages: ['@maxent/sac', '@maxent/baselines'],
  grid,
  profiles: {
    smoke: { ...smokeOnHopper((one) => !/-scale-(0-5|16|50)$/.test(one.id)), minutes: 1 },
    quick: {
      minutes: 40,
      seeds: 5,
      scale: quickScaleOn('HalfCheetah and Hopper'),
      change: atQuickScale({ tasks: ['hopper', 'half-cheetah'] }),
    },
    standard: {
      minutes: 530,
      seeds: 5,
      scale: '256x256 networks, HalfCheetah and Hopper, 60,000 steps',
      change: reduced({
        tasks: ['hopper', 'half-cheetah'],
        steps: 60_000,
        config: { hidden: [256, 256] },
      }),
    },
    paper: {
      minutes: 450_000,
      seeds: 10,
      scale: "the paper's",
      change: (one) => (one.id.startsWith('hopper') ? undefined : one),
    },
  },
  verdict: {
    statistic: `per task, two seeds of each of five reward scales are searched, and the scale that returns most is run on fresh seeds; the ratio of the mean gain of the learned temperature to that of the tuned one, ${floor}, in the last fifth of the runs, averaged over tasks; 95 % interval of Fieller from Student and Welch, that of the mean by one shift of all ratios`,
    threshold: `the interval, of the mean over tasks, holds ${bar} or lies above it, and is no wider than ${widest}`,
    fails: `the interval lies below ${bar}; where it does not and is wider than ${widest}, inconclusive`,
    leastSeeds: 5,
    roles: rolesOf('learned'),
    judge,
  },
  control: { meaning: 'random actions in the place of the learned temperature', roles: rolesOf('random') },
  plots: [
    ...shown.map(({ name, title }): Plot => ({
      kind: 'curves',
      title: `${title} (fig. 5.1)`,
      arms: ['learned', 'tuned', 'ddpg'].map((id) => `${name}-${id}`),
      curve: 'return',
      y: 'return',
      over: 'range',
    })),
    {
      kind: 'sweep',
      title: 'The search',
      arms: grid.filter(({ seeds }) => seeds !== undefined).map(({ id }) => id),
      setting: 'config.rewardScale',
      x: 'reward scale',
      curve: 'return',
      y: 'gain, share of the best',
    },
    {
      kind: 'table',
      title: 'After learning',
      arms: grid.filter(({ seeds }) => seeds === undefined).map(({ id }) => id),
      columns: [{ scalar: 'return', title: 'return' }],
    },
  ],
  paperTable: {
    seeds: 10,
    algorithm: 'sac',
    config: { ...tableC1Final, hidden: [512, 512] },
    train: { ...tableC1Loop, ...rollouts },
  },
  paperRows,
  paperArms: Object.keys(paperRows),
  differences: [
    'the grid of the search is chosen: five reward scales half a decade apart around the 5 of table C.2, two seeds each; the text says "grid search"',
    'the length of the runs is that of the released code, where the figure shows it',
    `returns are compared as gains ${floor}: a ratio of returns means nothing where they can be negative, or are paid for standing still`,
    antDifference,
    watchedDifference,
    divergedDifference,
    'the learning rates of DDPG are those of table C.1, and its noise a tenth of the range of actions: the text gives neither',
  ],
}
