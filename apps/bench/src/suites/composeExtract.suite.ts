import { wayArm, type Way } from './pusher/extractionArms.ts'
import { judgeExtraction, most, solved } from './pusher/judgeExtraction.ts'
import { pusherDifferences, released, small, smallScale, tiny } from './pusher/settings.ts'
import type { Arm, ComputeArm, ProfileName, Suite } from './suite.ts'

/** How far a profile goes. */
interface Scale {
  /** Of each part. */
  readonly steps: number
  readonly warmupSteps: number
  /** Gradient steps of extraction, and of learning offline and online. */
  readonly extraction: number
  readonly learning: number
  /** The first look at extraction, and at learning. */
  readonly first: readonly [extraction: number, learning: number]
  /** Whether the composed reward is learned from the transitions of the parts as well. */
  readonly offline: boolean
  readonly episodes: number
  readonly change: { readonly sql: object; readonly ddpg: object }
}

/** Looks in a factor of ten: each is by a third at most above the true count, where the share that is judged is a fiftieth. */
const perDecade = 8

/** Whole numbers from the first look to the last, evenly on a logarithmic scale. */
function looks(first: number, last: number): readonly number[] {
  const all = Array.from({ length: 6 * perDecade }, (_, i) => Math.round(first * 10 ** (i / perDecade)))
  return [...new Set([...all.filter((step) => step < last), last])]
}

function armsAt({
  steps,
  warmupSteps,
  extraction,
  learning,
  first,
  offline,
  episodes,
  change,
}: Scale): readonly ComputeArm[] {
  const way = (algorithm: 'sql' | 'ddpg', judged: readonly number[]): Way => ({
    algorithm,
    goal: 'bottom-left',
    parts: ['bottom', 'left'],
    config: { ...released[algorithm], ...change[algorithm] },
    train: {
      steps,
      warmupSteps,
      replayCapacity: Math.ceil(1.01 * Math.max(steps, warmupSteps + learning)) + 2,
      checkpointEvery: 0,
      logEvery: Math.max(100, Math.ceil(steps / 100)),
    },
    looks: judged,
    episodes,
  })
  const [extracting, whileLearning] = [looks(first[0], extraction), looks(first[1], learning)]
  return [
    wayArm('extraction-sql', 'extraction', {
      ...way('sql', extracting),
      ...(offline && { offline: whileLearning }),
    }),
    wayArm('extraction-ddpg', 'extraction', way('ddpg', extracting)),
    wayArm('online-sql', 'online', way('sql', whileLearning)),
  ]
}

const scales: Readonly<Record<ProfileName, Scale>> = {
  smoke: {
    steps: 400,
    warmupSteps: 200,
    extraction: 50,
    learning: 100,
    first: [10, 10],
    offline: true,
    episodes: 1,
    change: { sql: tiny, ddpg: tiny },
  },
  quick: {
    steps: 100_000,
    warmupSteps: 1_000,
    extraction: 20_000,
    learning: 80_000,
    first: [50, 1_000],
    offline: true,
    episodes: 50,
    change: small,
  },
  standard: {
    steps: 100_000,
    warmupSteps: 1_000,
    extraction: 20_000,
    learning: 200_000,
    first: [10, 500],
    offline: true,
    episodes: 50,
    change: small,
  },
  paper: {
    steps: 500_000,
    warmupSteps: 1_000,
    extraction: 10_100,
    learning: 500_000,
    first: [10, 500],
    offline: true,
    episodes: 100,
    change: { sql: {}, ddpg: {} },
  },
}

/** A profile's arms by id; those that are not named are left out. */
const changeTo =
  (arms: readonly ComputeArm[], kept: readonly string[] = all) =>
  ({ id }: Arm): Arm | undefined =>
    arms.find((arm) => arm.id === id && kept.includes(id))

const all = ['extraction-sql', 'extraction-ddpg', 'online-sql']

/** Haarnoja 2018, figure 6.2: gradient steps to a policy for two goals, from their values, from their data, and from the environment. */
export const suite: Suite = {
  id: 'compose-extract',
  paper: 'Haarnoja 2018',
  figure: 'fig. 6.2',
  claim:
    'extracting a policy from the combined Q takes a small share of the gradient steps of learning the combined task',
  packages: ['@maxent/sql', '@maxent/baselines'],
  grid: armsAt(scales.paper),
  profiles: {
    smoke: {
      minutes: 1.5,
      seeds: 1,
      scale: '16x16 networks, batch 16, 400 steps of each part',
      change: changeTo(armsAt(scales.smoke)),
    },
    quick: {
      minutes: 53,
      seeds: 5,
      scale: `SQL, extracted, offline and online; ${smallScale}, 100,000 steps of each part, 80,000 gradient steps offline and online`,
      change: changeTo(armsAt(scales.quick), ['extraction-sql', 'online-sql']),
    },
    standard: {
      minutes: 300,
      seeds: 5,
      scale: `${smallScale}, 100,000 steps of each part, 200,000 gradient steps offline and online`,
      change: changeTo(armsAt(scales.standard)),
    },
    paper: { minutes: 20_000, seeds: 5, scale: "the released code's networks, 500,000 steps" },
  },
  verdict: {
    statistic:
      'per seed: the gradient steps after which the mean distance of the puck to the lower left is within a tenth of the mean of the last three looks of extraction, at two looks in a row, as a share of those after which SQL that learns the composed reward online is as near; the median over seeds',
    threshold: `at most ${100 * most} %, without a step in an environment; inconclusive where both ways converge to more than ${solved} m, or the share is larger only because learning online ended before it came as near`,
    fails: 'extraction takes a larger share, or does not come to the goal where learning online does',
    leastSeeds: 5,
    roles: { merged: ['extraction-sql'], policy: ['extraction-sql'], online: ['online-sql'] },
    judge: judgeExtraction,
  },
  control: {
    meaning:
      'SQL that learns the composed reward online in the place of extraction: nothing was learned before',
    roles: { merged: ['extraction-sql'], policy: ['online-sql'], online: ['online-sql'] },
  },
  plots: [
    {
      kind: 'scatter',
      title: 'Distance by gradient steps (fig. 6.2)',
      arms: all,
      x: { name: 'log10.steps', title: 'log₁₀ of gradient steps' },
      y: { name: 'distance', title: 'distance, m' },
      series: [
        { title: 'SQL, extraction', arm: 'extraction-sql', x: 'log10.steps', y: 'distance' },
        { title: 'DDPG, extraction', arm: 'extraction-ddpg', x: 'log10.steps', y: 'distance' },
        { title: 'SQL, offline', arm: 'extraction-sql', x: 'offline.log10.steps', y: 'offline.distance' },
        { title: 'SQL, online', arm: 'online-sql', x: 'log10.steps', y: 'distance' },
      ],
    },
    {
      kind: 'table',
      title: 'At the end',
      arms: all,
      columns: [
        { scalar: 'last', title: 'distance, m' },
        { scalar: 'offline.last', title: 'learned offline: distance, m' },
        { scalar: 'steps', title: 'steps in the environment beside the parts' },
      ],
    },
  ],
  paperTable: {
    settings: {
      config: { gamma: 0.99, batchSize: 128, hidden: [128, 128], target: { kind: 'hard', interval: 1_000 } },
      train: { steps: 500_000, updatesPerStep: 1 },
    },
  },
  paperArms: all,
  differences: [
    ...pusherDifferences,
    'at quick the curve of DDPG is left out, for time',
    'eight looks in a factor of ten; the text shows one seed and does not say how often it looks',
  ],
}
