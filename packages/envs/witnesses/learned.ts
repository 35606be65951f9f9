import { readFile } from 'node:fs/promises'
import type { EnvId } from '@maxent/envs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Controller, Witness } from './witness.ts'

const sessions = new Map<EnvId, Promise<InferenceSession>>()

/**
 * The policy in `policies/`, learned by soft actor-critic with two hidden layers of 64 units; it reads the group `proprio`. Trained by
 * `bench train --algo sac --seed 1 --env ID --steps STEPS --set hidden=64,64 --set batchSize=64 --export ID.onnx` with 60,000 steps for
 * `hopper` (return 2,687) and `half-cheetah` (4,436), 150,000 for `walker2d` (589).
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
  const [input] = session.inputNames
  const [output] = session.outputNames
  return async ({ proprio }, action) => {
    const results = await session.run({ [input]: new Tensor('float32', proprio, [1, proprio.length]) }, [
      output,
    ])
    action.set(results[output].data as Float32Array)
  }
}

/** Runs as its policy was taught, in Gymnasium's latest version of the task and in the first. */
const learned = (
  id: 'hopper' | 'half-cheetah' | 'walker2d',
  claim: string,
  done: Witness['done'],
): Witness => ({
  ids: [id, `${id}-v1`],
  claim,
  begin: () => policy(id),
  done,
})

export const learnedWitnesses: readonly Witness[] = [
  learned('hopper', 'the hopper is 5 m ahead', ({ info }) => info.xPosition >= 5),
  learned('half-cheetah', 'at the end the half-cheetah is 100 m ahead', ({ info }) => info.xPosition >= 100),
  learned('walker2d', 'the walker gets 2 m ahead before it falls', ({ info }) => info.xPosition >= 2),
]
