import type { CellResult } from '../../run/cellResult.ts'
import { meanOf } from '../../statistics/samples.ts'
import { meanInterval } from '../../statistics/tests.ts'
import type { ComputeArm, Judgement, Metric, Suite } from '../suite.ts'
import { drawnPaths, headingEntropy, mostEntropy } from './headings.ts'
import type { Rollout } from './rollouts.ts'
import {
  profilesOf,
  thesisRun,
  type Length,
  type ProfileLengths,
  type Size,
  type ThesisRun,
} from './scale.ts'
import { stagedArm, type Sight, type StagedRun } from './stagedArm.ts'
import { endDifferences, noiseC1, softC1, tableC1, uniformWarmUp } from './tableC1.ts'

/** Temperatures of figure D.1, by the ids of their arms, which are the roles of the rule. */
const alphas = { 'alpha-10': 10, 'alpha-1': 1, 'alpha-tenth': 0.1, 'alpha-hundredth': 0.01 } as const
const ids = Object.keys(alphas)
const middle = 'alpha-tenth'

/** Paths that figures show per cell. */
const drawn = 24

function look(rollouts: readonly Rollout[]): Sight {
  return {
    numbers: {
      headingEntropy: headingEntropy(rollouts),
      meanSpeed: meanOf(rollouts.map(({ meanReward }) => meanReward)),
      meanSteps: meanOf(rollouts.map(({ steps }) => steps)),
    },
    samples: drawnPaths(rollouts, drawn),
  }
}

export interface PretrainingOptions {
  readonly id: string
  readonly body: 'ant' | 'ball'
  /** What the entropy of headings must reach at α = 0.1, nats, and why. */
  readonly coverage: { readonly nats: number; readonly reason: string }
  readonly profiles: ProfileLengths<Length>
  readonly differences: readonly string[]
}

/** The least-squares slope of a number per factor of ten of α, seed by seed, in cells of the four temperatures in their order. */
function slopes(byAlpha: readonly (readonly CellResult[])[], scalar: string): readonly number[] {
  const decades = Object.values(alphas).map(Math.log10)
  const centre = meanOf(decades)
  const spread = decades.reduce((sum, x) => sum + (x - centre) ** 2, 0)
  return byAlpha[0].map(
    (_, i) => decades.reduce((sum, x, k) => sum + (x - centre) * byAlpha[k][i].scalars[scalar], 0) / spread,
  )
}

/** The mean with its interval; without one for a single value. */
function estimate(values: readonly number[]): Metric {
  return values.length < 2 ? { value: meanOf(values) } : meanInterval(values)
}

function judgeWith(nats: number): Suite['verdict']['judge'] {
  return (roles): Judgement => {
    const byAlpha = ids.map((id) => roles[id])
    const [diversity, speed] = [slopes(byAlpha, 'headingEntropy'), slopes(byAlpha, 'meanSpeed')].map(estimate)
    const coverage = meanOf(roles[middle].map(({ scalars }) => scalars.headingEntropy))
    const holds = coverage >= nats && (diversity.low ?? -1) > 0 && (speed.high ?? 1) < 0
    const fails = coverage < nats || diversity.value <= 0 || speed.value >= 0
    return {
      verdict: holds ? 'holds' : fails ? 'fails' : 'inconclusive',
      reason:
        `per factor of ten of α the entropy of headings changes by ${shown(diversity)} nats and the speed by ${shown(speed)} m/s; ` +
        `at α = 0.1 the entropy is ${coverage.toFixed(2)} of ${mostEntropy.toFixed(2)} nats`,
      metrics: { 'headingEntropy.slope': diversity, 'meanSpeed.slope': speed, coverage: { value: coverage } },
    }
  }
}

