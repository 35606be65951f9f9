import type { ActionSpec, NoiseSpec, ObservationSpec } from '@maxent/core/contracts'
import { drawNoise, type Key } from '@maxent/core/keys'
import { eachLeaf, leafPaths, leaves, mapTree, type Tree } from '@maxent/core/tree'
import { readMetadata } from '../graph/metadata.ts'
import {
  createSession,
  loadRuntime,
  releaseSession,
  tensorOf,
  type RuntimeTensor,
} from '../runtime/runtime.ts'

/** What a file says of the policy in it. */
export interface PolicyDescription {
  /** Of this description; 1. */
  readonly version: 1
  /** The algorithm that learned it, as in `sac`. */
  readonly algorithm: string
  readonly observation: ObservationSpec
  readonly action: ActionSpec
  /** Observations per call. */
  readonly rows: number
  /** Noise of the exploring actions; absent where the file gives the deterministic ones alone. */
  readonly noise?: Tree<NoiseSpec>
}

/** A trained policy, read from a file. Normalisation, squash and the scale of actions are inside. Calls may overlap. */
export interface Policy {
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
  dispose(): Promise<void>
}

const metadataKey = 'maxent.policy'

/** The texts that make an ONNX file one that {@link loadPolicy} reads. Its inputs are `arg0/<group>` and `arg1`, its outputs `action` and `sample`. */
export function policyMetadata(description: PolicyDescription): Readonly<Record<string, string>> {
  return { [metadataKey]: JSON.stringify(description) }
}

/**
 * Loads a policy from the bytes of its ONNX file.
 * @throws TypeError where the bytes are no ONNX file or hold no policy; RangeError where a later version wrote it.
 */
export async function loadPolicy(file: Uint8Array): Promise<Policy> {
  const description = readDescription(file)
  const { observation: lengths, rows, noise } = description
  const runtime = await loadRuntime()
  const session = await createSession(runtime, file, 1)
  const noisePaths =
    noise === undefined ? [] : leafPaths(noise).map((path) => (path === '' ? 'arg1' : `arg1/${path}`))
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
    const feeds: Record<string, RuntimeTensor> = {}
    for (const [name, length] of Object.entries(lengths)) {
      const data = checkGroup(name, observation[name], rows * length)
      feeds[`arg0/${name}`] = tensorOf(runtime, { shape: [rows, length], dtype: 'float32', data })
    }
    drawn.forEach((data, i) => {
      feeds[noisePaths[i]] = tensorOf(runtime, { shape: noiseShapes[i], dtype: 'float32', data })
    })
    const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
    const results = await session.run(used, [output])
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

function readDescription(file: Uint8Array): PolicyDescription {
  let text: string | undefined
  try {
    text = readMetadata(file)[metadataKey]
  } catch (error) {
    throw new TypeError(
      `loadPolicy: file must be the bytes of an ONNX file, got ${file.length} bytes of something else`,
      { cause: error },
    )
  }
  if (text === undefined) {
    throw new TypeError(
      'loadPolicy: file must be a policy that exportPolicy wrote, got an ONNX file without its description',
    )
  }
  const description = JSON.parse(text) as { readonly version: number }
  if (description.version !== 1) {
    throw new RangeError(
      `loadPolicy: file must be of version 1, got version ${description.version}, update @maxent/jit`,
    )
  }
  return description as PolicyDescription
}

function checkGroup(name: string, data: unknown, length: number): Float32Array {
  if (!(data instanceof Float32Array)) {
    throw new TypeError(`policy: observation group "${name}" must be a Float32Array, got ${typeof data}`)
  }
  if (data.length === length) return data
  throw new RangeError(`policy: observation group "${name}" must have length ${length}, got ${data.length}`)
}
