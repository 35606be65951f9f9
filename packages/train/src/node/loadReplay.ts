import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyAlgorithm, EnvSpec } from '@maxent/core/contracts'
import { createCheckpoints } from '../checkpoint.ts'
import { outlineOf } from '../outline.ts'
import { parseIdentity } from '../recorder.ts'
import { createReplay, type Replay } from '../replay.ts'
import type { RunStore } from '../store.ts'
import { ifThere } from './ifThere.ts'

/** What {@link loadReplay} takes. */
export interface LoadReplayOptions {
  /** The folder of a run, finished or not. */
  readonly folder: string
  /** The algorithm that was trained there. */
  readonly algorithm: Pick<AnyAlgorithm, 'id' | 'spec' | 'acting' | 'experience'>
}

/** The part of `config.json` that the rows of a replay depend on. */
interface Identity {
  readonly env: Pick<EnvSpec, 'observation' | 'action'> & { readonly environments?: number }
  readonly train: { readonly replayCapacity: number }
}

/**
 * The replay in the newest valid checkpoint of a run folder, to learn from offline. It changes nothing there and takes no lock, so it may be
 * read from a run that goes on.
 * @throws Error when the folder holds no record or no valid checkpoint, RangeError when the run keeps no replay or was of another
 * specification.
 */
export async function loadReplay({ folder, algorithm }: LoadReplayOptions): Promise<Replay> {
  if (algorithm.experience?.kind === 'rollouts') {
    throw new RangeError(
      `loadReplay: algorithm '${algorithm.id}' must keep a replay, got one that learns from rollouts; ` +
        'train with an off-policy algorithm',
    )
  }
  const { env, train } = await identityIn(folder)
  checkSpec(folder, env, algorithm)
  const replay = createReplay({
    spec: algorithm.spec,
    capacity: train.replayCapacity,
    lanes: env.environments ?? 1,
    record: algorithm.acting?.record ?? {},
  })
  // Every checkpoint there has its segments: none is pruned, none written.
  const checkpoints = createCheckpoints({
    store: readOnly(folder),
    lanes: replay.lanes,
    keep: 1,
    caller: 'loadReplay',
    remedy:
      'name the folder of a whole run, and the algorithm as it was trained there, with what it keeps per step',
  })
  const found = await checkpoints.load(() => undefined)
  if (found !== undefined && replay.size > 0) return replay
  throw new Error(
    `loadReplay: folder must hold a checkpoint with a replay, got ${found === undefined ? 'no checkpoint' : 'no transition'} in ${folder}; ` +
      'train with that folder first, or set checkpointEvery',
  )
}

async function identityIn(folder: string): Promise<Identity> {
  const text = await ifThere(readFile(join(folder, 'config.json'), 'utf8'))
  if (text !== undefined) {
    const { env, train } = parseIdentity(folder, text, 'loadReplay')
    return { env: env as Identity['env'], train }
  }
  throw new Error(
    `loadReplay: folder must hold the record of a run, got no config.json in ${folder}; name the folder of a run`,
  )
}

function checkSpec(folder: string, env: Identity['env'], { id, spec }: LoadReplayOptions['algorithm']): void {
  const [wanted, found] = [spec, env].map(outlineOf)
  if (wanted === found) return
  throw new RangeError(
    `loadReplay: folder must hold a run of the specification of algorithm '${id}', ${wanted}, got ${found} in ${folder}; ` +
      'make the algorithm for the environment of the run',
  )
}

/** A run folder of which nothing can be changed. What is damaged is passed over each time. */
function readOnly(folder: string): RunStore {
  const nothing = (): Promise<void> => Promise.resolve()
  return {
    location: folder,
    read: (path) => ifThere(readFile(join(folder, path))),
    list: async (path) => (await ifThere(readdir(join(folder, path))))?.sort() ?? [],
    write: nothing,
    append: nothing,
    flush: () => Promise.resolve(0),
    truncate: nothing,
    rename: nothing,
    remove: nothing,
    close: nothing,
  }
}
