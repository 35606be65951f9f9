import * as tf from '@tensorflow/tfjs'
import type { Tensor1D } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import type { AlgorithmSpec, DType } from '../contracts.ts'
import type { Tree } from '../tree.ts'

/** A leaf of a state as it stands in files and results of training. */
export interface LearnedLeaf {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** Type of the numbers. */
  readonly dtype: DType
  /** The numbers, row by row. */
  readonly data: Float32Array | Int32Array | Uint8Array
}

/** A task that an algorithm has learned. */
export interface Constituent<Config> {
  /** The specification of its environment. */
  readonly spec: AlgorithmSpec
  /** The config that it was learned with. */
  readonly config: Partial<Config>
  /** What was learned: `TrainResult.state`, or from `loadState` of `@maxent/train/node`. */
  readonly state: Tree<LearnedLeaf>
}

/** What every constituent must have. */
const FIELDS = ['spec', 'config', 'state'] as const

/**
 * What `read` makes of each constituent, and of its place in messages, as `constituents[1]`.
 * @throws TypeError when they are no list, or one of them has no spec of an environment, config or state; RangeError when there is none.
 */
export function readConstituents<Config, Read>(
  caller: string,
  constituents: readonly Constituent<Config>[],
  read: (constituent: Constituent<Config>, owner: string) => Read,
): readonly Read[] {
  const remedy = 'give what was learned of each task: { spec, config, state }'
  if (!Array.isArray(constituents))
    throw new TypeError(
      `${caller}: constituents must be a list, got ${describeValue(constituents)}; ${remedy}`,
    )
  if (constituents.length === 0)
    throw new RangeError(`${caller}: constituents must have at least one entry, got none; ${remedy}`)
  return constituents.map((constituent: Partial<Constituent<Config>> | null | undefined, i) => {
    const owner = `constituents[${i}]`
    for (const field of FIELDS) {
      const value = constituent?.[field]
      if (typeof value === 'object' && value !== null) continue
      throw new TypeError(
        `${caller}: ${owner}.${field} must be a record, got ${describeValue(value)}; ${remedy}`,
      )
    }
    const known = constituent as Constituent<Config>
    const { observation, action }: Partial<AlgorithmSpec> = known.spec
    if (observation === undefined || action === undefined)
      throw new TypeError(
        `${caller}: ${owner}.spec must have observation and action, got ${describeValue(known.spec)}; give the spec of its environment`,
      )
    return read(known, owner)
  })
}

/** What must be the same of all tasks whose Q-functions are combined. */
export interface ConstituentTask {
  /** The environment that it was learned in. */
  readonly spec: AlgorithmSpec
  /** Discount factor γ. */
  readonly gamma: number
  /** The observation groups that its Q-function sees. Absent: all. */
  readonly groups?: readonly string[] | undefined
  /** The entropy weight α. Absent where there is none. */
  readonly alpha?: number
}

/** By how much of itself a temperature may differ from another that counts as the same. */
const TOLERANCE = 1e-6

/**
 * Checks that Q-functions, at least one, are of tasks that can be combined: same actions, same observation groups, same discount and temperature.
 * @throws RangeError that names the first that differs, and in what.
 */
export function checkConstituents(caller: string, tasks: readonly ConstituentTask[]): void {
  const [first, ...others] = tasks.map(describe)
  for (const [i, other] of others.entries()) {
    for (const { name, found, remedy } of other) {
      const wanted = first.find((part) => part.name === name)?.found
      if (wanted === found) continue
      throw new RangeError(
        `${caller}: constituents[${i + 1}] must have the ${name} of the first, ${wanted}, got ${found}; ${remedy}`,
      )
    }
    const [one, another] = [tasks[0].alpha ?? 0, tasks[i + 1].alpha ?? 0]
    if (Math.abs(one - another) <= TOLERANCE * one) continue
    throw new RangeError(
      `${caller}: constituents[${i + 1}] must have the temperature alpha of the first, ${one}, got ${another}; ` +
        'learn all of them at one temperature',
    )
  }
}

interface Part {
  readonly name: string
  readonly found: string
  readonly remedy: string
}

function describe({ spec, gamma, groups }: ConstituentTask): readonly Part[] {
  const { low, high, choices } = spec.action
  const seen = groups ?? Object.keys(spec.observation)
  return [
    {
      name: 'actions',
      found: JSON.stringify({ low, high, choices }),
      remedy: 'combine tasks of one body',
    },
    {
      name: 'observation groups',
      found: JSON.stringify(Object.fromEntries(Object.entries(spec.observation).sort())),
      remedy: 'combine tasks that are observed alike',
    },
    {
      name: 'groups that the critics see',
      found: `(${[...seen].sort().join(', ')})`,
      remedy: 'learn all of them with one criticGroups',
    },
    { name: 'discount gamma', found: `${gamma}`, remedy: 'learn all of them with one gamma' },
  ]
}

/** What {@link learnedVector} looks for. */
export interface LearnedVectorOptions {
  /** The entry of the state. */
  readonly name: string
  /** Its place in the message, as in `constituents[1]`. */
  readonly owner: string
  /** Numbers that it must have. */
  readonly size: number
}

/**
 * The flat vector of parameters that a state holds under a name.
 * @throws RangeError when there is none, or one of another length or type, or one that is not finite.
 */
export function learnedVector(
  caller: string,
  state: Tree<LearnedLeaf>,
  { name, owner, size }: LearnedVectorOptions,
): Float32Array {
  const leaf = (state as Readonly<Record<string, Partial<LearnedLeaf> | undefined>> | undefined)?.[name]
  if (leaf?.data instanceof Float32Array && leaf.data.length === size) {
    const at = leaf.data.findIndex((number) => !Number.isFinite(number))
    if (at < 0) return leaf.data
    throw new RangeError(
      `${caller}: ${owner}.state.${name} must be finite, got ${leaf.data[at]} at index ${at}; give the state of a run that did not diverge`,
    )
  }
  const found =
    leaf?.data === undefined ? 'none' : `${leaf.dtype ?? 'numbers'} [${(leaf.shape ?? []).join(', ')}]`
  throw new RangeError(
    `${caller}: ${owner}.state.${name} must be float32 [${size}], got ${found}; ` +
      'give the state of a run of this algorithm with the config that it was learned with',
  )
}

/** Vectors of parameters as one, in the state of an algorithm. */
export interface JoinedVectors {
  /** All of them, one after another. */
  readonly join: () => Tensor1D
  /** Each of them again. */
  readonly split: (joined: Tensor1D) => readonly Tensor1D[]
}

/** What keeps the parameters of constituents in one vector. */
export function joinedVectors(vectors: readonly Float32Array[]): JoinedVectors {
  const sizes = vectors.map(({ length }) => length)
  return {
    join: () => tf.concat1d(vectors.map((vector) => tf.tensor1d(vector))),
    split: (joined) => (sizes.length === 1 ? [joined] : tf.split(joined, sizes)),
  }
}
