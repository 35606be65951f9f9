import type { DdpgConfig, NafConfig } from '@maxent/baselines'
import type { SqlConfig } from '@maxent/sql'
import type { Arm, Profile, ProfileName, Suite } from '../suite.ts'
import { quickLearners, smokeLearners, thesisLearners } from './learners.ts'
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
  /** What else differs from appendix C.1. */
  readonly config?: Partial<SqlConfig> | Partial<DdpgConfig> | Partial<NafConfig>
}

/** A run with the settings of the thesis, appendix C.1, or with smaller ones. Copies of targets are spread as the run is shortened. */
export function thesisRun(asked: ThesisRun): StagedRun {
  const { size, length, interval = 1_000, rewardScale, config, ...run } = asked
  const { steps, warmupSteps, looks, rollouts } = length
  return {
    ...run,
    config: {
      ...thesisLearners[run.algorithm],
      target: { kind: 'hard', interval: size === 'thesis' ? interval : smallInterval },
      ...changes[size][run.algorithm],
      ...(run.algorithm === 'sql' && size !== 'thesis' && rewardScale !== undefined && { rewardScale }),
      ...config,
    },
    train: {
      steps,
      warmupSteps,
      replayCapacity: size === 'thesis' ? 1_000_000 : steps + 2_000,
      logEvery: Math.max(100, Math.ceil(steps / 100)),
    },
    looks,
    rollouts,
  }
}

const smallInterval = 500

/** The profiles of a suite, with how long the runs of each are in place of what its arms are changed to; `paper` runs the grid as it stands. */
export type ProfileLengths<L> = Readonly<
  Record<Exclude<ProfileName, 'paper'>, Omit<Profile, 'change'> & { readonly length: L }>
> & { readonly paper?: Omit<Profile, 'change'> }

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
    ...(paper && { paper }),
  }
}
