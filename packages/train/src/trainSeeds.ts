import type { Env } from '@maxent/core/contracts'
import { sideBySide } from './sideBySide.ts'
import type { TrainEvent } from './progress.ts'
import type { RunStore } from './store.ts'
import { train } from './train.ts'
import type { TrainOptions, TrainResult } from './trainOptions.ts'

/** What {@link trainSeeds} takes. */
export interface TrainSeedsOptions extends Pick<TrainOptions, 'algorithm' | 'config' | 'details' | 'signal'> {
  /** One run each; at least one, all different. */
  readonly seeds: readonly number[]
  /** A new environment of the task. All are closed at the end. */
  readonly makeEnv: () => Env | Promise<Env>
  /** Threads of the program; 1 when absent. */
  readonly threads?: number
  /** Keeps the record of the run with a seed and resumes from it. It stays the caller's to close. */
  readonly storeOf?: (seed: number) => RunStore
  /** Told of what happens to the run with a seed. */
  readonly onProgress?: (event: TrainEvent, seed: number) => void
}

/**
 * Several runs of {@link train} that differ in their seed, in one process and one compiled program, whose matrix products are batched over the
 * seeds. Each is the run that `train` makes with its seed, up to rounding, with its own record and exact resume. It pays for small networks,
 * where a call costs as much as its products.
 * @throws RangeError when seeds are none or not different, seeds share a store, or an operator of the algorithm has no batched form;
 * {@link SeedsError} with what `train` threw and with the results of the other runs, when all have come to an end.
 */
export async function trainSeeds(options: TrainSeedsOptions): Promise<readonly TrainResult[]> {
  const { seeds, makeEnv, threads = 1, storeOf, onProgress, details, algorithm, ...shared } = options
  if (seeds.length === 0 || new Set(seeds).size < seeds.length) {
    throw new RangeError(`trainSeeds: seeds must be different, and one at least, got [${seeds.join(', ')}]`)
  }
  const stores = storeOf && seeds.map((seed) => storeOf(seed))
  if (stores !== undefined && new Set(stores).size < seeds.length) {
    throw new RangeError('trainSeeds: storeOf must give each seed a store of its own, got one for several')
  }
  const programs = await sideBySide({ algorithm, seeds, threads })
  const runOf = async (seed: number, member: number): Promise<TrainResult> => {
    const program = programs[member]
    const envs: Env[] = []
    try {
      envs.push(await makeEnv())
      envs.push(await makeEnv())
      const [env, evalEnv] = envs
      return await train({
        ...shared,
        algorithm,
        env,
        evalEnv,
        seed,
        program,
        mode: { kind: 'compiled', threads },
        // The rounding of batched products is part of what identifies a run.
        details: { ...details, seedsTogether: seeds.length },
        ...(stores && { store: stores[member] }),
        ...(onProgress && { onProgress: (event) => onProgress(event, seed) }),
      })
    } finally {
      // Whatever ended the run, the others must not wait for it.
      await program.dispose()
      for (const env of envs) env.close()
    }
  }
  const ended = await Promise.allSettled(seeds.map(runOf))
  const results = ended.map((one) => (one.status === 'fulfilled' ? one.value : undefined))
  const errors = ended.flatMap((one, i) =>
    one.status === 'rejected' ? [{ seed: seeds[i], error: one.reason as unknown }] : [],
  )
  if (errors.length > 0) throw new SeedsError(errors, results)
  return results as readonly TrainResult[]
}

/** Runs of {@link trainSeeds} failed. What the others learned is not lost with them. */
export class SeedsError extends AggregateError {
  /** Tells it from other errors. */
  override readonly name = 'SeedsError'
  /** The seeds whose runs failed, in the order of `errors`. */
  readonly seeds: readonly number[]
  /** What the runs came to, in the order of the seeds that were asked for; `undefined` where one failed. */
  readonly results: readonly (TrainResult | undefined)[]

  /** As of every error, with the seed of each, and what came of all runs. */
  constructor(
    failed: readonly { readonly seed: number; readonly error: unknown }[],
    results: readonly (TrainResult | undefined)[],
  ) {
    const messages = failed.map(
      ({ seed, error }) => `seed ${seed}: ${error instanceof Error ? error.message : String(error)}`,
    )
    super(
      failed.map(({ error }) => error),
      `trainSeeds: runs of all seeds must end, got errors of ${failed.length} of ${results.length}: ${messages.join('; ')}` +
        (failed.length < results.length ? '. What the others learned is in `results`' : ''),
    )
    this.seeds = failed.map(({ seed }) => seed)
    this.results = results
  }
}
