import { join } from 'node:path'
import { key } from '@maxent/core/keys'
import { createAgent, type TrainConfig } from '@maxent/train'
import { readRun } from '@maxent/train/node'
import { invocation } from '../../invocation.ts'
import type { Policy } from '../../run/baseline.ts'
import type { CellData, Curve } from '../../run/cellResult.ts'
import { curvesOf } from '../../run/executeCell.ts'
import { digits } from '../../run/digits.ts'
import { makeEnvFor } from '../../run/makeEnvFor.ts'
import { readPretrained } from '../../run/pretrained.ts'
import { resolveRun, trainInFolder, type FinishedTraining, type ResolvedRun } from '../../run/training.ts'
import type { ComputeArm, JsonRecord, JsonValue } from '../suite.ts'
import { takeLooks } from './looks.ts'
import { rollOut, type Rollout } from './rollouts.ts'
import { readEnds, recordEnds, type TrainingEnds } from './trainingEnds.ts'
import { inUnits, withUnits, type Units } from './units.ts'

/** A training run that is looked at along the way. */
export interface StagedRun {
  /** Unique in the arm; begins the names of its curves where the arm has several runs. */
  readonly name: string
  readonly env: string
  readonly algorithm: 'sql' | 'ddpg' | 'naf'
  /** Fields of the algorithm's config that are not its defaults. */
  readonly config: Readonly<Record<string, unknown>>
  /** Fields of the loop's config that are not its defaults. */
  readonly train: Partial<TrainConfig>
  /** An earlier run of the arm whose networks it starts with. */
  readonly startFrom?: string
  /** Looks, evenly spaced, the last at the end; at the first step besides where it starts from another run. */
  readonly looks: number
  /** Episodes per look. */
  readonly rollouts: number
  /** Whether all episodes of a look begin alike, so that they differ by what the policy draws alone. */
  readonly oneStart?: true
  /** Episodes of other tasks at the last look. Their least and most leave out the first `since` steps. */
  readonly tests?: { readonly tasks: readonly JsonValue[]; readonly since: number }
  /** What observations are shown in to the learner. Absent: as the environment has them. */
  readonly units?: Units
  /** The number of `info` in which training is looked at as well, at the end of its own episodes: the curve `training.NAME`. */
  readonly ends?: string
}

/** What a look finds: numbers, which become curves and, of the last look, scalars; and what is kept of the last look alone. */
export interface Sight {
  readonly numbers: Readonly<Record<string, number>>
  readonly scalars?: Readonly<Record<string, number>>
  readonly samples?: Readonly<Record<string, readonly number[]>>
}

/**
 * Sums up the episodes of a look; `before` are the numbers of the look before, none at the first; `tests` are the episodes of
 * {@link StagedRun.tests}, none before the last look.
 */
type Look = (
  rollouts: readonly Rollout[],
  before: Sight['numbers'] | undefined,
  tests: readonly Rollout[],
) => Sight

/** What {@link stagedArm} makes an arm of. */
export interface StagedArmOptions {
  readonly id: string
  readonly label: string
  /** In their order. */
  readonly runs: readonly StagedRun[]
  readonly look: Look
  /** As {@link ComputeArm.mostSeeds}. */
  readonly mostSeeds?: number
}

/**
 * An arm that trains, and at even distances rolls out the policy as a paper looks at it: soft Q-learning by its samples, without noise on top,
 * DDPG and NAF by their best action. A stage ends with a checkpoint; a cell that is interrupted goes on there.
 *
 * Curves and samples have the names that the look gives them, after the name of the run and a dot where there are several; the curves of
 * the learners' metrics are beside them.
 */
export function stagedArm({ id, label, runs, look, mostSeeds }: StagedArmOptions): ComputeArm {
  const resolved = runs.map((run) => ({ run, ...resolveStaged(run) }))
  const total = resolved.reduce((sum, { resolvedRun }) => sum + resolvedRun.trainConfig.steps, 0)
  return {
    kind: 'compute',
    id,
    label,
    ...(mostSeeds !== undefined && { mostSeeds }),
    settings: Object.fromEntries(resolved.map(({ run, settings }) => [run.name, settings])),
    compute: async (request) => {
      const data: { curves: CellData['curves']; scalars: CellData['scalars']; samples: CellData['samples'] } =
        { curves: {}, scalars: {}, samples: {} }
      let done = 0
      for (const { run, resolvedRun } of resolved) {
        const found = await runInStages(run, resolvedRun, {
          look,
          seed: request.seed,
          folder: request.folder,
          signal: request.signal,
          onStep: (step) => request.onProgress(done + step, total),
          onNotice: request.onNotice,
        })
        done += resolvedRun.trainConfig.steps
        const named = <T>(values: Readonly<Record<string, T>>): Record<string, T> =>
          runs.length === 1
            ? values
            : Object.fromEntries(
                Object.entries(values).map(([name, value]) => [`${run.name}.${name}`, value]),
              )
        data.curves = { ...data.curves, ...named(found.curves) }
        data.scalars = { ...data.scalars, ...named(found.scalars) }
        data.samples = { ...data.samples, ...named(found.samples) }
      }
      return data
    },
  }
}

