import type { CellResult } from '../../run/cellResult.ts'
import { meanOf } from '../../statistics/samples.ts'
import { pairedDifference } from '../../statistics/tests.ts'
import type { ComputeArm, Judgement, Metric, Plot, Suite } from '../suite.ts'
import type { Rollout } from './rollouts.ts'
import {
  profilesOf,
  thesisRun,
  type Length,
  type ProfileLengths,
  type Size,
  type ThesisRun,
} from './scale.ts'
import { stagedArm, type Sight } from './stagedArm.ts'
import { endDifferences, fineTuningC1, noiseC1, softC1, tableC1 } from './tableC1.ts'

/** The tasks of figure 3.7, by the names of their runs. */
const tasks = { wide: 'wide-hallway', narrow: 'narrow-hallway', u: 'u-maze' } as const
const names = Object.keys(tasks) as (keyof typeof tasks)[]
const titles = { wide: 'Wide hallway', narrow: 'Narrow hallway', u: 'U-shaped maze' } as const

function look(rollouts: readonly Rollout[]): Sight {
  return {
    numbers: {
      return: meanOf(rollouts.map(({ discountedReturn }) => discountedReturn)),
      success: meanOf(rollouts.map(({ info }) => ('success' in info ? info.success.last : 0))),
    },
  }
}

type Rows = Suite['paperTable']

/** The rows of several runs. */
function rowsOf<T>(runs: readonly T[], rows: (run: T) => Rows): Rows {
  return Object.assign({}, ...runs.map(rows)) as Rows
}

/** How long pretraining and fine-tuning are, and the gradient steps in which α falls and the set of latents shrinks. */
interface FineTuningLength {
  readonly pretraining: Length
  readonly fineTuning: Length
  readonly annealing: number
}

export interface FineTuningOptions {
  readonly id: string
  readonly body: 'ant' | 'ball'
  /** The observation groups that both kinds of tasks have, where they have others besides. */
  readonly groups?: readonly string[] | undefined
  readonly profiles: ProfileLengths<FineTuningLength>
  readonly differences: readonly string[]
}

/** The mean discounted return of a task over the looks of its fine-tuning: the area under its curve. */
function areaOf({ curves }: CellResult, task: string): number {
  const { steps, values } = curves[`${task}.return`]
  return meanOf(values.filter((_, i) => steps[i] > 1))
}

