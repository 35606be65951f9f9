import type { CellResult } from '../run/cellResult.ts'
import { floor, unlearnedRoles } from './sac/gains.ts'
import { good, judgeWidths, threeDecades } from './sac/goodRange.ts'
import { idle, preset, reduced, smokeOnHopper, tasks, watched, type Task } from './sac/tasks.ts'
import { tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import type { Arm, Plot, Roles, Suite, TrainArm } from './suite.ts'

/** Fig. 5.3 without the minitaur, and with Hopper, which stands in at a reduced scale. */
const shown = tasks.filter(({ isHumanoid }) => !isHumanoid)

/** Around the 5 of table C.2. */
const rewardScales = threeDecades.map((factor) => round(5 * factor))

/** Nats below 0 per action dimension, up to 10: where log σ is at least −20, about 18 is the most that a policy can reach. */
const nats = threeDecades.map((factor) => round(factor / Math.sqrt(10)))

function round(value: number): number {
  return Number(value.toPrecision(2))
}

const axes = ['entropy', 'scale'] as const
type Axis = (typeof axes)[number]

function idOf({ name }: Task, axis: Axis, value: number): string {
  return `${name}-${axis}-${String(value).replace('.', '-')}`
}

function arm(task: Task, axis: Axis, value: number): TrainArm {
  const { name, title, env, steps, actionDimensions } = task
  const { config, train } = preset(`4.1/${name}`, { hidden: [512, 512] })
  const targetEntropy = round(-value * actionDimensions)
  return {
    kind: 'train',
    id: idOf(task, axis, value),
    label: `${title}, ${axis === 'scale' ? `reward scale ${value}` : `target entropy \u2212${-targetEntropy}`}`,
    algorithm: 'sac',
    env,
    config:
      axis === 'scale'
        ? { ...config, rewardScale: value }
        : { ...config, rewardScale: 1, temperature: { kind: 'learned', initialAlpha: 1, targetEntropy } },
    train: { ...train, ...watched(steps) },
  }
}

const valuesOf = (axis: Axis): readonly number[] => (axis === 'scale' ? rewardScales : nats)

const grid: readonly Arm[] = shown.flatMap((task) => [
  ...axes.flatMap((axis) => valuesOf(axis).map((value) => arm(task, axis, value))),
  ...idle(task),
])

/** The arms of both axes in their roles, or each in that of the other. */
function rolesOf(isExchanged: boolean): Roles {
  const ids = (task: Task, axis: Axis): readonly string[] =>
    valuesOf(axis).map((value) => idOf(task, axis, value))
  const [first, second] = isExchanged ? (['scale', 'entropy'] as const) : axes
  return Object.fromEntries(
    shown.flatMap((task) => [
      [`${task.name}/target entropy`, ids(task, first)],
      [`${task.name}/reward scale`, ids(task, second)],
      ...Object.entries(unlearnedRoles(task.name)),
    ]),
  )
}

/** Target entropy or reward scale, whichever the cell stands for. */
function settingOf({ settings }: CellResult): number {
  const { rewardScale, temperature } = settings.config as {
    readonly rewardScale: number
    readonly temperature: { readonly targetEntropy?: number }
  }
  return temperature.targetEntropy ?? rewardScale
}

const paperArms = grid.flatMap(({ id, kind }) => (kind === 'train' && !id.startsWith('hopper') ? [id] : []))

/** Haarnoja 2018, figure 5.3: how far a reward scale, and how far a target entropy, may be off. */
export const suite: Suite = {
  id: 'sac-robustness',
  paper: 'Haarnoja 2018',
  figure: 'fig. 5.3',
  claim: 'target entropy is a far less sensitive knob than reward scale',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...smokeOnHopper(({ id }) => /-(0-89|5|0-056|0-32|random|still)$/.test(id)), minutes: 1 },
    quick: {
      minutes: 54,
      seeds: 5,
      scale: '64x64 networks, batch 64, HalfCheetah, 40,000 steps',
      change: reduced({
        tasks: ['half-cheetah'],
        steps: 40_000,
        evaluateEvery: 2_000,
        config: { hidden: [64, 64], batchSize: 64 },
      }),
    },
    standard: {
      minutes: 600,
      seeds: 5,
      scale: '256x256 networks, HalfCheetah and Hopper, 40,000 steps',
      change: reduced({
        tasks: ['hopper', 'half-cheetah'],
        steps: 40_000,
        config: { hidden: [256, 256] },
      }),
    },
    paper: {
      minutes: 210_000,
      seeds: 5,
      scale: "the paper's",
      change: (one) => (one.id.startsWith('hopper') ? undefined : one),
    },
  },
  verdict: {
    statistic: `per task and setting the width, in decades, of the part of the axis on which the mean gain ${floor}, in the last fifth of the runs, is at least ${100 * good} % of the best on that axis, linear between the values tried; both axes have five values over three decades; the mean over tasks of the width of the target entropy less that of the reward scale, bootstrap 95 % interval over seeds`,
    threshold: 'the interval lies above 0',
    fails: 'the interval has no part above 0; where it holds 0 with parts on both sides, inconclusive',
    leastSeeds: 5,
    roles: rolesOf(false),
    judge: judgeWidths({ wide: 'target entropy', narrow: 'reward scale', setting: settingOf }),
  },
  control: {
    meaning: 'the two exchanged: the reward scale is claimed to be the less sensitive knob',
    roles: rolesOf(true),
  },
  plots: axes.map((axis): Plot => ({
    kind: 'sweep',
    title: axis === 'scale' ? 'Reward scale (fig. 5.3a)' : 'Target entropy (fig. 5.3b)',
    arms: shown.flatMap((task) => valuesOf(axis).map((value) => idOf(task, axis, value))),
    setting: axis === 'scale' ? 'config.rewardScale' : 'config.temperature.targetEntropy',
    x: axis === 'scale' ? 'reward scale' : 'target entropy, nats below 0',
    curve: 'return',
    y: 'return, share of the best',
  })),
  paperTable: {
    algorithm: 'sac',
    config: {
      ...tableC1Final,
      hidden: [512, 512],
    },
    train: tableC1Loop,
  },
  paperRows: Object.fromEntries(
    shown.flatMap((task) =>
      axes.flatMap((axis) =>
        valuesOf(axis).map((value) => [
          idOf(task, axis, value),
          { env: task.env, train: { steps: task.steps } },
        ]),
      ),
    ),
  ),
  paperArms,
  differences: [
    'the minitaur is left out: its walk is a suite of its own',
    'the values are chosen, as the figure has no table: five reward scales around the 5 of table C.2, and five target entropies, each 0.75 decades apart; 31 nats per dimension, the same factors around 1, could not be reached',
    'the text gives neither the number of seeds nor the length of the runs of fig. 5.3: five, and those of the released code; the last 100,000 samples are the last fifth of the run here',
    `returns are compared as gains ${floor}`,
  ],
}
