import { returnAt } from '../run/curves.ts'
import { meanOf } from '../statistics/samples.ts'
import { pairedDifference } from '../statistics/tests.ts'
import { smokeScale } from './smokeScale.ts'
import type { Arm, CellsByRole, Judgement, Metric, Plot, Roles, Suite } from './suite.ts'

/** The share of the peer's gain over random actions that SAC here may fall short of. */
const margin = 0.2

/** Steps at which returns are compared, where a profile goes that far; the last of a run decides. */
const checkpoints = [10_000, 25_000, 50_000, 100_000]

const tasks = [
  { env: 'half-cheetah', title: 'HalfCheetah', steps: 100_000, evaluateEvery: 5_000 },
  { env: 'pendulum', title: 'Pendulum', steps: 10_000, evaluateEvery: 1_000 },
] as const

const common = {
  algorithm: 'sac',
  // Stable-Baselines3 has one learning rate.
  config: { policyLearningRate: 3e-4, criticLearningRate: 3e-4 },
} as const

const grid: readonly Arm[] = tasks.flatMap(({ env, title, steps, evaluateEvery }): Arm[] => {
  const train = { steps, evaluateEvery, evaluateEpisodes: 5, finalEpisodes: 10, replayCapacity: 200_000 }
  return [
    { ...common, kind: 'train', id: `${env}-maxent`, label: `${title}, @maxent/sac`, env, train },
    {
      ...common,
      kind: 'peer',
      peer: 'sb3',
      id: `${env}-sb3`,
      label: `${title}, Stable-Baselines3`,
      env,
      train,
    },
    { kind: 'uniform', id: `${env}-random`, label: `${title}, random actions`, env, episodes: 10 },
  ]
})

/** Every arm that learns with networks and lengths of a profile. */
function change(config: Readonly<Record<string, unknown>>, steps: Readonly<Record<string, number>>) {
  return (arm: Arm): Arm => {
    if (arm.kind !== 'train' && arm.kind !== 'peer') return arm
    return {
      ...arm,
      config: { ...arm.config, ...config },
      train: { ...arm.train, ...(arm.env in steps ? { steps: steps[arm.env] } : {}) },
    }
  }
}

/** The same task in each role; `learner` is what is judged. */
function rolesOf(learner: 'maxent' | 'random'): Roles {
  return Object.fromEntries(
    tasks.flatMap(({ env }) => [
      [env, [`${env}-${learner}`]],
      [`${env}/peer`, [`${env}-sb3`]],
      [`${env}/random`, [`${env}-random`]],
    ]),
  )
}

/** The difference at a step as a share of the peer's gain over random actions, paired by seed; `undefined` where some run has no point. */
function differenceAt(cells: CellsByRole, env: string, step: number): (Metric & Interval) | undefined {
  const at = (role: string): (number | undefined)[] => cells[role].map((cell) => returnAt(cell, step))
  const [ours, peer, random] = [at(env), at(`${env}/peer`), at(`${env}/random`)]
  if (!isComplete(ours) || !isComplete(peer) || !isComplete(random)) return undefined
  const gain = meanOf(peer) - meanOf(random)
  if (ours.length < 2 || !(gain > 0)) return undefined
  const { value, low, high } = pairedDifference(ours, peer)
  return { value: value / gain, low: low / gain, high: high / gain }
}

interface Interval {
  readonly low: number
  readonly high: number
}

function isComplete(values: readonly (number | undefined)[]): values is number[] {
  return values.every((value) => value !== undefined)
}

function judge(cells: CellsByRole): Judgement {
  const metrics: Record<string, Metric> = {}
  const lasts = tasks.map(({ env }) => {
    const { train } = cells[`${env}/peer`][0].settings as { train: { steps: number } }
    for (const step of [...checkpoints.filter((step) => step < train.steps), train.steps]) {
      const difference = differenceAt(cells, env, step)
      if (difference !== undefined) metrics[`${env}.${step}`] = difference
    }
    return { env, last: differenceAt(cells, env, train.steps) }
  })
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
  return {
    verdict: verdictOf(lasts.map(({ last }) => last)),
    reason: lasts
      .map(({ env, last }) =>
        last === undefined
          ? `${env}: Stable-Baselines3 does no better than random actions, or there is one seed`
          : `${env}: ${last.value < 0 ? 'behind' : 'ahead of'} Stable-Baselines3 by ${percent(Math.abs(last.value))} of what that gains over random actions, 95 % interval ${percent(last.low)} to ${percent(last.high)}`,
      )
      .join('; '),
    metrics,
  }
}

function verdictOf(differences: readonly (Interval | undefined)[]): Judgement['verdict'] {
  if (differences.some((difference) => difference !== undefined && difference.high < -margin)) return 'fails'
  if (differences.every((difference) => difference !== undefined && difference.low >= -margin)) return 'holds'
  return 'inconclusive'
}

/** SAC here beside that of Stable-Baselines3: same settings, same protocol, paired seeds. */
export const suite: Suite = {
  id: 'sac-peers',
  paper: 'Raffin et al. 2021 (Stable-Baselines3)',
  figure: 'own comparison',
  claim: 'with the same settings SAC here returns as much as that of Stable-Baselines3',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...smokeScale, minutes: 1 },
    quick: {
      minutes: 50,
      seeds: 5,
      scale: '64x64 networks, batch 64, HalfCheetah for 50,000 steps',
      change: change({ hidden: [64, 64], batchSize: 64 }, { 'half-cheetah': 50_000 }),
    },
    standard: { minutes: 480, seeds: 10, scale: '256x256 networks, HalfCheetah for 100,000 steps' },
  },
  verdict: {
    statistic:
      'difference of the return of the deterministic policy at the end, paired by seed, as a share of what Stable-Baselines3 gains over random actions; 95 % interval of Student',
    threshold: `the interval lies above \u2212${100 * margin} % on both tasks`,
    fails: `on some task the interval lies below \u2212${100 * margin} %; where neither is so, inconclusive`,
    leastSeeds: 5,
    roles: rolesOf('maxent'),
    judge,
  },
  control: { meaning: 'random actions in the place of SAC here', roles: rolesOf('random') },
  plots: tasks.flatMap(({ env, title }): Plot[] => [
    { kind: 'curves', title, arms: [`${env}-maxent`, `${env}-sb3`], curve: 'return', y: 'return' },
    {
      kind: 'table',
      title: `${title} at the end`,
      arms: [`${env}-maxent`, `${env}-sb3`, `${env}-random`],
      columns: [
        { scalar: 'return', title: 'return' },
        { scalar: 'stepsPerSecond', title: 'steps per second' },
      ],
    },
  ]),
  paperTable: {},
  paperArms: [],
  differences: [
    'the environments are those of Gymnasium in both: native MuJoCo there, MuJoCo in WebAssembly here',
    'paired seeds start both from the same number, not from the same state: the generators differ',
  ],
}
