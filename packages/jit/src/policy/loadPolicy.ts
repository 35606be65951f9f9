import type { NoiseSpec } from '@maxent/core/contracts'
import { drawNoise, type Key } from '@maxent/core/keys'
import { eachLeaf, leafPaths, leaves, mapTree, type Tree } from '@maxent/core/tree'
import { loadRuntime, type Runtime } from '../runtime/runtime.ts'
import { createSession, inputOf, releaseSession, type Input, type Session } from '../runtime/session.ts'
import { readDescription, type PolicyDescription } from './description.ts'

/** A trained policy, read from a file. Normalisation, squash and the scale of actions are inside. Calls may overlap. */
export interface Policy {
  /** What the file says of itself. */
  readonly description: PolicyDescription
  /**
   * The actions that evaluation takes: [rows · A], row after row, in the environment's units, for groups of [rows · n] numbers.
   * @throws RangeError or TypeError when a group is missing or has another length.
   */
  act(observation: Readonly<Record<string, Float32Array>>): Promise<Float32Array>
  /**
   * Actions drawn from the policy as it explores; the key decides them.
   * @throws Error where the file holds no sampled actions; RangeError or TypeError as `act`.
   */
  sample(observation: Readonly<Record<string, Float32Array>>, key: Key): Promise<Float32Array>
  /** Frees the session. */
  dispose(): Promise<void>
}

/**
 * Loads a policy from the bytes of its ONNX file.
 * @throws TypeError where the bytes are no ONNX file, are cut, or hold no policy; RangeError where a later version wrote it.
 */
export async function loadPolicy(file: Uint8Array): Promise<Policy> {
  const description = readDescription(file)
  const { observation: lengths, rows, noise } = description
  const noisePaths =
    noise === undefined ? [] : leafPaths(noise).map((path) => (path === '' ? 'arg1' : `arg1/${path}`))
  const runtime = await loadRuntime()
  const session = await openSession(runtime, file, {
    inputs: [...Object.keys(lengths).map((name) => `arg0/${name}`), ...noisePaths],
    outputs: ['action', ...(noise === undefined ? [] : ['sample'])],
  })
  const noiseShapes: (readonly number[])[] = []
  if (noise !== undefined) eachLeaf<NoiseSpec>(noise, ({ shape }) => noiseShapes.push(shape))
  const quiet =
    noise === undefined
      ? []
      : leaves<Float32Array>(
          mapTree<Tree<NoiseSpec>, NoiseSpec, Float32Array>(
            noise,
            ({ shape }) => new Float32Array(shape.reduce((size, n) => size * n, 1)),
          ),
        )
  let disposed = false

  const run = async (
    observation: Readonly<Record<string, Float32Array>>,
    drawn: readonly Float32Array[],
    output: 'action' | 'sample',
  ): Promise<Float32Array> => {
    if (disposed) throw new Error('policy: the policy must not be used after dispose, load it again')
    const feeds: Record<string, Input> = {}
    for (const [name, length] of Object.entries(lengths)) {
      const data = checkGroup(name, observation[name], rows * length)
      feeds[`arg0/${name}`] = inputOf({ shape: [rows, length], dtype: 'float32' }, data)
    }
    drawn.forEach((data, i) => {
      feeds[noisePaths[i]] = inputOf({ shape: noiseShapes[i], dtype: 'float32' }, data)
    })
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
    const results = await session.run(used, { [output]: null })
    return results[output].data as Float32Array
  }

  return {
    description,
    act: (observation) => run(observation, quiet, 'action'),
    sample: async (observation, key) => {
      if (noise === undefined) {
        throw new Error(
          'policy.sample: the file must hold sampled actions, got deterministic ones alone, use act',
        )
      }
      const drawn: Tree<Float32Array> = drawNoise(key, noise)
      return await run(observation, leaves<Float32Array>(drawn), 'sample')
    },
    dispose: async () => {
      if (disposed) return
      disposed = true
      await releaseSession(session)
    },
  }
}

/** The session of a file, whose inputs and outputs must be those of its description. */
async function openSession(
  runtime: Runtime,
  file: Uint8Array,
  described: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
): Promise<Session> {
  let session: Session
  try {
    session = await createSession(runtime, file, 1)
  } catch (error) {
    throw new TypeError('loadPolicy: file must be a model that ONNX Runtime takes, got one that it refuses', {
      cause: error,
    })
  }
  const unknown = session.inputNames.find((name) => !described.inputs.includes(name))
  const missing = described.outputs.find((name) => !session.outputNames.includes(name))
  if (unknown === undefined && missing === undefined) return session
  await releaseSession(session)
  const got = unknown === undefined ? `no output "${missing}"` : `the input "${unknown}"`
  throw new TypeError(`loadPolicy: file must have the inputs and outputs that it describes, got ${got}`)
}

function checkGroup(name: string, data: unknown, length: number): Float32Array {
  if (!(data instanceof Float32Array)) {
    throw new TypeError(`policy: observation group "${name}" must be a Float32Array, got ${typeof data}`)
  }
  if (data.length === length) return data
  throw new RangeError(`policy: observation group "${name}" must have length ${length}, got ${data.length}`)
}
