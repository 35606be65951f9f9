import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import { checkpointSteps, checkpointPath } from '../checkpoint.ts'
import { decodeContainer } from '../container.ts'
import { stateOfCheckpoint, type StateOwner } from '../stateFile.ts'
import { codeOf, ifThere } from './ifThere.ts'

/** What {@link loadState} takes. */
export interface LoadStateOptions {
  /** The folder of a run, finished or not. */
  readonly folder: string
  /** The algorithm with the configuration that it is trained with. */
  readonly algorithm: StateOwner
}

/** What was learned when a checkpoint was written. */
export interface LoadedState {
  /** For `createAgent` to act or learn on with, or for `exportPolicy`. */
  readonly state: Tree<HostTensor>
  /** Environment steps that had been taken. */
  readonly step: number
}

/**
 * The learned state in the newest valid checkpoint of a run folder. It changes nothing there and takes no lock, so a service may load from a run
 * that goes on. Neither replay nor environment is read.
 * @throws Error when the folder holds no valid checkpoint, RangeError when the state in it is not one of the algorithm.
 */
export async function loadState({ folder, algorithm }: LoadStateOptions): Promise<LoadedState> {
  const reasons: string[] = []
  for (const step of checkpointSteps((await ifThere(readdir(join(folder, 'checkpoints')))) ?? [])) {
    const path = checkpointPath(step)
    // Between listing and reading, the run may have put a newer one in its place.
    const read = await readFile(join(folder, path))
      .then(decodeContainer)
      .catch((error: unknown) => {
        if (!(error instanceof RangeError) && codeOf(error) !== 'ENOENT') throw error
        reasons.push(`${path}: ${(error as Error).message}`)
      })
    if (read !== undefined) return { state: stateOfCheckpoint('loadState', algorithm, read.arrays), step }
  }
  throw new Error(
    `loadState: folder must hold a valid checkpoint, got ${reasons.length === 0 ? 'none' : reasons.join('; ')} in ${folder}; ` +
      'train with that folder first, or set checkpointEvery',
  )
}