function shown({ value, low, high }: Metric): string {
  const interval = low === undefined || high === undefined ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)})`
  return `${value.toFixed(3)}${interval}`
}

/** Haarnoja 2018, figures 3.6 and D.1: pretraining for speed wherever to, at four temperatures, with a body of choice. */
export function pretrainingSuite(options: PretrainingOptions): Suite {
  const { id, body, coverage, profiles, differences } = options
  const arms = (size: Size, length: Length): readonly ComputeArm[] => {
    const pretrain = (asked: Pick<ThesisRun, 'algorithm' | 'config'>): StagedRun => ({
      ...thesisRun({ ...asked, name: 'pretrain', env: `${body}-speed`, size, length, near: body === 'ant' }),
      oneStart: true,
    })
    return [
      ...Object.entries(alphas).map(([name, alpha]) =>
        stagedArm({
          id: name,
          label: `SQL, α = ${alpha}`,
          runs: [pretrain({ algorithm: 'sql', config: { temperature: { kind: 'fixed', alpha } } })],
          look,
        }),
      ),
      stagedArm({ id: 'ddpg', label: 'DDPG', runs: [pretrain({ algorithm: 'ddpg' })], look }),
    ]
  }
  const all = [...ids, 'ddpg']
  return {
    id,
    paper: 'Haarnoja 2018',
    figure: 'fig. 3.6, D.1',
    claim: 'max-ent pretraining covers all directions; diversity falls with alpha',
    packages: ['@maxent/sql', '@maxent/baselines'],
    grid: arms('thesis', { steps: 5_000_000, warmupSteps: 10_000, looks: 1, rollouts: 100 }),
    profiles: profilesOf(profiles, arms),
    verdict: {
      statistic:
        'per seed, of 100 episodes of the learned policy from one start: the entropy of where they lead, in 12 bins of 30 degrees about the heading there; the mean speed; and the least-squares slope of both over the four log10 α',
      threshold:
        `over seeds, the mean slope of the entropy is above 0 and that of the speed below, each with its 95 % interval, and at α = 0.1 the mean entropy is at least ${coverage.nats} nats (${coverage.reason}); ` +
        'inconclusive where an interval holds 0',
      fails: 'a mean slope has the other sign, or headings at α = 0.1 cover less',
      leastSeeds: 5,
      roles: Object.fromEntries(ids.map((name) => [name, [name]])),
      judge: judgeWith(coverage.nats),
    },
    control: {
      meaning:
        'DDPG at every temperature: it has none, so nothing depends on it, and its episodes of one start are one path',
      roles: Object.fromEntries(ids.map((name) => [name, ['ddpg']])),
    },
    plots: [
      {
        kind: 'paths',
        title: 'Paths from the start, one row per seed (fig. D.1)',
        arms: all,
        samples: 'path',
        x: 'x, m',
        y: 'y, m',
      },
      {
        kind: 'table',
        title: 'Of 100 episodes from one start',
        arms: all,
        columns: [
          { scalar: 'headingEntropy', title: 'entropy of headings, nats' },
          { scalar: 'meanSpeed', title: 'speed, m/s' },
          { scalar: 'meanSteps', title: 'steps' },
        ],
      },
      {
        kind: 'scatter',
        title: 'Diversity and speed',
        arms: all,
        x: { name: 'meanSpeed', title: 'speed, m/s' },
        y: { name: 'headingEntropy', title: 'entropy of headings, nats' },
      },
    ],
    paperTable: {
      ...tableC1('pretrain', { steps: 5_000_000 }),
      ...noiseC1('pretrain'),
      'settings.pretrain.env': `${body}-speed`,
    },
    paperRows: Object.fromEntries(
      Object.entries(alphas).map(([name, alpha]) => [name, softC1('pretrain', { alpha })]),
    ),
    paperArms: all,
    differences: [
      'the thesis shows paths alone: entropies, speeds and the number of episodes are chosen; all of a seed begin alike, for a policy that sees where it stands and draws nothing spreads over headings as starts do',
      uniformWarmUp,
      ...endDifferences(body),
      ...differences,
    ],
  }
}
