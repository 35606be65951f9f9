import { bestScale } from '../sacAuto.suite.ts'
import { quickConfig } from '../sac/quickScale.ts'
import { preset, watched } from '../sac/tasks.ts'
import { smokeScale } from '../smokeScale.ts'
import type { Arm, Profile, ProfileName, TrainArm } from '../suite.ts'
import { comparators, grounds, trialsOf, type Trials } from './gait.ts'

/** Steps of the robot in section 5.3, and here of the simulated one, of which the text gives none. */
const robotSteps = 160_000

/** Every walker is tried so often on every ground. */
const trials: Trials = { grounds, episodes: 20 }

/** One trial of 500 steps on every ground for each walker. */
const once: Trials = { ...trials, episodes: 1 }

/** A learner on flat ground with the setting of a figure. */
function learner(figure: '5.2' | '5.6', own: Pick<TrainArm, 'id' | 'label'> & Partial<TrainArm>): TrainArm {
  const { config, train } = preset(`${figure}/minitaur`, own.config)
  return {
    kind: 'train',
    algorithm: 'sac',
    env: 'minitaur-walk',
    ...own,
    config,
    train: { ...train, ...watched(robotSteps) },
  }
}

/** The arm that the figures share, with the networks of either; at reduced scale it is one arm. */
export function learnedOn(figure: '5.2' | '5.6', label: string): TrainArm {
  return learner(figure, { id: 'learned', label, probe: trialsOf(trials) })
}

/** What is searched for the baseline: the reward scale of the benchmarks, and up to the hundredfold that section 5.3 says the minitaur needs. */
const rewardScales = [5, 50, 500]
const fixed = { kind: 'fixed', alpha: 1 } as const

const search = rewardScales.map((rewardScale) =>
  learner('5.2', {
    id: `scale-${rewardScale}`,
    label: `fixed temperature, reward scale ${rewardScale}`,
    config: { rewardScale, temperature: fixed },
    seeds: [101, 102],
    mayDiverge: true,
  }),
)

/** Fixed temperatures: those that are searched, and the one that returns most. */
export const baseline: readonly TrainArm[] = [
  ...search,
  learner('5.2', {
    id: 'tuned',
    label: 'fixed temperature, tuned reward scale',
    config: { temperature: fixed },
    probe: trialsOf(trials),
    choice: { among: search.map(({ id }) => id), config: bestScale },
  }),
]

/** The scripted trot, and random actions. */
export const walkers: readonly Arm[] = comparators(trials)

/** Another scale for what learns. */
function learning(config: TrainArm['config'], steps: number): (arm: Arm) => Arm {
  return (arm) =>
    arm.kind === 'train'
      ? {
          ...arm,
          config: { ...arm.config, ...config },
          train: { ...arm.train, ...watched(steps), evaluateEvery: 2_000, replayCapacity: 2 * steps },
        }
      : arm
}

/** The baseline decides nothing, and costs twice what the judged arms do. */
function withoutBaseline(arm: Arm): Arm | undefined {
  if (baseline.some(({ id }) => id === arm.id)) return undefined
  return learning({ hidden: [256, 256] }, robotSteps)(arm)
}

function smoke(arm: Arm): Arm | undefined {
  if (arm.kind === 'compute') return { ...arm, settings: { ...once } }
  const small = smokeScale.change?.(arm)
  if (small?.kind !== 'train') return small
  const { probe, seeds, ...rest } = small
  return { ...rest, ...(probe && { probe: trialsOf(once) }), ...(seeds && { seeds: seeds.slice(0, 1) }) }
}

/** What both suites run at reduced scale. */
export const reducedScales: Readonly<
  Record<Exclude<ProfileName, 'paper'>, Pick<Profile, 'seeds' | 'scale'> & Required<Pick<Profile, 'change'>>>
> = {
  smoke: { ...smokeScale, change: smoke },
  quick: {
    seeds: 5,
    scale: '64x64 networks, batch 64, learning rate 0.001, 80,000 steps',
    change: learning(quickConfig, 80_000),
  },
  standard: {
    seeds: 5,
    scale: '256x256 networks, 160,000 steps, without the baseline',
    change: withoutBaseline,
  },
}
