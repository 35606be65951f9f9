import type { CellResult } from '../run/cellResult.ts'
import { axisArmId, axisArmIds, axisRoles, type SettingAxis } from './sac/axes.ts'
import { floor } from './sac/gains.ts'
import { good, judgeWidths, threeDecades } from './sac/goodRange.ts'
import { idle, preset, reduced, smokeOnHopper, tasks, watched, type Task } from './sac/tasks.ts'
import { rollouts, tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import { atQuickScale, quickScaleOn } from './sac/quickScale.ts'
import type { Arm, JsonRecord, Plot, Suite, TrainArm } from './suite.ts'

/** Fig. 4.3 is of Ant. Others stand in at a reduced scale. */
const shown = tasks.filter(({ name }) => ['ant', 'half-cheetah', 'hopper'].includes(name))

const around = (middle: number): readonly number[] =>
  threeDecades.map((factor) => Number((middle * factor).toPrecision(2)))

/** Around the 5 and the 0.005 of the tables. */
const scale: SettingAxis = { id: 'scale', role: 'reward scale', values: around(5) }
const tau: SettingAxis = { id: 'tau', role: 'tau', values: around(0.005) }
const axes = [scale, tau]

/** The arm of both axes in the middle is one setting: it is run for each, so that the two are independent. */
function arm(task: Task, axis: SettingAxis, value: number): TrainArm {
  const { name, title, env, steps } = task
  const own = axis === scale ? { rewardScale: value } : { target: { kind: 'soft', tau: value } }
  const { config, train } = preset(`4.1/${name}`, own)
  return {
    kind: 'train',
    id: axisArmId(task, axis, value),
    label: `${title}, ${axis === scale ? 'reward scale' : 'τ'} ${value}`,
    algorithm: 'sac',
    env,
    config,
    train: { ...train, ...watched(steps) },
  }
}

const grid: readonly Arm[] = shown.flatMap((task) => [
  ...axes.flatMap((axis) => axis.values.map((value) => arm(task, axis, value))),
  ...idle(task),
])

const { roles, control } = axisRoles(shown, [tau, scale])

/** τ or reward scale, whichever the cell's axis has. */
function settingOf({ arm: id, settings }: CellResult): number {
  const { rewardScale, target } = settings.config as {
    readonly rewardScale: number
    readonly target: { readonly tau: number }
  }
  return id.includes('-tau-') ? target.tau : rewardScale
}

const paperArms = grid.flatMap(({ id, kind }) => (kind === 'train' && id.startsWith('ant-') ? [id] : []))

/** Haarnoja 2018, figure 4.3: how far the reward scale, and how far the smoothing of the targets, may be off. */
export const suite: Suite = {
  id: 'sac-sensitivity',
  paper: 'Haarnoja 2018',
  figure: 'fig. 4.3',
  claim: 'the reward scale matters much, tau over a wide range little',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...smokeOnHopper(({ id }) => /-(0-89|5|0-00089|0-005|random|still)$/.test(id)), minutes: 1 },
    quick: {
      minutes: 52,
      seeds: 5,
      scale: quickScaleOn('HalfCheetah'),
      change: atQuickScale({ tasks: ['half-cheetah'] }),
    },
    standard: {
      minutes: 560,
      seeds: 5,
      scale: '128x128 networks, batch 128, Ant, 140,000 steps',
      change: reduced({ tasks: ['ant'], steps: 140_000, config: { hidden: [128, 128], batchSize: 128 } }),
    },
    paper: {
      minutes: 29_000,
      seeds: 5,
      scale: "the paper's",
      change: (one) => (one.id.startsWith('ant-') ? one : undefined),
    },
  },
  verdict: {
    statistic: `per task, setting and seed the width, in decades, of the part of the axis on which the gain ${floor}, in the last fifth of the run, is at least ${100 * good} % of the best on that axis, linear between the values tried; both axes have five values over three decades; by seed the mean over tasks of the width of τ less that of the reward scale, and its mean over seeds with Student's 95 % interval`,
    threshold: 'the interval lies above 0',
    fails:
      'the interval has no part above 0, or τ gains nothing anywhere; where it holds 0 with parts on both sides, inconclusive',
    leastSeeds: 5,
    roles,
    judge: judgeWidths({ wide: 'tau', narrow: 'reward scale', setting: settingOf }),
  },
  control: {
    meaning: 'random actions in the place of all values of tau',
    roles: control,
  },
  plots: shown.flatMap((task) =>
    axes.map((axis): Plot => ({
      kind: 'curves',
      title: `${task.title}, ${axis === scale ? 'reward scale (fig. 4.3a)' : 'τ (fig. 4.3b)'}`,
      arms: axisArmIds(task, axis),
      curve: 'return',
      y: 'return',
      over: 'range',
    })),
  ),
  paperTable: {
    seeds: 5,
    algorithm: 'sac',
    env: 'ant-v1',
    config: {
      ...tableC1Final,
      rewardScale: 5,
      temperature: { kind: 'fixed', alpha: 1 },
    },
    train: { steps: 3_000_000, ...tableC1Loop, ...rollouts },
  },
  // What the figure varies, where its values are chosen here.
  paperRows: Object.fromEntries(
    shown.flatMap((task): [string, JsonRecord][] => [
      ...scale.values.map((value): [string, JsonRecord] => [
        axisArmId(task, scale, value),
        { config: { rewardScale: value } },
      ]),
      ...tau.values.map((value): [string, JsonRecord] => [
        axisArmId(task, tau, value),
        { config: { target: { tau: value } } },
      ]),
    ]),
  ),
  paperArms,
  differences: [
    'the values are chosen, as the text has no table: five reward scales around 5 and five τ around 0.005, each 0.75 decades apart',
    'the length of the runs is that of the released code; the number of seeds is that of fig. 4.1',
    '"sensitive" is read as the width of the range that is good: the text gives no measure',
  ],
}
