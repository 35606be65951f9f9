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
 * Checks that Q-functions are of tasks that can be combined: same actions, same observation groups, same discount and temperature.
 * @throws RangeError that names the first that differs, and in what.
 */
export function checkConstituents(caller: string, tasks: readonly ConstituentTask[]): void {
  if (tasks.length === 0)
    throw new RangeError(
      `${caller}: constituents must have at least one entry, got none; give what was learned`,
    )
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
      found: JSON.stringify(spec.observation),
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
