import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { memoryStore, parseRecord, train, type TrainConfig } from '@maxent/train'
import type { Env } from '@maxent/core/contracts'
import { makeEnv, vectorEnv } from '@maxent/envs'
import { lookUp } from '../names.ts'
import { quietTfjs } from '../quietTfjs.ts'
import { algorithms } from '../registry/algorithms.ts'
import { revisionOf, type Revision } from './revision.ts'
import { resolveRun } from './training.ts'

/** What an algorithm learns in a few hundred updates: kept beside its learning revision, and compared at every test. */
export interface Golden {
  readonly algorithm: string
  readonly env: string
  readonly revision: Revision
  /** The means of every metric over stretches of steps. */
  readonly lines: readonly GoldenLine[]
}

interface GoldenLine {
  readonly step: number
  readonly metrics: Readonly<Record<string, number>>
}

/**
 * Metrics may differ by this share of their size, and by 1e-5 absolutely. Rounding differs by processor: after 300 updates by
 * 1e-6 or so; a change to learning shows at once.
 */
const tolerance = 1e-3

/** Sizes that any algorithm learns with in a second. */
const sizes = { hidden: [32, 32], batchSize: 32, environments: 2, length: 50, epochs: 2 }

/** 300 updates in 75 steps after 400 that are the same whatever is learned, so that rounding has little time to grow in the closed loop. */
const loop: Partial<TrainConfig> = {
  steps: 475,
  warmupSteps: 400,
  updatesPerStep: 4,
  replayCapacity: 1_000,
  logEvery: 25,
  metricsEvery: 1,
  evaluateEvery: 0,
  finalEpisodes: 0,
}

const id = 'pendulum'

/** Where a golden run is kept. */
export function goldenFile(algorithm: string): string {
  return fileURLToPath(new URL(`../../goldens/${algorithm}.json`, import.meta.url))
}

/** The golden run that is kept of an algorithm. */
export async function readGolden(algorithm: string): Promise<Golden> {
  return JSON.parse(await readFile(goldenFile(algorithm), 'utf8')) as Golden
}

/** Trains an algorithm at small sizes, with a fixed seed, on Pendulum; one that acts by choices has three torques to choose from. */
export async function runGolden(
  name: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Golden> {
  quietTfjs()
  const {
    rules,
    actions,
    package: from,
  } = lookUp(algorithms, {
    caller: 'golden',
    kind: 'algorithm',
    name,
  })
  const small = Object.fromEntries(Object.entries(sizes).filter(([field]) => field in (rules.defaults ?? {})))
  const { entry, config, trainConfig } = resolveRun(
    { env: id, algo: name },
    { config: { ...small, ...change }, train: loop },
  )
  const make = async (): Promise<Env> => {
    const env = await makeEnv(id)
    return actions === 'choices' ? choosing(env, 3) : env
  }
  const evalEnv = await make()
  const algorithm = entry.make(evalEnv.spec, config)
  const { experience } = algorithm
  const env =
    experience?.kind === 'rollouts'
      ? vectorEnv(await Promise.all(Array.from({ length: experience.environments }, make)))
      : await make()
  const store = memoryStore()
  try {
    await train({ env, evalEnv, algorithm, config: trainConfig, seed: 1, store })
  } finally {
    env.close()
    evalEnv.close()
  }
  const metrics = new TextDecoder().decode(await store.read('metrics.jsonl'))
  const record = parseRecord({ config: '', metrics, evaluations: '' })
  return {
    algorithm: name,
    env: evalEnv.spec.id,
    revision: await revisionOf([from]),
    lines: record.metrics
      .filter((line) => Object.keys(line.metrics).length > 0)
      .map((line) => ({ step: line.step, metrics: line.metrics })),
  }
}

/** An environment of one action, of which `choices` values spread evenly over its bounds can be chosen. */
function choosing(env: Env, choices: number): Env {
  const { low, high } = env.spec.action
  const taken = new Float32Array(1)
  return {
    ...env,
    spec: {
      ...env.spec,
      id: `${env.spec.id}, ${choices} choices`,
      action: { low: [0], high: [choices - 1], choices },
    },
    step: ([choice]) => {
      taken[0] = low[0] + ((high[0] - low[0]) * choice) / (choices - 1)
      return env.step(taken)
    },
  }
}

/** Where two golden runs differ by more than rounding, a sentence each. */
export function goldenDifferences(kept: Golden, now: Golden): string[] {
  if (kept.lines.length !== now.lines.length) return [`${now.lines.length} lines, ${kept.lines.length} kept`]
  return kept.lines.flatMap(({ step, metrics }, i) => {
    const found = now.lines[i].metrics
    const names = [...new Set([...Object.keys(metrics), ...Object.keys(found)])]
    return names
      .filter((name) => !isClose(found[name], metrics[name]))
      .map((name) => `step ${step}: ${name} is ${found[name]}, ${metrics[name]} kept`)
  })
}

function isClose(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return Math.abs(a - b) <= tolerance * Math.abs(b) + 1e-5
}
