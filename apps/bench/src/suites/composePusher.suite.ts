import type { Arm, ComputeArm, JsonValue, ProfileName, Suite } from './suite.ts'
import type { Goal } from './pusher/goals.ts'
import { bars, judge } from './pusher/judge.ts'
import type { LearnerId } from './composition/learners.ts'
import { idleArm, mergingArm, type Merging } from './pusher/mergingArm.ts'
import { pusherDifferences, released, small, smallScale, tiny } from './pusher/settings.ts'

const all = {
  goals: ['left', 'middle', 'right', 'bottom', 'bottom-left', 'bottom-middle', 'bottom-right'],
  merges: {
    'bottom-left': ['bottom', 'left'],
    'bottom-middle': ['bottom', 'middle'],
    'bottom-right': ['bottom', 'right'],
  },
} as const satisfies Pick<Merging, 'goals' | 'merges'>

const corner = {
  goals: ['left', 'bottom', 'bottom-left'],
  merges: { 'bottom-left': ['bottom', 'left'] },
} as const satisfies Pick<Merging, 'goals' | 'merges'>

/** How far a profile goes. */
interface Scale {
  readonly tasks: Pick<Merging, 'goals' | 'merges'>
  readonly steps: number
  readonly warmupSteps: number
  readonly updates: number
  /** Whether soft Q-learning learns the bounds of lemma 5 and theorem 3 beside the merged policy. */
  readonly bounds?: true
  readonly episodes: number
  /** What the learners' networks and batches are changed to. */
  readonly change: Readonly<Partial<Record<LearnerId, object>>>
}

const labels: Readonly<Record<LearnerId, string>> = { sql: 'SQL', ddpg: 'DDPG', naf: 'NAF' }

function armsAt({
  tasks,
  steps,
  warmupSteps,
  updates,
  bounds,
  episodes,
  change,
}: Scale): readonly ComputeArm[] {
  const merging = (algorithm: LearnerId, more: Partial<Merging> = {}): Merging => ({
    algorithm,
    ...tasks,
    config: { ...released[algorithm], ...change[algorithm] },
    train: {
      steps,
      warmupSteps,
      replayCapacity: steps + Math.ceil(steps / 300) + 2,
      checkpointEvery: 0,
      logEvery: Math.max(100, Math.ceil(steps / 100)),
    },
    extraction: { rule: 'mean', updates, config: {}, ...(algorithm === 'sql' && bounds && { bounds: {} }) },
    episodes,
    ...more,
  })
  // The easier of the two, for which half of the steps do.
  const half = merging('sql')
  const alone: Partial<Merging> = {
    goals: ['bottom'],
    merges: { 'bottom-left': ['bottom'] },
    train: { ...half.train, steps: steps / 2 },
  }
  return [
    ...(['sql', 'ddpg', 'naf'] as const).map((id) => mergingArm(id, labels[id], merging(id))),
    mergingArm('alone', 'SQL, one part alone', merging('sql', alone)),
    idleArm('idle', 'arm at rest', { goals: Object.keys(tasks.merges) as Goal[], episodes }),
  ]
}

/** A profile's arms by id; those it has no minutes for are left out. */
function changeTo(arms: readonly ComputeArm[], kept?: readonly string[]): (arm: Arm) => Arm | undefined {
  return ({ id }) => ((kept?.includes(id) ?? true) ? arms.find((arm) => arm.id === id) : undefined)
}

const scales: Readonly<Record<ProfileName, Scale>> = {
  smoke: {
    tasks: corner,
    steps: 400,
    warmupSteps: 200,
    updates: 100,
    bounds: true,
    episodes: 1,
    change: { sql: tiny, ddpg: tiny, naf: tiny },
  },
  quick: {
    tasks: corner,
    steps: 100_000,
    warmupSteps: 1_000,
    updates: 20_000,
    episodes: 100,
    change: small,
  },
  standard: {
    tasks: all,
    steps: 100_000,
    warmupSteps: 1_000,
    updates: 20_000,
    bounds: true,
    episodes: 100,
    change: small,
  },
  paper: {
    tasks: all,
    steps: 500_000,
    warmupSteps: 1_000,
    updates: 10_100,
    bounds: true,
    episodes: 100,
    change: {},
  },
}

const paperTable: Readonly<Record<string, JsonValue>> = {
  settings: {
    episodes: 100,
    goals: [...all.goals],
    config: { gamma: 0.99, batchSize: 128, hidden: [128, 128], target: { kind: 'hard', interval: 1_000 } },
    train: { steps: 500_000, updatesPerStep: 1 },
    extraction: { updates: 10_100 },
  },
}

