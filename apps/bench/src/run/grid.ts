import { createHash } from 'node:crypto'
import { resolveConfig } from '@maxent/core'
import { resolveTrainConfig } from '@maxent/train'
import { algorithms } from '../registry/algorithms.ts'
import { lookUp } from '../names.ts'
import type { Arm, JsonRecord, JsonValue, Profile, Suite } from '../suites/suite.ts'
import type { CellResult } from './cellResult.ts'
import type { Revision } from './revision.ts'

/** One run of the grid: an arm with a seed. */
export interface Cell {
  /** The suite that keeps it. */
  readonly suite: string
  readonly arm: Arm
  readonly seed: number
  /** All that decides the result beside the seed and the revision, defaults filled in. */
  readonly settings: JsonRecord
  /** The same settings with every field of the algorithm and the loop at its default. */
  readonly defaults: JsonRecord
  /** SHA-256 of arm, seed and settings, 16 digits. */
  readonly identity: string
  /** The revision of the packages that its result depends on: none where nothing of this project learns. */
  readonly revision: Revision
  /** Its file's name without `.json`, and the name of the folder it works in. */
  readonly name: string
  /** Steps it takes, for progress. */
  readonly steps: number
}

/** What is expanded. */
export interface GridRequest {
  readonly profile: Profile
  readonly revision: Revision
  /** In place of the profile's number. */
  readonly seeds?: number | undefined
  /** Threads of each cell. Default: 1. */
  readonly threads?: number
  /** Finished cells of the grid, which decide the choices of arms that have one: `planCells` finds them. Default: none. */
  readonly finished?: readonly CellResult[]
}

/** The arms of a suite as a profile has them. */
export function armsOf({ grid }: Pick<Suite, 'grid'>, { change }: Pick<Profile, 'change'>): readonly Arm[] {
  return change === undefined ? grid : grid.map(change).filter((arm) => arm !== undefined)
}

/**
 * Every cell of a suite's grid, seed by seed, so that the first seeds of all arms come first. An arm with a choice that is not decided has none.
 * @throws RangeError or TypeError that names a setting that breaks its rule.
 */
export function expandGrid(
  suite: Suite,
  { profile, revision, seeds = profile.seeds, threads = 1, finished = [] }: GridRequest,
): readonly Cell[] {
  const usual = Array.from({ length: seeds }, (_, i) => i + 1)
  const all = armsOf(suite, profile)
  const arms = all
    .map((arm) => decide(arm, all, finished))
    .filter((arm) => arm !== undefined)
    .map((arm) => ({
      arm,
      settings: resolveArm(arm, threads),
      defaults: resolveArm(bare(arm), threads),
      seeds: arm.seeds ?? usual.slice(0, arm.mostSeeds),
    }))
  const most = Math.max(0, ...arms.map((arm) => arm.seeds.length))
  return Array.from({ length: most }, (_, i) => i).flatMap((i) =>
    arms
      .filter((arm) => i < arm.seeds.length)
      .map(({ arm, settings, defaults, seeds: own }): Cell => {
        const seed = own[i]
        const identity = identityOf({ arm: arm.id, seed, settings })
        const revised = arm.kind === 'train' || arm.kind === 'compute' ? revision : {}
        const name = [arm.id, `seed${seed}`, identity, ...revisionWords(revised)].join('-')
        const steps = stepsOf(settings)
        const keeper = keeperOf(arm, suite, profile)
        return { suite: keeper, arm, seed, settings, defaults, identity, revision: revised, name, steps }
      }),
  )
}

/** The suite that keeps an arm's cells. */
function keeperOf(
  arm: Arm,
  { id }: Pick<Suite, 'id'>,
  { cellsOf, sharedArms }: Pick<Profile, 'cellsOf' | 'sharedArms'>,
): string {
  if (cellsOf === undefined) return id
  return sharedArms === undefined || sharedArms.test(arm.id) ? cellsOf : id
}

/** An arm with what its search decides; `undefined` where a cell of the search is not finished. */
function decide(arm: Arm, all: readonly Arm[], finished: readonly CellResult[]): Arm | undefined {
  if (arm.kind !== 'train' || arm.choice === undefined) return arm
  const { among, config } = arm.choice
  const cells = all
    .filter(({ id }) => among.includes(id))
    .flatMap(({ id, seeds = [] }) =>
      seeds.map((seed) => finished.find((cell) => cell.arm === id && cell.seed === seed)),
    )
  if (!cells.every((cell) => cell !== undefined)) return undefined
  return { ...arm, config: { ...arm.config, ...config(cells) } }
}

/**
 * An arm's settings with all defaults filled in, as a cell's file has them.
 * @throws RangeError or TypeError that names a setting that breaks its rule.
 */
export function resolveArm(arm: Arm, threads: number): JsonRecord {
  switch (arm.kind) {
    case 'train':
    case 'peer': {
      const { kind, algorithm, env, config, train } = arm
      const { rules } = lookUp(algorithms, { caller: `arm ${arm.id}`, kind: 'algorithm', name: algorithm })
      return plain({
        kind,
        ...(arm.kind === 'peer' ? { peer: arm.peer } : {}),
        algorithm,
        env,
        config: resolveConfig(rules, config),
        train: resolveTrainConfig(train),
        ...(arm.kind === 'train' && arm.probe !== undefined ? { probe: arm.probe.settings } : {}),
        ...(arm.kind === 'train' && { episodeSteps: arm.episodeSteps }),
        threads,
      })
    }
    case 'uniform':
      return plain({ kind: arm.kind, actions: arm.actions, env: arm.env, episodes: arm.episodes })
    case 'compute':
      return { kind: arm.kind, settings: arm.settings, threads }
  }
}

/** The arm without what was set. */
function bare(arm: Arm): Arm {
  return arm.kind === 'train' || arm.kind === 'peer' ? { ...arm, config: {}, train: {} } : arm
}

/** What JSON makes of a record: fields that are undefined are not there. */
function plain(value: object): JsonRecord {
  return JSON.parse(JSON.stringify(value)) as JsonRecord
}

function identityOf(what: JsonRecord): string {
  return createHash('sha256').update(canonical(what)).digest('hex').slice(0, 16)
}

/** JSON with the keys of every record sorted: equal values give equal text. */
function canonical(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((entry: JsonValue) => canonical(entry)).join()}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join()}}`
}

/** `sac1`, from `@maxent/sac` at 1. */
function revisionWords(revision: Revision): string[] {
  return Object.entries(revision).map(([name, number]) => `${name.replace(/^@maxent\//, '')}${number}`)
}

/** Environment steps of a training run; 1 where the work is not counted in steps. */
function stepsOf({ train }: JsonRecord): number {
  if (typeof train !== 'object' || train === null || !('steps' in train)) return 1
  return typeof train.steps === 'number' ? train.steps : 1
}