/** All that decides a run, defaults filled in, and the run that it asks for: evaluations are the looks' matter. */
export function resolveStaged(run: StagedRun): {
  readonly settings: JsonRecord
  readonly resolvedRun: ResolvedRun
} {
  const { env, algorithm, startFrom, looks, rollouts, oneStart, tests, units, ends } = run
  const train = { evaluateEvery: 0, finalEpisodes: 0, checkpointEvery: 0, ...run.train }
  const resolvedRun = resolveRun({ env, algo: algorithm }, { config: run.config, train })
  const settings = {
    env,
    algorithm,
    config: resolvedRun.config,
    train: resolvedRun.trainConfig,
    ...(startFrom !== undefined && { startFrom }),
    looks,
    rollouts,
    oneStart,
    tests,
    units,
    ends,
  }
  // What JSON makes of it: fields that are undefined are not there.
  return { settings: JSON.parse(JSON.stringify(settings)) as JsonRecord, resolvedRun }
}

interface StagesRequest {
  readonly look: Look
  readonly seed: number
  readonly folder: string
  readonly signal: AbortSignal
  readonly onStep: (step: number) => void
  readonly onNotice: (message: string) => void
}

/** A look as its file has it. */
interface TakenLook extends Sight {
  readonly step: number
}

async function runInStages(
  run: StagedRun,
  resolvedRun: ResolvedRun,
  { look, seed, folder, signal, onStep, onNotice }: StagesRequest,
): Promise<Required<Pick<CellData, 'curves' | 'scalars' | 'samples'>>> {
  const inFolder = join(folder, run.name)
  const before = run.startFrom === undefined ? undefined : await readPretrained(join(folder, run.startFrom))
  const { ends: name, units = {} } = run
  const ends: TrainingEnds | undefined =
    name === undefined ? undefined : { file: join(folder, `${run.name}.ends.txt`), name }
  const { steps: total } = resolvedRun.trainConfig
  const told = new Set<string>()
  // Every stage has the same warnings, and advises on the same metrics.
  const tellOnce = (message: string, advice?: string): void => {
    const what = advice ?? message
    if (!told.has(what)) onNotice(`${run.name}: ${message}`)
    told.add(what)
  }
  const taken = await takeLooks<TakenLook>({
    file: join(folder, `${run.name}.looks.json`),
    steps: stagesOf(run, total),
    take: async (step, last) => {
      const learned = await trainInFolder(
        { ...resolvedRun, trainConfig: { ...resolvedRun.trainConfig, steps: step } },
        {
          seed,
          threads: 1,
          folder: inFolder,
          ...(before && { before }),
          through: (env) => {
            const seen = withUnits(env, units)
            return ends === undefined ? seen : recordEnds(seen, ends)
          },
          resumeCommand: `${invocation} run ... --resume`,
          signal,
          onProgress: (standing) => onStep(standing.step),
          onNotice: tellOnce,
        },
      )
      const { rollouts, tests } = await rollOutLearned(learned, {
        run,
        resolvedRun,
        tested: step === total,
        seed,
        signal,
      })
      return { step, ...look(rollouts, last?.numbers, tests) }
    },
  })
  const last = taken[taken.length - 1]
  const steps = taken.map(({ step }) => step)
  const names = Object.keys(last.numbers)
  return {
    curves: {
      ...curvesOf(await readRun(inFolder)),
      ...Object.fromEntries(
        names.map((one) => [one, { steps, values: taken.map(({ numbers }) => digits(numbers[one])) }]),
      ),
      ...(ends && { [`training.${ends.name}`]: inDigits(await readEnds(ends)) }),
    },
    scalars: Object.fromEntries(
      Object.entries({ ...last.numbers, ...last.scalars }).map(([one, value]) => [one, digits(value)]),
    ),
    samples: Object.fromEntries(
      Object.entries(last.samples ?? {}).map(([one, values]) => [one, values.map(digits)]),
    ),
  }
}

const inDigits = ({ steps, values }: Curve): Curve => ({ steps, values: values.map(digits) })

/** Steps at which a run is looked at; the first step stands for what it starts from. */
function stagesOf({ looks, startFrom }: StagedRun, steps: number): readonly number[] {
  const even = Array.from({ length: looks }, (_, i) => Math.round(((i + 1) * steps) / looks))
  return startFrom === undefined ? even : [1, ...even]
}

interface LookRequest {
  readonly run: StagedRun
  readonly resolvedRun: ResolvedRun
  /** Whether the tests are made as well. */
  readonly tested: boolean
  readonly seed: number
  readonly signal: AbortSignal
}

async function rollOutLearned(
  { state }: FinishedTraining,
  { run, resolvedRun, tested, seed, signal }: LookRequest,
): Promise<{ readonly rollouts: readonly Rollout[]; readonly tests: readonly Rollout[] }> {
  const { entry, id, config } = resolvedRun
  const env = await makeEnvFor(entry, id)
  // Soft Q-learning without the noise on top of its samples.
  const quiet = run.algorithm === 'sql' ? { ...config, exploration: undefined } : config
  const agent = await createAgent({ algorithm: entry.make(env.spec, quiet), key: key(seed), state })
  let calls = 0
  const { units = {} } = run
  const policy: Policy = (observation) => {
    const seen = inUnits(observation, units)
    return run.algorithm === 'sql' ? agent.act(seen, calls++) : agent.actDeterministic(seen)
  }
  const request = { env, policy, gamma: config.gamma as number, seed, signal }
  try {
    const rollouts = await rollOut({ ...request, count: run.rollouts, oneStart: run.oneStart })
    if (!tested || run.tests === undefined) return { rollouts, tests: [] }
    const { tasks, since } = run.tests
    return { rollouts, tests: await rollOut({ ...request, count: tasks.length, tasks, since }) }
  } finally {
    await agent.dispose()
    env.close()
  }
}
