import { join } from 'node:path'
import { resolveTrainConfig, trainOffline, type TrainConfig } from '@maxent/train'
import { meanOf } from '../../statistics/samples.ts'
import type { CellData } from '../../run/cellResult.ts'
import { learnPart, replayOf, resolvedConfig, type Stage } from '../composition/learnPart.ts'
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
  /** Episodes per look. */
  readonly episodes: number
}

/** What a policy is taken from. */
export type Source = 'extraction' | 'offline' | 'online'

const labels: Readonly<Record<Source, string>> = {
  extraction: 'extraction',
  offline: 'offline, composed reward',
  online: 'online, composed reward',
}

/**
 * An arm of figure 6.2: the distance of the puck at the end of episodes after so many gradient steps. `extraction` has a policy taken from the
 * combined values, `offline` learns the composed reward from the transitions of the parts, `online` learns it in the environment. The curve
 * `distance` is over gradient steps; samples `log10.steps` and `distance` are the same; `steps` counts those in environments after the parts.
 */
export function wayArm(id: string, source: Source, way: Way): ComputeArm {
  const { algorithm, parts, looks } = way
  const config = resolvedConfig(algorithm, { ...sight(algorithm), ...way.config })
  const train = resolveTrainConfig({ evaluateEvery: 0, finalEpisodes: 0, ...way.train })
  const last = looks[looks.length - 1]
  const total = (source === 'online' ? 0 : parts.length * train.steps) + last
  return {
    kind: 'compute',
    id,
    label: `${algorithm.toUpperCase()}, ${labels[source]}`,
    settings: JSON.parse(JSON.stringify({ ...way, source, config, train })) as JsonRecord,
    compute: async ({ seed, folder, signal, onProgress }) => {
      const counter = { count: 0 }
      const stage: Stage = { algorithm, config, train, seed, folder, counter, signal }
      const report = (step: number): void => onProgress(step, total)
      const found =
        source === 'online' ? await online(way, stage, report) : await offline(way, source, { stage, report })
      return {
        ...curveOf(found.distances, looks),
        scalars: { steps: found.steps, last: found.distances.at(-1) ?? NaN },
      }
    },
  }
}

interface Found {
  readonly distances: readonly number[]
  /** In environments after the parts were learned, those that judge excepted. */
  readonly steps: number
}

interface OfflineRequest {
  readonly stage: Stage
  readonly report: (step: number) => void
}

/** The parts first; then gradient steps on their transitions. */
async function offline(
  { parts: names, goal, looks, algorithm, episodes }: Way,
  source: 'extraction' | 'offline',
  { stage, report }: OfflineRequest,
): Promise<Found> {
  const { train, seed, counter, signal } = stage
  const parts = []
  for (const [i, name] of names.entries()) {
    const onStep = (step: number): void => report(i * train.steps + step)
    parts.push(await learnPart(goalPart(name, counter), stage, onStep))
  }
  const before = counter.count
  const rule = { kind: 'mean' } as const
  const learner =
    source === 'extraction' ? learners[algorithm].compose(parts, { rule, config: {} }) : parts[0].learner
  const replays = await Promise.all(parts.map((part) => replayOf(part, stage)))
  const distances: number[] = []
  let judging = 0
  await trainOffline({
    algorithm: learner,
    replays,
    updates: looks[looks.length - 1],
    seed,
    signal,
    ...(source === 'offline' && { relabel: relabelled(names) }),
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
      report(names.length * train.steps + updates)
    },
  })
  signal.throwIfAborted()
  return { distances, steps: counter.count - before - judging }
}

/** The combined goal learned in the environment, look by look; gradient steps begin after the warm-up, one per step. */
async function online(
  { parts, goal, looks, episodes }: Way,
  stage: Stage,
  report: (step: number) => void,
): Promise<Found> {
  const { train, folder, counter } = stage
  const part = goalPart(goal, counter, parts)
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

function curveOf(
  distances: readonly number[],
  looks: readonly number[],
): Pick<CellData, 'curves' | 'samples'> {
  const values = distances.map((distance) => Number(distance.toPrecision(5)))
  return {
    curves: { distance: { steps: looks, values } },
    samples: {
      'log10.steps': looks.map((step) => Number(Math.log10(step).toPrecision(5))),
      distance: values,
    },
  }
}
