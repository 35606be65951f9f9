import { join } from 'node:path'
import { resolveTrainConfig, type TrainConfig } from '@maxent/train'
import { meanOf } from '../../statistics/samples.ts'
import type { CellData } from '../../run/cellResult.ts'
import { digits } from '../../run/digits.ts'
import {
  learnFromParts,
  learnPart,
  resolvedConfig,
  type LearnedPart,
  type Stage,
} from '../composition/learnPart.ts'
import { learners, type LearnerId } from '../composition/learners.ts'
import { takeLooks } from '../staged/looks.ts'
import type { ComputeArm, JsonRecord } from '../suite.ts'
import { relabelled } from './composedReward.ts'
import { finalPlaces } from './finalPlaces.ts'
import type { Goal } from './goals.ts'
import { goalPart, judgeOn } from './goalPart.ts'
import { sight } from './mergingArm.ts'

/** How the way to a combined goal is measured. */
export interface Way {
  readonly algorithm: LearnerId
  /** The combined goal, and what it is made of. */
  readonly goal: Goal
  readonly parts: readonly Goal[]
  readonly config: Readonly<Record<string, unknown>>
  /** Of each part, and of learning the combined goal online. */
  readonly train: Partial<TrainConfig>
  /** Gradient steps after which the policy is judged, rising. */
  readonly looks: readonly number[]
  /** Likewise of learning the composed reward from the transitions of the same parts, where that is done besides. */
  readonly offline?: readonly number[]
  /** Episodes per look. */
  readonly episodes: number
}

const labels = { extraction: 'extraction', online: 'online, composed reward' } as const

/**
 * An arm of figure 6.2: the distance of the puck at the end of episodes after so many gradient steps. `extraction` has a policy taken from the
 * combined values, `online` learns the composed reward in the environment. The curve `distance` is over gradient steps; samples `log10.steps` and
 * `distance` are the same; `steps` counts those in environments after the parts. Names that begin with `offline.` are of learning the composed
 * reward from the transitions of the parts, which are learned once.
 */
export function wayArm(id: string, source: keyof typeof labels, way: Way): ComputeArm {
  const { algorithm, parts, looks, offline } = way
  const config = resolvedConfig(algorithm, { ...sight(algorithm), ...way.config })
  const train = resolveTrainConfig({ evaluateEvery: 0, finalEpisodes: 0, ...way.train })
  const last = looks[looks.length - 1]
  const before = source === 'online' ? train.warmupSteps : parts.length * train.steps
  const total = before + last + (offline?.at(-1) ?? 0)
  return {
    kind: 'compute',
    id,
    label: `${algorithm.toUpperCase()}, ${labels[source]}`,
    settings: JSON.parse(JSON.stringify({ ...way, source, config, train })) as JsonRecord,
    compute: async ({ seed, folder, signal, onProgress, onNotice }) => {
      const counter = { count: 0 }
      const stage: Stage = { algorithm, config, train, seed, folder, counter, signal, onNotice }
      const report = (step: number): void => onProgress(step, total)
      if (source === 'online') return dataOf('', looks, await online(way, stage, report))
      const learned = await learnParts(way, stage, report)
      const known = parts.length * train.steps
      const judged = (step: number): void => report(known + step)
      const extracted = await fromParts(way, learned, { stage, looks, rewarded: false, report: judged })
      const data = dataOf('', looks, extracted)
      if (offline === undefined) return data
      const onward = (step: number): void => report(known + last + step)
      const found = await fromParts(way, learned, { stage, looks: offline, rewarded: true, report: onward })
      const more = dataOf('offline.', offline, found)
      return {
        curves: { ...data.curves, ...more.curves },
        samples: { ...data.samples, ...more.samples },
        scalars: { ...data.scalars, ...more.scalars },
      }
    },
  }
}

interface Found {
  readonly distances: readonly number[]
  /** In environments after the parts were learned, those that judge excepted. */
  readonly steps: number
}

async function learnParts(
  { parts: names }: Way,
  stage: Stage,
  report: (step: number) => void,
): Promise<readonly LearnedPart[]> {
  const parts: LearnedPart[] = []
  for (const [i, name] of names.entries()) {
    const onStep = (step: number): void => report(i * stage.train.steps + step)
    parts.push(await learnPart(goalPart(name), stage, onStep))
  }
  return parts
}

interface PartsRequest {
  readonly stage: Stage
  readonly looks: readonly number[]
  /** Whether the composed reward is learned from their transitions; else a policy is taken from their combined values. */
  readonly rewarded: boolean
  readonly report: (step: number) => void
}

/** Gradient steps on the transitions of parts. */
async function fromParts(
  { parts: names, goal, algorithm, episodes }: Way,
  parts: readonly LearnedPart[],
  { stage, looks, rewarded, report }: PartsRequest,
): Promise<Found> {
  const { seed, counter, signal } = stage
  const before = counter.count
  const rule = { kind: 'mean' } as const
  const learner = rewarded ? parts[0].learner : learners[algorithm].compose(parts, { rule, config: {} })
  const distances: number[] = []
  let judging = 0
  await learnFromParts(parts, stage, {
    algorithm: learner,
    updates: looks[looks.length - 1],
    ...(rewarded && { relabel: relabelled(names) }),
    afterUpdate: async (updates, agent) => {
      if (!looks.includes(updates)) return
      const from = counter.count
      const policy = learners[algorithm].policy(agent)
      const { distance } = await finalPlaces({
        goal,
        policy,
        episodes,
        seed,
        counter,
        signal,
      })
      distances.push(meanOf(distance))
      judging += counter.count - from
      report(updates)
    },
  })
  return { distances, steps: counter.count - before - judging }
}

/** The combined goal learned in the environment, look by look; gradient steps begin after the warm-up, one per step. */
async function online(
  { parts, goal, looks, episodes }: Way,
  stage: Stage,
  report: (step: number) => void,
): Promise<Found> {
  const { train, folder } = stage
  const part = goalPart(goal, parts)
  const taken = await takeLooks<{ readonly step: number; readonly distance: number }>({
    file: join(folder, 'online.looks.json'),
    steps: looks,
    take: async (step) => {
      const loop = { ...train, steps: train.warmupSteps + step }
      const candidate = await learnPart(part, { ...stage, train: loop }, report)
      const { distance } = await judgeOn({ candidate, goal, episodes }, stage)
      return { step, distance: meanOf(distance) }
    },
  })
  return {
    distances: taken.map(({ distance }) => distance),
    steps: train.warmupSteps + looks[looks.length - 1],
  }
}

/** What a cell keeps of a way, under names that begin alike. */
function dataOf(
  prefix: string,
  looks: readonly number[],
  { distances, steps }: Found,
): Pick<CellData, 'curves' | 'samples' | 'scalars'> {
  const values = distances.map(digits)
  return {
    curves: { [`${prefix}distance`]: { steps: looks, values } },
    samples: {
      [`${prefix}log10.steps`]: looks.map((step) => digits(Math.log10(step))),
      [`${prefix}distance`]: values,
    },
    scalars: { [`${prefix}steps`]: steps, [`${prefix}last`]: values[values.length - 1] },
  }
}
