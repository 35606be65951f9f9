import type { DdpgConfig, NafConfig } from '@maxent/baselines'
import type { SqlConfig } from '@maxent/sql'
import type { Arm, Profile, ProfileName, Suite } from '../suite.ts'
import { nearSampler, quickLearners, smokeLearners, thesisLearners } from './learners.ts'
import type { StagedRun } from './stagedArm.ts'

/** How far a run goes, and how it is looked at. */
export interface Length {
  readonly steps: number
  /** Steps before the first gradient step. */
  readonly warmupSteps: number
  readonly looks: number
  /** Episodes per look. */
  readonly rollouts: number
}

/** Where soft values take their actions: from the box, or half of them near the sampler. */
type Proposals = 'uniform' | 'near'

/** What `quick` and `standard` have in place of the thesis' learners, in words. */
export const smallLearners: Readonly<Record<Proposals, string>> = {
  uniform: smallNetworks(64, 'uniform'),
  near: smallNetworks(64, 'near'),
}

/** The same with networks of so many units in each of two layers. */
export function smallNetworks(units: number, proposals: Proposals): string {
  const from = proposals === 'near' ? '32 actions, half of them near the sampler' : '32 actions'
  return `${units}x${units} networks, policy rate 0.001; soft Q-learning with averaged targets, 8 particles and 8 others, soft values from ${from}`
}

/** What a profile makes of the thesis' learners: their own networks and rates, or smaller ones. */
export type Size = 'thesis' | 'quick' | 'smoke'

const changes = {
  thesis: { sql: {}, ddpg: {}, naf: {} },
  quick: quickLearners,
  smoke: smokeLearners,
} as const

/** What one run of the thesis is of. */
export interface ThesisRun extends Pick<
  StagedRun,
  'name' | 'env' | 'algorithm' | 'startFrom' | 'tests' | 'ends'
> {
  readonly size: Size
  readonly length: Length
  /** Steps between copies of the target networks, in the thesis. */
  readonly interval?: number
  /** How much rewards count under soft Q-learning where the size is not that of the thesis, which has α alone; 1 when absent. */
  readonly rewardScale?: number
  /** Whether soft values then take half of their actions near the sampler's, as actions of many dimensions need it. */
  readonly near?: boolean
  /** What else differs from appendix C.1. */
  readonly config?: Partial<SqlConfig> | Partial<DdpgConfig> | Partial<NafConfig>
}

/**
 * Gradient steps between copies of the targets of DDPG and NAF where runs are shorter than the thesis': a thousandth of the steps, as the snake has it
 * there, and at least 100.
 */
function spreadInterval(steps: number): number {
  return Math.max(100, Math.round(steps / 1_000))
}

/** A run with the settings of the thesis, appendix C.1, or with smaller ones. */
export function thesisRun(asked: ThesisRun): StagedRun {
  const { size, length, interval = 1_000, rewardScale, near = false, config, ...run } = asked
  const { steps, warmupSteps, looks, rollouts } = length
  return {
    ...run,
    config: {
      ...thesisLearners[run.algorithm],
      target: { kind: 'hard', interval: size === 'thesis' ? interval : spreadInterval(steps) },
      ...changes[size][run.algorithm],
      ...(run.algorithm === 'sql' &&
        size !== 'thesis' && {
          ...(near && nearSampler[size]),
          ...(rewardScale !== undefined && { rewardScale }),
        }),
      ...config,
    },
    train: {
      steps,
      warmupSteps,
      // What was learned before explores where uniform actions would throw it away.
      ...(run.startFrom !== undefined && { warmupPolicy: 'own' }),
      replayCapacity: size === 'thesis' ? 1_000_000 : steps + 2_000,
      logEvery: Math.max(100, Math.ceil(steps / 100)),
    },
    looks,
    rollouts,
  }
}

/** The profiles of a suite, with how long the runs of each are in place of what its arms are changed to; `paper` runs the grid as it stands. */
export type ProfileLengths<L> = Readonly<
  Record<Exclude<ProfileName, 'paper'>, Omit<Profile, 'change'> & { readonly length: L }>
> & { readonly paper: Omit<Profile, 'change'> }

/** The profiles of a suite whose arms are made for a size and a length: `smoke` of the smallest learners, `quick` and `standard` of small ones. */
export function profilesOf<L>(
  { smoke, quick, standard, paper }: ProfileLengths<L>,
  arms: (size: Size, length: L) => readonly Arm[],
): Suite['profiles'] {
  const changed = (size: Size, { length, ...profile }: typeof quick): Profile => ({
    ...profile,
    change: ({ id }) => arms(size, length).find((arm) => arm.id === id),
  })
  return {
    smoke: changed('smoke', smoke),
    quick: changed('quick', quick),
    standard: changed('quick', standard),
    paper,
  }
}
