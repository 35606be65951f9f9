import { describeValue } from '@maxent/core'
import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core/contracts'
import type { Tree } from '@maxent/core/tree'
import type { HostTensor, Program } from '@maxent/jit'
import type { ProgramMode } from './agent.ts'
import type { TrainConfig } from './config.ts'
import { outlineOf } from './outline.ts'
import type { TrainEvent } from './progress.ts'
import type { EvalLine } from './record.ts'
import type { RunStore } from './store.ts'

/** What {@link train} takes. */
export interface TrainOptions {
  /** The environment that experience comes from: one, or several as `vectorEnv` makes them. It stays the caller's to close. */
  readonly env: Env | VectorEnv
  /** Another one of the same kind, for evaluation. It stays the caller's to close. */
  readonly evalEnv: Env
  /** What learns, made for the environment's specification. */
  readonly algorithm: AnyAlgorithm
  /** Fields that differ from {@link trainDefaults}. */
  readonly config?: Partial<TrainConfig>
  /** Decides every random number of the run. */
  readonly seed: number
  /** How the algorithm runs: compiled on one thread when absent. */
  readonly mode?: ProgramMode
  /** A program of the algorithm's functions, in place of one that is made here; once learning has begun it is disposed at the end. `trainSeeds` gives one. */
  readonly program?: Program
  /** Keeps the run record and resumes from it. Without it nothing is recorded. It stays the caller's to close. */
  readonly store?: RunStore
  /** Anything else that identifies the run, beside environment, algorithm and configs, as JSON has it. It goes to `config.json`, and must be equal on resuming. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Told of what happens. Not awaited: it must not take long. */
  readonly onProgress?: (event: TrainEvent) => void
  /** Ends the run early, after the step under way and a checkpoint. */
  readonly signal?: AbortSignal
}

/** How a run ended. */
export interface TrainResult {
  /** `interrupted` when the signal ended it: the same call goes on from there. */
  readonly outcome: 'finished' | 'interrupted'
  /** Environment steps taken. */
  readonly steps: number
  /** Gradient steps taken. */
  readonly updates: number
  /** Episodes finished. */
  readonly episodes: number
  /** The last evaluation; the one at the end when the run is finished and has one. */
  readonly evaluation: EvalLine | undefined
  /** The state at the end: for `createAgent`, `exportPolicy` and `exportState`. */
  readonly state: Tree<HostTensor>
  /** SHA-256 of the state. */
  readonly stateHash: string
  /** Seconds of work, all sittings together. */
  readonly wallSeconds: number
  /** Environment steps per second after the warm-up, evaluation and checkpoints excluded, of this sitting; 0 when it took none. */
  readonly stepsPerSecond: number
}

/**
 * @throws RangeError where the environments and the algorithm do not fit each other, the steps do not reach all environments, or details are
 * not what JSON has.
 */
export function checkFit(
  { env, evalEnv, algorithm, details }: TrainOptions,
  { steps }: Pick<TrainConfig, 'steps'>,
): void {
  if ('size' in env && steps < env.size) {
    throw new RangeError(
      `train: config.steps must be at least ${env.size}, a step of each environment, got ${steps}`,
    )
  }
  checkJson('details', details)
  if (Object.is(env, evalEnv)) {
    throw new RangeError(
      `train: evalEnv must be another environment than env, got the same; make a second '${env.spec.id}'`,
    )
  }
  const expected = outlineOf(env.spec)
  for (const [name, spec] of [
    ['evalEnv', evalEnv.spec],
    ['algorithm', algorithm.spec],
  ] as const) {
    if (outlineOf(spec) === expected) continue
    throw new RangeError(
      `train: ${name} must have the spec of env, ${expected}, got ${outlineOf(spec)}; make both from env.spec`,
    )
  }
}

/** What JSON changes, as a `Map` to {}, would be equal to another of its kind. A field that is undefined is one that is not there. */
function checkJson(path: string, value: unknown): void {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  const isPlain =
    Array.isArray(value) ||
    (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object))
  if (isPlain) {
    for (const [name, entry] of Object.entries(value)) checkJson(`${path}.${name}`, entry)
    return
  }
  throw new RangeError(
    `train: ${path} must be what JSON has, got ${describeValue(value)}; give plain records, lists, words and finite numbers`,
  )
}
