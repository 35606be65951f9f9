import { key } from '@maxent/core/keys'
import { envId, makeEnv } from '@maxent/envs'
import { createAgent, evaluate } from '@maxent/train'
import type { CellResult } from '../run/cellResult.ts'
import { meanOf, quantile, sorted } from '../statistics/samples.ts'
import { meanInterval, welchDifference } from '../statistics/tests.ts'
import {
  floor,
  gainsOf,
  inWords,
  isPositive,
  known,
  learns,
  tasksIn,
  together,
  unlearned,
  unlearnedRoles,
} from './sac/gains.ts'
import { idle, oneUpdateAStep, preset, reduced, smokeOnHopper, tasks, watched } from './sac/tasks.ts'
import { atQuickScale, quickScaleOn } from './sac/quickScale.ts'
import { rollouts, tableC1, tableC1Loop } from './sac/tableC1.ts'
import type {
  Arm,
  CellsByRole,
  Judgement,
  LearnedArm,
  Plot,
  Roles,
  Suite,
  TrainArm,
  Verdict,
} from './suite.ts'

/** Episodes of the final policy with its mean action, and as many with sampled ones, from the same starts. */
const episodes = 20

/** What the final policy returns with the mean action and with sampled ones. */
async function compareActions(
  env: string,
  { algorithm, state, seed }: LearnedArm,
): Promise<{ readonly scalars: Readonly<Record<string, number>> }> {
  const made = await makeEnv(envId(env))
  const agent = await createAgent({ algorithm, key: key(seed), state })
  let step = 0
  try {
    const [mean, sampled] = [
      await evaluate({ env: made, act: agent.actDeterministic, episodes, seed }),
      await evaluate({ env: made, act: (observation) => agent.act(observation, step++), episodes, seed }),
    ]
    return { scalars: { meanAction: meanOf(mean.returns), sampledAction: meanOf(sampled.returns) } }
  } finally {
    await agent.dispose()
    made.close()
  }
}

const variants = { stochastic: 'D.2-hard', deterministic: 'D.2-deterministic' } as const
type Variant = keyof typeof variants
const names: readonly Variant[] = ['stochastic', 'deterministic']

const shown = tasks.filter(({ name }) => ['humanoid-rllab', 'hopper', 'half-cheetah'].includes(name))

/** Those of the reduced profiles. */
const easy = ['hopper', 'half-cheetah'] as const

const grid: readonly Arm[] = shown.flatMap((task) => [
  ...names.map((variant): TrainArm => {
    const { name, title, env, steps } = task
    const { config, train } = preset(`${variants[variant]}/${name}`)
    return {
      kind: 'train',
      id: `${name}-${variant}`,
      label: `${title}, ${variant}`,
      algorithm: 'sac',
      env,
      config,
      train: { ...train, ...watched(steps) },
      probe: { settings: { episodes }, run: (learned) => compareActions(env, learned) },
    }
  }),
  ...idle(task),
])

/** Both variants in their roles; in the control random actions are claimed to be the stochastic policy. */
function rolesOf(stochastic: 'stochastic' | 'random'): Roles {
  return Object.fromEntries(
    shown.flatMap(({ name }): [string, readonly string[]][] => [
      [`${name}/stochastic`, [`${name}-${stochastic}`]],
      [`${name}/deterministic`, [`${name}-deterministic`]],
      ...Object.entries(unlearnedRoles(name)),
    ]),
  )
}

/** What a task shows, in units of what the stochastic policy gains. */
interface Shown {
  readonly task: string
  /** Whether the stochastic policy does. */
  readonly learned: Verdict
  /** Distances of the seeds from their median: Brown and Forsythe's measure of spread. */
  readonly spread: Readonly<Record<Variant, readonly number[]>>
  /** The mean action less sampled ones, by seed of the stochastic policy. */
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
  const unit = meanOf(stochastic)
  return {
    task,
    learned,
    spread: {
      stochastic: fromMedian(stochastic, unit),
      deterministic: fromMedian(deterministic, unit),
    },
    difference: of('stochastic').map(({ scalars }) => (scalars.meanAction - scalars.sampledAction) / unit),
  }
}

function fromMedian(gains: readonly number[], unit: number): readonly number[] {
  const median = quantile(sorted(gains), 0.5)
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
      `in units of the gain of the stochastic policy, over ${there.map(({ task }) => task).join(' and ')}: seeds of the deterministic ` +
        `policy are farther from their median by ${inWords(spread)}; the mean action returns more than sampled ones by ${inWords(difference)}`,
    ].join('; '),
    metrics: known({
      spread,
      meanAction: difference,
      ...Object.fromEntries(there.map((one) => [`${one.task}.meanAction`, meanInterval(one.difference)])),
    }),
  }
}

const paperArms = names.map((variant) => `humanoid-rllab-${variant}`)

/** Haarnoja 2018, figure 4.2: seeds of the stochastic and of the deterministic policy, and two ways to evaluate. */
export const suite: Suite = {
  id: 'sac-stochastic',
  paper: 'Haarnoja 2018',
  figure: 'fig. 4.2',
  claim: 'the stochastic policy has a smaller spread over seeds; the mean action evaluates better',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...smokeOnHopper(), minutes: 0.5 },
    quick: {
      minutes: 24,
      seeds: 5,
      scale: quickScaleOn('HalfCheetah and Hopper'),
      change: (arm) => atQuickScale({ tasks: easy })(oneUpdateAStep(arm)),
    },
    standard: {
      minutes: 240,
      seeds: 5,
      scale: '256x256 networks, HalfCheetah and Hopper, 60,000 steps',
      change: (arm) => reduced({ tasks: easy, steps: 60_000 })(oneUpdateAStep(arm)),
    },
    paper: {
      minutes: 22_000,
      seeds: 5,
      scale: "the paper's",
      change: (arm) => (arm.id.startsWith('humanoid-rllab') ? arm : undefined),
    },
  },
  verdict: {
    statistic: `gains ${floor}, in the last fifth of the run, in units of the mean gain of the stochastic policy on the task. Spread: distances of the seeds from their median (Brown and Forsythe), deterministic less stochastic, over the seeds of all tasks, Welch. Evaluation: 20 episodes of the final stochastic policy with the mean action less as many with sampled ones from the same starts, over the seeds of all tasks, Student`,
    threshold: 'both 95 % intervals above 0, and that of what the stochastic policy gains on every task',
    fails:
      'one of the two intervals has no part above 0, or the stochastic policy gains nothing in the mean on some task; where none is so and not all are above, inconclusive',
    leastSeeds: 5,
    roles: rolesOf('stochastic'),
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
      arms: names.map((variant) => `${name}-${variant}`),
      curve: 'return',
      y: 'return',
      over: 'seeds',
    },
    {
      kind: 'curves',
      title: `${title} (fig. 4.2b)`,
      arms: [`${name}-stochastic`],
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
      arms: [...names.map((variant) => `${name}-${variant}`), `${name}-random`],
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
    'humanoid-rllab-stochastic': {
      config: { policy: { kind: 'tanhGaussian' }, temperature: { kind: 'fixed', alpha: 1 } },
    },
    'humanoid-rllab-deterministic': {
      config: { policy: { kind: 'deterministic' }, temperature: { kind: 'fixed', alpha: 0 } },
    },
  },
  paperArms,
  differences: [
    'the fixed noise of the deterministic policy is chosen: a tenth of the range of actions',
    'the length of the runs is that of the released code',
    'the figure compares evaluations with returns while learning; the rule asks the final policy both ways from the same starts, and the curves show both',
  ],
}