/** Haarnoja 2018, table 6.1 and figure 6.1: two goals learned by themselves, and both at once from what was learned. */
export const suite: Suite = {
  id: 'compose-pusher',
  paper: 'Haarnoja 2018',
  figure: 'tab. 6.1, fig. 6.1',
  claim: 'SQL policies merged from two goals, with no new experience, push the puck to where both are met',
  packages: ['@maxent/sql', '@maxent/baselines'],
  grid: armsAt(scales.paper),
  profiles: {
    smoke: {
      minutes: 1.5,
      seeds: 1,
      scale: '16x16 networks, batch 16, 400 steps of left, bottom and bottom-left',
      change: changeTo(armsAt(scales.smoke)),
    },
    quick: {
      minutes: 50,
      seeds: 5,
      scale: `SQL on left, bottom and bottom-left; ${smallScale}, 100,000 steps`,
      change: changeTo(armsAt(scales.quick), ['sql', 'alone', 'idle']),
    },
    standard: {
      minutes: 190,
      seeds: 5,
      scale: `${smallScale}, 100,000 steps; a copy of the targets of DDPG and NAF in 100 gradient steps`,
      change: changeTo(armsAt(scales.standard)),
    },
    paper: { minutes: 12_000, seeds: 5, scale: "the released code's networks, 500,000 steps" },
  },
  verdict: {
    statistic:
      'the median over seeds of the mean distance, over 100 episodes, of the puck from its line or point at the end: of every goal learned by itself, and of every goal merged from two of them',
    threshold: `merged at most ${bars.point} m, without a step in the environment; where a line misses ${bars.line} m or a point learned by itself ${bars.point} m: inconclusive. An arm at rest leaves 1.6 m`,
    fails: 'the goals that are merged were learned, and a merged policy leaves the puck further away',
    leastSeeds: 5,
    roles: { learned: ['sql'], merged: ['sql'] },
    judge,
  },
  control: {
    meaning:
      'a policy extracted in the same way from one of the two goals alone, learned in half of the steps',
    roles: { learned: ['sql'], merged: ['alone'] },
  },
  plots: [
    {
      kind: 'scatter',
      title: 'Where the puck ends (fig. 6.1)',
      arms: ['sql'],
      x: { name: 'merge-bottom-left.x', title: 'x, m' },
      y: { name: 'merge-bottom-left.y', title: 'y, m' },
      series: (['left', 'bottom', 'merge-bottom-left'] as const).map((name) => ({
        title: name.replace('merge-', 'merged: '),
        arm: 'sql',
        x: `${name}.x`,
        y: `${name}.y`,
      })),
      lines: [
        { title: 'the goals, left and bottom', from: [-1, -1.5], to: [-1, 1.5] },
        { title: 'the goals, left and bottom', from: [-1.5, -1], to: [1.5, -1] },
      ],
    },
    {
      kind: 'crossTable',
      title: 'Where the puck ends (tab. 6.1)',
      arms: ['sql', 'ddpg', 'naf', 'alone', 'idle'],
      rows: [
        ...all.goals.map((goal) => ({ title: goal, mean: `${goal}.distance`, deviation: `${goal}.sd` })),
        ...Object.keys(all.merges).map((goal) => ({
          title: `merged: ${goal}`,
          mean: `merge-${goal}.distance`,
          deviation: `merge-${goal}.sd`,
        })),
      ],
      of: 'Distance of the puck from its goal at the end, m',
    },
    {
      kind: 'table',
      title: 'How far the parts are apart (6.4, B.28), and the bounds that follow, learned',
      arms: ['sql'],
      columns: Object.keys(all.merges).flatMap((goal) => [
        { scalar: `merge-${goal}.divergence`, title: `${goal}: Rényi divergence` },
        { scalar: `merge-${goal}.penalty`, title: `${goal}: penalty P` },
        { scalar: `merge-${goal}.gap`, title: `${goal}: C` },
        { scalar: `merge-${goal}.regret`, title: `${goal}: D` },
      ]),
    },
  ],
  paperTable,
  paperRows: {
    sql: {
      'settings.config.temperature': { kind: 'fixed', alpha: 1 },
      'settings.config.policyLearningRate': 3e-4,
      'settings.config.criticLearningRate': 3e-4,
      'settings.config.critics': 1,
      'settings.config.value': { kind: 'uniform', samples: 16, shared: true },
      'settings.config.particles': { kind: 'disjoint', fixed: 8, updated: 8 },
    },
  },
  paperArms: ['sql', 'ddpg', 'naf'],
  differences: [
    ...pusherDifferences,
    'a point that is learned by itself is paid by the distance to it, what is merged by half of the sum of those to the two lines (6.1): close to one of them, half as steeply',
  ],
}
