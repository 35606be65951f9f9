import { readFile } from 'node:fs/promises'
import type { EnvId } from '@maxent/envs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Controller, Witness } from './witness.ts'

const sessions = new Map<EnvId, Promise<InferenceSession>>()

/**
 * The policy in `policies/`, learned by soft actor-critic with two hidden layers of SIZE units; it reads the group `proprio`. Trained by
 * `bench train --algo sac --seed 1 --env ID --steps STEPS --set hidden=SIZE,SIZE --set batchSize=SIZE --export ID.onnx` with SIZE 64 and
 * 60,000 steps for `hopper` (return 2,687) and `half-cheetah` (4,436), SIZE 128 and 240,000 steps for `walker2d` (3,254).
 */
export async function policy(name: EnvId): Promise<Controller> {
  let loading = sessions.get(name)
  if (loading === undefined) {
    const file = new URL(`policies/${name}.onnx`, import.meta.url)
    loading = readFile(file).then((bytes) =>
      InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 }),
    )
    sessions.set(name, loading)
  }
  const session = await loading
  const [input, noise] = session.inputNames
  const [output] = session.outputNames
  return async ({ proprio }, action) => {
    const feeds = { [input]: new Tensor('float32', proprio, [1, proprio.length]) }
    // For the samples beside the action, which does not depend on it.
    if (noise !== undefined) {
      feeds[noise] = new Tensor('float32', new Float32Array(action.length), [1, action.length])
    }
    const results = await session.run(feeds, [output])
    action.set(results[output].data as Float32Array)
  }
}

/** Runs as a policy was taught, in the task where it learned or in the same of another version. */
const learned = (
  name: 'hopper' | 'half-cheetah' | 'walker2d',
  ids: readonly EnvId[],
  { claim, done }: Pick<Witness, 'claim' | 'done'>,
): Witness => ({ ids, claim, begin: () => policy(name), done })

const ahead = (metres: number): Witness['done'] => {
  return ({ info }) => info.xPosition >= metres
}

export const learnedWitnesses: readonly Witness[] = [
  learned('hopper', ['hopper', 'hopper-v1'], { claim: 'the hopper is 5 m ahead', done: ahead(5) }),
  learned('half-cheetah', ['half-cheetah', 'half-cheetah-v1'], {
    claim: 'at the end the half-cheetah is 100 m ahead',
    done: ahead(100),
  }),
  // In half of the episodes it walks to the end, 19 m and more.
  learned('walker2d', ['walker2d'], {
    claim: 'the walker gets 4 m ahead before it falls',
    done: ahead(4),
  }),
  // It never met the slippery foot of this version.
  learned('walker2d', ['walker2d-v1'], {
    claim: 'the walker gets 2.5 m ahead before it falls',
    done: ahead(2.5),
  }),
]
