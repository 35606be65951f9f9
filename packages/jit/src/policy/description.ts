import type { ActionSpec, NoiseSpec, ObservationSpec } from '@maxent/core/contracts'
import { leaves, type Tree } from '@maxent/core/tree'
import { readMetadata } from '../graph/metadata.ts'

/** What a file says of the policy in it. */
export interface PolicyDescription {
  /** Of this description; 1. */
  readonly version: 1
  /** The algorithm that learned it, as in `sac`. */
  readonly algorithm: string
  /** Names and lengths of the groups that it observes. */
  readonly observation: ObservationSpec
  /** Bounds of its actions. */
  readonly action: ActionSpec
  /** Observations per call. */
  readonly rows: number
  /** Noise of the exploring actions; absent where the file gives the deterministic ones alone. */
  readonly noise?: Tree<NoiseSpec>
}

const metadataKey = 'maxent.policy'

/** The texts that make an ONNX file one that {@link loadPolicy} reads. Its inputs are `arg0/<group>` and `arg1`, its outputs `action` and `sample`. */
export function policyMetadata(description: PolicyDescription): Readonly<Record<string, string>> {
  return { [metadataKey]: JSON.stringify(description) }
}

/**
 * What a file says of the policy in it.
 * @throws TypeError where the bytes are no ONNX file or hold no policy; RangeError where a later version wrote it.
 */
export function readDescription(file: Uint8Array): PolicyDescription {
  let text: string | undefined
  try {
    text = readMetadata(file)[metadataKey]
  } catch (error) {
    throw new TypeError(
      `loadPolicy: file must be the bytes of an ONNX file, got ${file.length} bytes of something else, or of a file that is cut`,
      { cause: error },
    )
  }
  if (text === undefined) {
    throw new TypeError(
      'loadPolicy: file must be a policy that exportPolicy wrote, got an ONNX file without its description; run it with ONNX Runtime itself',
    )
  }
  const description = parseDescription(text)
  if (typeof description?.version === 'number' && description.version !== 1) {
    throw new RangeError(
      `loadPolicy: file must be of version 1, got version ${description.version}, update @maxent/jit`,
    )
  }
  if (description !== undefined && isDescription(description)) return description
  throw new TypeError(
    `loadPolicy: file must be a policy that exportPolicy wrote, got ${metadataKey} = ${text.slice(0, 80)}`,
  )
}

type Claimed = { readonly [Field in keyof PolicyDescription]?: unknown }

function parseDescription(text: string): Claimed | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0
const areNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number')

function isDescription(claimed: Claimed): claimed is PolicyDescription {
  const { version, algorithm, observation, action, rows, noise } = claimed
  if (version !== 1 || typeof algorithm !== 'string' || !isCount(rows)) return false
  if (typeof observation !== 'object' || observation === null || typeof action !== 'object') return false
  const { low, high } = (action ?? {}) as Partial<Record<keyof ActionSpec, unknown>>
  if (!areNumbers(low) || !areNumbers(high) || low.length !== high.length) return false
  if (!Object.values(observation).every(isCount)) return false
  return noise === undefined || leaves(noise as Tree<unknown>).every(isNoiseSpec)
}

function isNoiseSpec(leaf: unknown): boolean {
  const { shape, law } = (leaf ?? {}) as Partial<Record<keyof NoiseSpec, unknown>>
  return areNumbers(shape) && shape.every(isCount) && (law === 'normal' || law === 'uniform')
}
