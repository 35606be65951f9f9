import type { CellResult } from '../run/cellResult.ts'
import { meanOf, medianOf } from '../statistics/samples.ts'
import { meanInterval, welchDifference } from '../statistics/tests.ts'
import {
  floor,
  gainsOf,
  hundredths,
  inWords,
  isPositive,
  known,
  learns,
  tasksIn,
  together,
  unlearned,
  unlearnedRoles,
} from './sac/gains.ts'
import { hardTargetArm, hardTargetDifferences, hardTargetScales, type HardTarget } from './sac/hardTargets.ts'
import { idle, tasks, watchedDifference } from './sac/tasks.ts'
import { rollouts, tableC1, tableC1Loop } from './sac/tableC1.ts'
import type { Arm, CellsByRole, Judgement, Plot, Roles, Suite, Verdict } from './suite.ts'

/** The arms of sac-variants that have these roles. */
const variants = { stochastic: 'hard', deterministic: 'deterministic' } as const satisfies Record<
  string,
  HardTarget
>
type Variant = keyof typeof variants
const names: readonly Variant[] = ['stochastic', 'deterministic']
const cellsOf = 'sac-variants'

const shown = tasks.filter(({ name }) => ['humanoid-rllab', 'hopper', 'half-cheetah'].includes(name))

const grid: readonly Arm[] = shown.flatMap((task) => [
  ...names.map((variant) => hardTargetArm(task, variants[variant], variant)),
  ...idle(task),
])

/** Both variants in their roles; in the control random actions are claimed to be the stochastic policy. */
function rolesOf(stochastic: 'hard' | 'random'): Roles {
  return Object.fromEntries(
    shown.flatMap(({ name }): [string, readonly string[]][] => [
      [`${name}/stochastic`, [`${name}-${stochastic}`]],
      [`${name}/deterministic`, [`${name}-deterministic`]],
      ...Object.entries(unlearnedRoles(name)),
    ]),
  )
}

/** What a task shows. */
interface Shown {
  readonly task: string
  /** Mean gains. */
  readonly means: Readonly<Record<Variant, number>>
  /** Whether the stochastic policy does. */
  readonly learned: Verdict
  /**
   * Distances of the seeds from their median, Brown and Forsythe's measure of spread: in units of what the policy gains in the mean itself, of the
   * deterministic one of what the stochastic one does where that is more, lest little that is learned count as unstable.
   */
  readonly spread: Readonly<Record<Variant, readonly number[]>>
  /** The mean action less sampled ones, by seed of the stochastic policy, in units of what that gains. */
  readonly difference: readonly number[]
}

/** What a task shows; where its stochastic policy learns nothing, or a run is too short, the verdict that comes of that. */
function showTask(
  cells: CellsByRole,
  task: string,
): Shown | { readonly task: string; readonly open: Verdict } {
  const of = (role: string): readonly CellResult[] => cells[`${task}/${role}`]
  const [stochastic, deterministic] = names.map((variant) => gainsOf(of(variant), unlearned(cells, task)))
  const learned = learns(stochastic)
  if (learned === 'fails') return { task, open: 'fails' }
  if (stochastic === undefined || deterministic === undefined) return { task, open: 'inconclusive' }
  const means = { stochastic: meanOf(stochastic), deterministic: meanOf(deterministic) }
  const unit = means.stochastic
  return {
    task,
    means,
    learned,
    spread: {
      stochastic: fromMedian(stochastic, unit),
      deterministic: fromMedian(deterministic, Math.max(unit, means.deterministic)),
    },
    difference: of('stochastic').map(({ scalars }) => (scalars.meanAction - scalars.sampledAction) / unit),
  }
}

function fromMedian(gains: readonly number[], unit: number): readonly number[] {
  const median = medianOf(gains)
  return gains.map((gain) => Math.abs(gain - median) / unit)
}

function judge(cells: CellsByRole): Judgement {
  const found = tasksIn(cells).map((task) => showTask(cells, task))
  const open = found.filter((one) => 'open' in one)
  const there = found.filter((one) => 'learned' in one)
  const nothing = open.map(({ task, open: came }) =>
    came === 'fails'
      ? `the stochastic policy gains nothing on ${task}`
      : `a run on ${task} is too short, or there is one seed`,
  )
  if (there.length === 0)
    return { verdict: together(open.map((one) => one.open)), reason: nothing.join('; '), metrics: {} }
  const all = (variant: Variant): readonly number[] => there.flatMap(({ spread }) => spread[variant])
  const { value, low, high } = welchDifference(all('deterministic'), all('stochastic'))
  const spread = { value, low, high }
  const difference = meanInterval(there.flatMap((one) => one.difference))
  return {
    verdict: together([
      ...open.map((one) => one.open),
      ...there.map(({ learned }) => learned),
      isPositive(spread),
      isPositive(difference),
    ]),
    reason: [
      ...nothing,
      `the stochastic and the deterministic policy gain ${there.map(({ task, means }) => `${names.map((variant) => hundredths(means[variant])).join(' and ')} on ${task}`).join(', ')}; ` +
        `in units of gains, seeds of the deterministic policy are farther from their median by ${inWords(spread)}, and the mean action ` +
        `returns more than sampled ones by ${inWords(difference)}`,
    ].join('; '),
    metrics: known({
      spread,
      meanAction: difference,
      ...Object.fromEntries(there.map((one) => [`${one.task}.meanAction`, meanInterval(one.difference)])),
    }),
  }
}