function judge(roles: Readonly<Record<string, readonly CellResult[]>>): Judgement {
  const { pretrained, ...others } = roles
  const metrics: Record<string, Metric> = {}
  for (const task of names) {
    const areas = (cells: readonly CellResult[]): readonly number[] => cells.map((cell) => areaOf(cell, task))
    for (const [role, cells] of Object.entries(others)) {
      const [x, y] = [areas(pretrained), areas(cells)]
      metrics[`${task}: over ${role}`] =
        x.length < 2 ? { value: meanOf(x) - meanOf(y) } : pairedDifference(x, y)
    }
  }
  const found = Object.values(metrics)
  const fails = found.some(({ value }) => value <= 0)
  const holds = found.every(({ low }) => (low ?? -1) > 0)
  return {
    verdict: fails ? 'fails' : holds ? 'holds' : 'inconclusive',
    reason: `mean discounted return along fine-tuning: ${Object.entries(metrics)
      .map(([name, { value, low, high }]) => {
        const interval =
          low === undefined || high === undefined ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`
        return `${name} ${value.toFixed(2)}${interval}`
      })
      .join('; ')}`,
    metrics,
  }
}

/** Haarnoja 2018, figures 3.7 and 3.8: what pretraining for speed is worth in hallways and around a bend, with a body of choice. */
export function fineTuningSuite(options: FineTuningOptions): Suite {
  const { id, body, groups, profiles, differences } = options
  const seen = groups && { policyGroups: groups, criticGroups: groups }
  const arms = (
    size: Size,
    { pretraining, fineTuning, annealing }: FineTuningLength,
  ): readonly ComputeArm[] => {
    const pretrain = {
      name: 'pretrain',
      env: `${body}-speed`,
      size,
      length: pretraining,
      near: body === 'ant',
    }
    const tune = (
      name: keyof typeof tasks,
    ): Pick<ThesisRun, 'name' | 'env' | 'size' | 'length' | 'near'> => ({
      name,
      env: `${body}-${tasks[name]}`,
      size,
      length: fineTuning,
      near: body === 'ant',
    })
    const startFrom = pretrain.name
    return [
      stagedArm({
        id: 'sql',
        label: 'SQL, pretrained with entropy',
        runs: [
          thesisRun({ ...pretrain, algorithm: 'sql', config: { ...seen } }),
          ...names.map((name) =>
            thesisRun({
              ...tune(name),
              algorithm: 'sql',
              startFrom,
              config: {
                ...seen,
                temperature: { kind: 'annealed', from: 0.1, to: 0.001, steps: annealing },
                latents: { kind: 'set', size: 100, steps: annealing },
              },
            }),
          ),
        ],
        look,
      }),
      stagedArm({
        id: 'ddpg',
        label: 'DDPG, pretrained',
        runs: [
          thesisRun({ ...pretrain, algorithm: 'ddpg', config: { ...seen } }),
          ...names.map((name) =>
            thesisRun({ ...tune(name), algorithm: 'ddpg', startFrom, config: { ...seen } }),
          ),
        ],
        look,
      }),
      stagedArm({
        id: 'scratch',
        label: 'DDPG, from scratch',
        runs: names.map((name) => thesisRun({ ...tune(name), algorithm: 'ddpg', config: { ...seen } })),
        look,
      }),
    ]
  }
  const all = ['sql', 'ddpg', 'scratch']
  const pretrainedC1 = {
    ...tableC1('pretrain', { steps: 5_000_000 }),
    ...noiseC1('pretrain'),
    'settings.pretrain.env': `${body}-speed`,
  }
  return {
    id,
    paper: 'Haarnoja 2018',
    figure: 'fig. 3.7, 3.8',
    claim:
      'fine-tuning the max-ent policy beats DDPG, pretrained or from scratch, in hallways and the U-maze',
    packages: ['@maxent/sql', '@maxent/baselines'],
    grid: arms('thesis', {
      pretraining: { steps: 5_000_000, warmupSteps: 10_000, looks: 1, rollouts: 10 },
      fineTuning: { steps: 2_000_000, warmupSteps: 10_000, looks: 200, rollouts: 10 },
      annealing: 200_000,
    }),
    profiles: profilesOf(profiles, arms),
    verdict: {
      statistic:
        'per seed and task, the mean over evaluations along fine-tuning of the discounted return (γ = 0.99): samples of soft Q-learning, and the deterministic action of DDPG, both without noise; the difference of SQL pretrained to DDPG pretrained and to DDPG from scratch, seed by seed',
      threshold:
        'all six mean differences are above 0 with their 95 % intervals; inconclusive where an interval holds 0',
      fails: 'one of the mean differences is 0 or below',
      leastSeeds: 5,
      roles: { pretrained: ['sql'], 'DDPG pretrained': ['ddpg'], 'DDPG from scratch': ['scratch'] },
      judge,
    },
    control: {
      meaning: 'DDPG from scratch in the place of SQL: nothing was learned before',
      roles: { pretrained: ['scratch'], 'DDPG pretrained': ['ddpg'], 'DDPG from scratch': ['scratch'] },
    },
    plots: [
      ...names.map((name): Plot => ({
        kind: 'curves',
        title: `${titles[name]} (fig. 3.8)`,
        arms: all,
        curve: `${name}.return`,
        over: 'deviation',
        y: 'discounted return',
      })),
      {
        kind: 'table',
        title: 'At the end',
        arms: all,
        columns: names.flatMap((name) => [
          { scalar: `${name}.return`, title: `${titles[name]}: discounted return` },
          { scalar: `${name}.success`, title: 'success' },
        ]),
      },
    ],
    paperTable: rowsOf(names, (name) => ({
      ...tableC1(name, { steps: 2_000_000 }),
      ...noiseC1(name),
      [`settings.${name}.env`]: `${body}-${tasks[name]}`,
    })),
    paperRows: {
      sql: { ...pretrainedC1, ...softC1('pretrain'), ...rowsOf(names, fineTuningC1) },
      ddpg: pretrainedC1,
    },
    paperArms: all,
    differences: [
      'the thesis gives neither the geometry of hallways and bend nor the width of the reward: 8 m, 3 m, and 4 m around a wall of 4 m',
      'the thesis does not state the size of the set of latents: 100',
      'the samples before training are uniform actions, but in fine-tuning those of the pretrained policy; the released code takes those of the untrained policy',
      ...endDifferences(body),
      ...differences,
    ],
  }
}
