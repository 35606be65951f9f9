import { resolveTrainConfig, type TrainConfig } from '@maxent/train'
import type { CellData } from '../../run/cellResult.ts'
import {
  apartness,
  extract,
  learnPart,
  resolvedConfig,
  type Extraction,
  type LearnedPart,
} from '../composition/learnPart.ts'
import type { LearnerId } from '../composition/learners.ts'
import type { ComputeArm, JsonRecord } from '../suite.ts'
import { finalPlaces, summaryOf } from './finalPlaces.ts'
import { goalPart, judgeOn } from './goalPart.ts'
import { goals, seen, type Goal } from './goals.ts'

/** What a learner learns, and what it combines. */
export interface Merging {
  readonly algorithm: LearnerId
  /** Goals that are learned by themselves, and judged. */
  readonly goals: readonly Goal[]
  /** What each combined goal is made of. */
  readonly merges: Readonly<Partial<Record<Goal, readonly Goal[]>>>
  /** Fields of the algorithm's config that are not its defaults. */
  readonly config: Readonly<Record<string, unknown>>
  /** Fields of the loop's config that are not its defaults. */
  readonly train: Partial<TrainConfig>
  readonly extraction: Extraction
  /** Episodes that each policy is judged by. */
  readonly episodes: number
}

/** The observation groups that the networks of a learner see. */
export function sight(algorithm: LearnerId): Readonly<Record<string, readonly string[]>> {
  return algorithm === 'naf' ? { groups: seen } : { policyGroups: seen, criticGroups: seen }
}

/**
 * An arm that learns goals, each by itself, and combines some of them without another step in the environment. Scalars: per goal
 * `GOAL.distance` and `GOAL.sd`, of the puck at the end of episodes, m; `merge-GOAL.distance`, `.sd` likewise; `newSteps` in environments
 * while combining; of SQL `merge-GOAL.divergence` and `.penalty`, how far the parts are apart in the last batch, and, where they are learned, `.gap` and
 * `.regret`, C and D of the bounds there; of NAF `merge-GOAL.singular`, the share of its states in which the sum of the P is singular. Samples: the places
 * `GOAL.x`, `GOAL.y`.
 */
export function mergingArm(id: string, label: string, merging: Merging): ComputeArm {
  const { algorithm, extraction, episodes, merges } = merging
  const config = resolvedConfig(algorithm, { ...sight(algorithm), ...merging.config })
  const train = resolveTrainConfig({ evaluateEvery: 0, finalEpisodes: 0, ...merging.train })
  const total = merging.goals.length * train.steps
  return {
    kind: 'compute',
    id,
    label,
    settings: plain({
      ...merging,
      config,
      train,
      tasks: Object.fromEntries(merging.goals.map((goal) => [goal, goals[goal]])),
    }),
    compute: async ({ seed, folder, signal, onProgress, onNotice }) => {
      const counter = { count: 0 }
      const stage = { algorithm, config, train, seed, folder, counter, signal, onNotice }
      const learned: Partial<Record<Goal, LearnedPart>> = {}
      const data: Pick<CellData, 'scalars' | 'samples'> = { scalars: {}, samples: {} }
      const keep = ({ scalars, samples }: typeof data): void => {
        Object.assign(data.scalars, scalars)
        Object.assign(data.samples, samples)
      }
      for (const [i, goal] of merging.goals.entries()) {
        const onStep = (step: number): void => onProgress(i * train.steps + step, total)
        const one = await learnPart(goalPart(goal), stage, onStep)
        learned[goal] = one
        keep(summaryOf(goal, await judgeOn({ candidate: one, goal, episodes }, stage)))
      }
      let newSteps = 0
      for (const [goal, names] of Object.entries(merges) as [Goal, readonly Goal[]][]) {
        const parts = names.map((name) => learned[name] as LearnedPart)
        const { metrics, newSteps: taken, ...candidate } = await extract(parts, extraction, stage)
        newSteps += taken
        const name = `merge-${goal}`
        keep(summaryOf(name, await judgeOn({ candidate, goal, episodes }, stage)))
        for (const metric of [...apartness, 'singular'])
          if (metric in metrics) keep({ scalars: { [`${name}.${metric}`]: metrics[metric] }, samples: {} })
      }
      return { ...data, scalars: { ...data.scalars, newSteps } }
    },
  }
}

/** The distances that an arm at rest leaves to combined goals. */
export function idleArm(
  id: string,
  label: string,
  settings: { readonly goals: readonly Goal[]; readonly episodes: number },
): ComputeArm {
  return {
    kind: 'compute',
    id,
    label,
    settings: plain(settings),
    compute: async ({ seed, signal }) => {
      const data: Pick<CellData, 'scalars' | 'samples'> = { scalars: {}, samples: {} }
      const rest = new Float32Array(3)
      for (const goal of settings.goals) {
        const places = await finalPlaces({
          goal,
          policy: () => rest,
          episodes: settings.episodes,
          seed,
          counter: { count: 0 },
          signal,
        })
        const { scalars, samples } = summaryOf(`merge-${goal}`, places)
        Object.assign(data.scalars, scalars)
        Object.assign(data.samples, samples)
      }
      return data
    },
  }
}

/** What JSON makes of settings: fields that are undefined are not there. */
function plain(value: object): JsonRecord {
  return JSON.parse(JSON.stringify(value)) as JsonRecord
}
