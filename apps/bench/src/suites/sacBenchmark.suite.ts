import {
  floor,
  gainsOf,
  inWords,
  known,
  learns,
  reaches,
  shareOf,
  tasksIn,
  together,
  unlearned,
  unlearnedRoles,
} from './sac/gains.ts'
import { idle, preset, reduced, smokeOnHopper, tasks, watched, type Reduced, type Task } from './sac/tasks.ts'
import { meanOf } from '../statistics/samples.ts'
import { tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import type { Arm, CellsByRole, Judgement, Plot, Roles, Suite, TrainArm, Verdict } from './suite.ts'

/** What SAC must reach of the best of the others on an easy task to perform comparably; on a hard one it must be ahead of each. */
const comparable = 0.8

const others = { ddpg: 'DDPG', ppo: 'PPO', sql: 'SQL', td3: 'TD3' } as const
type Other = keyof typeof others
const names = Object.keys(others) as Other[]

/** Reward scales of soft Q-learning in its released code; those of the two humanoids are one there. */
const sqlScales: Readonly<Record<string, number>> = {
  hopper: 30,
  walker2d: 10,
  'half-cheetah': 30,
  ant: 300,
  humanoid: 100,
  'humanoid-rllab': 100,
}

/** Settings of the released code of soft Q-learning on these tasks, where the temperature is 1. */
const sqlReleased = {
  hidden: [128, 128],
  batchSize: 128,
  policyLearningRate: 3e-4,
  criticLearningRate: 3e-4,
  temperature: { kind: 'fixed', alpha: 1 },
  value: { kind: 'uniform', samples: 16, shared: true },
  particles: { kind: 'disjoint', fixed: 8, updated: 8 },
  form: 'released',
  target: { kind: 'hard', interval: 1_000 },
} as const

function arm({ name, title, env, steps, warmupSteps }: Task, algorithm: 'sac' | Other): TrainArm {
  const thesis = preset(`4.1/${name}`)
  const config =
    algorithm === 'sac'
      ? thesis.config
      : algorithm === 'sql'
        ? { ...sqlReleased, rewardScale: sqlScales[name] }
        : {}
  return {
    kind: 'train',
    id: `${name}-${algorithm}`,
    label: `${title}, ${algorithm === 'sac' ? 'SAC' : others[algorithm]}`,
    algorithm,
    env,
    config,
    train: { ...thesis.train, warmupSteps, ...watched(steps) },
  }
}

const grid: readonly Arm[] = tasks.flatMap((task) => [
  ...(['sac', ...names] as const).map((algorithm) => arm(task, algorithm)),
  ...idle(task),
])

function rolesOf(judged: 'sac' | 'random'): Roles {
  return Object.fromEntries(
    tasks.flatMap(({ name }): [string, readonly string[]][] => [
      [`${name}/sac`, [`${name}-${judged}`]],
      ...names.map((role): [string, readonly string[]] => [`${name}/${role}`, [`${name}-${role}`]]),
      ...Object.entries(unlearnedRoles(name)),
    ]),
  )
}

function judgeTask(cells: CellsByRole, task: string): Judgement {
  const gains = (role: string): ReturnType<typeof gainsOf> =>
    gainsOf(cells[`${task}/${role}`], unlearned(cells, task))
  const own = gains('sac')
  const rivals = names.flatMap((name) => {
    const found = gains(name)
    return found === undefined ? [] : [{ name, gains: found }]
  })
  if (own === undefined || rivals.length < names.length)
    return { verdict: 'inconclusive', reason: `${task}: some run is too short`, metrics: {} }
  const isHard = tasks.some(({ name, isHard: hard }) => name === task && hard)
  const bar = isHard ? 1 : comparable
  const best = rivals.reduce((a, b) => (meanOf(b.gains) > meanOf(a.gains) ? b : a))
  // Where nobody else gains anything, learning at all is being ahead.
  const ahead = (rival: (typeof rivals)[number]): Verdict =>
    meanOf(rival.gains) > 0 ? reaches(shareOf(own, rival.gains, bar), bar) : learns(own)
  const share = shareOf(own, best.gains, bar)
  return {
    verdict: together([learns(own), ...(isHard ? rivals : [best]).map(ahead)]),
    reason: `${task}: ${inWords(share)} of the gain of ${others[best.name]}, the best of the others`,
    metrics: known({
      [`${task}.ofBest`]: share,
      ...Object.fromEntries(
        rivals.map((rival) => [`${task}.of.${rival.name}`, shareOf(own, rival.gains, bar)]),
      ),
    }),
  }
}

function judge(cells: CellsByRole): Judgement {
  const found = tasksIn(cells).map((task) => judgeTask(cells, task))
  return {
    verdict: together(found.map(({ verdict }) => verdict)),
    reason: found.map(({ reason }) => reason).join('; '),
    metrics: Object.assign({}, ...found.map(({ metrics }) => metrics)) as Judgement['metrics'],
  }
}

/** Every off-policy learner with small networks; those of PPO are 64x64 already. */
function smaller(scale: Pick<Reduced, 'tasks' | 'steps'>, width: number): (one: Arm) => Arm | undefined {
  const config = { hidden: [width, width], batchSize: width }
  return reduced({ ...scale, config, configOf: { ppo: {} } })
}

/** Haarnoja 2018, figure 4.1: SAC beside DDPG, PPO, SQL and TD3. */
export const suite: Suite = {
  id: 'sac-benchmark',
  paper: 'Haarnoja 2018',
  figure: 'fig. 4.1',
  claim: 'SAC learns every locomotion task, ahead of DDPG, PPO, SQL and TD3 on the hard ones',
  packages: ['@maxent/sac', '@maxent/baselines', '@maxent/sql'],
  grid,
  profiles: {
    smoke: { ...smokeOnHopper(), minutes: 1 },
    quick: {
      minutes: 54,
      seeds: 5,
      scale: '64x64 networks, batch 64, HalfCheetah and Hopper, 40,000 steps',
      change: smaller({ tasks: ['hopper', 'half-cheetah'], steps: 40_000 }, 64),
    },
    standard: {
      minutes: 500,
      seeds: 5,
      scale: '256x256 networks, HalfCheetah, Hopper and Ant, 60,000 steps',
      change: reduced({ tasks: ['hopper', 'half-cheetah', 'ant'], steps: 60_000 }),
    },
    paper: { minutes: 100_000, seeds: 5, scale: "the paper's" },
  },
  verdict: {
    statistic: `per task the gain of the evaluations in the last fifth of the run ${floor}, and those of SAC as shares of those of the others; 95 % intervals from Student and Welch`,
    threshold: `SAC gains something on every task; on Hopper, Walker2d and HalfCheetah it reaches ${comparable} of the best of the others, on Ant and both humanoids 1 of each, all with certainty`,
    fails:
      'on some task SAC gains nothing in the mean, or is certain to miss its bar; where neither is certain, inconclusive',
    leastSeeds: 5,
    roles: rolesOf('sac'),
    judge,
  },
  control: { meaning: 'random actions in the place of SAC', roles: rolesOf('random') },
  plots: [
    ...tasks.map(({ name, title }): Plot => ({
      kind: 'curves',
      title: `${title} (fig. 4.1)`,
      arms: ['sac', ...names].map((algorithm) => `${name}-${algorithm}`),
      curve: 'return',
      // The figure shows the training performance of SQL.
      curveOf: { [`${name}-sql`]: 'episodeReturn' },
      y: 'return',
      over: 'range',
    })),
    {
      kind: 'table',
      title: 'After learning, all evaluated the same way',
      arms: grid.map(({ id }) => id),
      columns: [{ scalar: 'return', title: 'return' }],
    },
  ],
  paperTable: {
    seeds: 5,
    algorithm: 'sac',
    config: {
      ...tableC1Final,
      temperature: { kind: 'fixed', alpha: 1 },
    },
    train: { ...tableC1Loop, evaluateEpisodes: 1 },
  },
  paperRows: Object.fromEntries(
    tasks.map(({ name, env, rewardScale, steps }) => [
      `${name}-sac`,
      { env, config: { rewardScale }, train: { steps } },
    ]),
  ),
  paperArms: tasks.map(({ name }) => `${name}-sac`),
  differences: [
    'the length of the runs is that of the released code, where the figure shows it; runs of more than a million steps are evaluated a thousand times, shorter ones every 1,000 steps as in the paper',
    'the others have their own defaults here, which are those of their papers or of later comparisons, and SQL the settings of its released code: the text gives none',
    'the rule evaluates SQL like the others; the figure shows its return while learning, as in the paper',
    '"comparably" is read as 0.8 of the best of the others at least',
  ],
}