const paperArms = Object.values(variants).map((kind) => `humanoid-rllab-${kind}`)

/** Haarnoja 2018, figure 4.2: seeds of the stochastic and of the deterministic policy, and two ways to evaluate. */
export const suite: Suite = {
  id: 'sac-stochastic',
  paper: 'Haarnoja 2018',
  figure: 'fig. 4.2',
  claim: 'the stochastic policy has a smaller spread over seeds; the mean action evaluates better',
  // Those of the suite that keeps the cells.
  packages: ['@maxent/sac', '@maxent/baselines'],
  grid,
  profiles: {
    smoke: { ...hardTargetScales.smoke, cellsOf, minutes: 0.5 },
    quick: { ...hardTargetScales.quick, cellsOf, minutes: 27 },
    standard: { ...hardTargetScales.standard, cellsOf, minutes: 340 },
    paper: {
      minutes: 25_000,
      seeds: 5,
      scale: "the paper's",
      cellsOf,
      change: (arm) => (arm.id.startsWith('humanoid-rllab') ? arm : undefined),
    },
  },
  verdict: {
    statistic: `gains ${floor}, in the last fifth of the run. Spread: distances of the seeds from their median (Brown and Forsythe) in units of the mean gain on the task, of the policy itself for the stochastic one and of the better policy for the deterministic one; deterministic less stochastic, over the seeds of all tasks, Welch. Evaluation: 20 episodes of the final stochastic policy with the mean action less as many with sampled ones from the same starts, in units of its mean gain, over the seeds of all tasks, Student`,
    threshold: 'both 95 % intervals above 0, and that of what the stochastic policy gains on every task',
    fails:
      'one of the two intervals has no part above 0, or the stochastic policy gains nothing in the mean on some task; where none is so and not all are above, inconclusive',
    leastSeeds: 5,
    roles: rolesOf('hard'),
    judge,
  },
  control: {
    meaning: 'random actions in the place of the stochastic policy',
    roles: rolesOf('random'),
  },
  plots: shown.flatMap(({ name, title }): Plot[] => [
    {
      kind: 'curves',
      title: `${title}, single seeds (fig. 4.2a)`,
      arms: Object.values(variants).map((kind) => `${name}-${kind}`),
      curve: 'return',
      y: 'return',
      over: 'seeds',
    },
    {
      kind: 'curves',
      title: `${title} (fig. 4.2b)`,
      arms: [`${name}-hard`],
      curve: [
        { name: 'return', title: 'mean action' },
        { name: 'episodeReturn', title: 'sampled actions, while learning' },
      ],
      y: 'return',
      over: 'range',
    },
    {
      kind: 'table',
      title: `${title}, after learning`,
      arms: [...Object.values(variants).map((kind) => `${name}-${kind}`), `${name}-random`],
      columns: [
        { scalar: 'return', title: 'return' },
        { scalar: 'meanAction', title: 'mean action, 20 episodes' },
        { scalar: 'sampledAction', title: 'sampled actions, 20 episodes' },
      ],
    },
  ]),
  paperTable: {
    seeds: 5,
    algorithm: 'sac',
    env: 'humanoid-rllab',
    config: {
      ...tableC1,
      critics: 2,
      rewardScale: 10,
      target: { kind: 'hard', interval: 1_000 },
    },
    train: { steps: 10_000_000, ...tableC1Loop, ...rollouts },
  },
  paperRows: {
    'humanoid-rllab-hard': {
      config: { policy: { kind: 'tanhGaussian' }, temperature: { kind: 'fixed', alpha: 1 } },
    },
    'humanoid-rllab-deterministic': {
      config: { policy: { kind: 'deterministic' }, temperature: { kind: 'fixed', alpha: 0 } },
    },
  },
  paperArms,
  differences: [
    ...hardTargetDifferences,
    'the length of the runs is that of the released code',
    'the figure compares evaluations with returns while learning; the rule asks the final policy both ways from the same starts, and the curves show both',
    watchedDifference,
    'rule, control, unit and scale were changed once, after a first run at quick that had decided nothing, its control neither (spread 0.46, −0.13 to 1.05); its cells were dropped',
  ],
}
