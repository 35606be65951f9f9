import { eachLeaf, leaves, leafPaths, type Tree } from '@maxent/core/tree'
import { sizeOf } from '../graph/graph.ts'
import { LeafSpec } from '../trace/result.ts'
import type { DType, HostData, HostTensor, TensorSpec } from '../types.ts'

const ARRAY = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const
const NAME = { float32: 'Float32Array', int32: 'Int32Array', bool: 'Uint8Array' } as const

const isDtype = (value: unknown): value is DType =>
  value === 'float32' || value === 'int32' || value === 'bool'
const isDimension = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0

function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  return value.constructor.name
}

const at = (root: string, path: string): string => (path === '' ? root : `${root}/${path}`)

/** Specs are records with a `shape`, so they are nodes to the functions over trees: here they count as leaves. */
function isSpec(value: unknown): value is TensorSpec {
  return typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)
}

/**
 * The specs of a function's argument, with dtypes filled in.
 * @throws TypeError where a leaf is no spec; RangeError where a shape or dtype is not valid.
 */
export function checkSpecs(caller: string, specs: Tree<TensorSpec>): Tree<LeafSpec> {
  const walk = (value: unknown, path: string): Tree<LeafSpec> => {
    if (isSpec(value)) return checkSpec(caller, value, path)
    if (Array.isArray(value)) return value.map((child, i) => walk(child, `${path}/${i}`))
    if (typeof value !== 'object' || value === null) {
      throw new TypeError(`${caller}: "${path}" must be a tree of { shape, dtype? }, got ${kindOf(value)}`)
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, walk(child, `${path}/${key}`)]),
    )
  }
  return walk(specs, 'args')
}

function checkSpec(caller: string, spec: TensorSpec, path: string): LeafSpec {
  const dtype: unknown = spec.dtype ?? 'float32'
  if (!isDtype(dtype))
    throw new RangeError(`${caller}: dtype of "${path}" must be float32, int32 or bool, got ${kindOf(dtype)}`)
  if (!spec.shape.every(isDimension)) {
    throw new RangeError(
      `${caller}: shape of "${path}" must be integers of at least 0, got [${spec.shape.join(', ')}]`,
    )
  }
  return new LeafSpec([...spec.shape], dtype)
}

/** The leaves of one function's arguments, for checking calls. */
export interface ArgumentChecks {
  /** The arguments' arrays in order. @throws TypeError or RangeError where a call does not fit the specs. */
  (args: readonly Tree<HostData>[]): HostData[]
}

/** Makes the check of a function's arguments. The names and sizes are worked out once. */
export function argumentChecks(caller: string, specs: readonly Tree<LeafSpec>[]): ArgumentChecks {
  const expected = specs.flatMap((tree, i) => {
    const paths = leafPaths(tree)
    return leaves<LeafSpec>(tree).map((spec, k) => ({
      arg: i,
      path: at(`arg${i}`, paths[k]),
      dtype: spec.dtype,
      shape: spec.shape,
      size: sizeOf(spec.shape),
    }))
  })
  const layouts = specs.map(layoutOf)
  return (args) => {
    const given: unknown = args
    if (!Array.isArray(given)) {
      throw new TypeError(
        `${caller}: args must be an array with one entry per argument (${specs.length}), got ${kindOf(given)}, pass [] where there are none`,
      )
    }
    if (args.length !== specs.length) {
      throw new RangeError(
        `${caller}: args must have one entry per argument (${specs.length}), got ${args.length}`,
      )
    }
    const arrays: HostData[] = []
    if (layouts.every((layout, i) => gather(args[i], layout, arrays))) {
      for (let i = 0; i < arrays.length; i++) checkArray(caller, arrays[i], expected[i])
      return arrays
    }
    // Something is amiss: once more, with the names that say what.
    arrays.length = 0
    for (let i = 0; i < args.length; i++) {
      eachLeaf<HostData>(args[i], (leaf, path) => {
        const want = expected[arrays.length]
        const name = at(`arg${i}`, path)
        if (want?.path !== name) {
          throw new RangeError(
            `${caller}: arguments must have the structure of args, got ${name} where they have ${want?.path ?? 'no further leaf'}`,
          )
        }
        checkArray(caller, leaf, want)
        arrays.push(leaf)
      })
    }
    if (arrays.length !== expected.length) {
      throw new RangeError(
        `${caller}: arguments must have the structure of args, got none at ${expected[arrays.length].path}, pass an array there`,
      )
    }
    return arrays
  }
}

/** The keys of a node and what lies under each; `undefined` for a leaf. */
type Layout = { readonly keys: readonly string[]; readonly children: readonly Layout[] } | undefined

function layoutOf(spec: Tree<LeafSpec>): Layout {
  if (spec instanceof LeafSpec) return undefined
  return { keys: Object.keys(spec), children: Object.values(spec).map(layoutOf) }
}

/** Appends the leaves of a tree, allocating nothing for names. False where it has another structure. */
function gather(tree: Tree<HostData>, layout: Layout, into: HostData[]): boolean {
  if (layout === undefined) {
    into.push(tree as HostData)
    return true
  }
  const { keys, children } = layout
  const node = tree as Readonly<Record<string, Tree<HostData>>>
  let seen = 0
  for (const key in node) {
    if (key !== keys[seen] || !gather(node[key], children[seen], into)) return false
    seen++
  }
  return seen === keys.length
}

interface Wanted {
  readonly path: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly size: number
}

function checkArray(
  caller: string,
  data: unknown,
  { path, dtype, shape, size }: Wanted,
): asserts data is HostData {
  if (!(data instanceof ARRAY[dtype])) {
    throw new TypeError(`${caller}: ${path} must be a ${NAME[dtype]} (${dtype}), got ${kindOf(data)}`)
  }
  if (data.length !== size) {
    throw new RangeError(
      `${caller}: ${path} must have ${size} elements for shape [${shape.join(', ')}], got ${data.length}`,
    )
  }
  if (typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer) {
    throw new TypeError(
      `${caller}: ${path} must not be a view of a SharedArrayBuffer, got one, copy it into a plain array`,
    )
  }
  if (dtype === 'bool') checkBools(caller, data, path)
}

/** @throws RangeError where a byte is neither 0 nor 1. */
export function checkBools(caller: string, data: HostData, path: string): void {
  const wrong = data.findIndex((x) => x > 1)
  if (wrong >= 0) {
    throw new RangeError(
      `${caller}: ${path} must hold 0 or 1 (bool), got ${data[wrong]} at index ${wrong}, pass 1 for true`,
    )
  }
}

/**
 * The leaves of a state on the host, in order, checked against the program's state.
 * @throws RangeError when structure, shape or dtype differ; TypeError where a leaf is no tensor on the host.
 */
export function checkHostState(
  caller: string,
  state: Tree<HostTensor>,
  expected: Tree<LeafSpec>,
): HostTensor[] {
  const found: HostTensor[] = []
  const walk = (value: unknown, want: Tree<LeafSpec>, path: string): void => {
    if (want instanceof LeafSpec) {
      found.push(
        checkHostTensor(caller, value, {
          shape: want.shape,
          dtype: want.dtype,
          path,
          size: sizeOf(want.shape),
        }),
      )
      return
    }
    if (typeof value !== 'object' || value === null || isSpec(value)) {
      throw new RangeError(
        `${caller}: "${path}" must be a record or array as in the program's state, got ${kindOf(value)}`,
      )
    }
    const [keys, wantKeys] = [Object.keys(value), Object.keys(want)]
    if (keys.join('\n') !== wantKeys.join('\n')) {
      throw new RangeError(
        `${caller}: "${path}" must have the keys [${wantKeys.join(', ')}] in that order, got [${keys.join(', ')}]`,
      )
    }
    for (const key of wantKeys)
      walk(
        (value as Record<string, unknown>)[key],
        (want as Record<string, Tree<LeafSpec>>)[key],
        `${path}/${key}`,
      )
  }
  walk(state, expected, 'state')
  return found
}

function checkHostTensor(caller: string, value: unknown, want: Wanted): HostTensor {
  const { path, dtype, shape } = want
  if (!isSpec(value) || !('data' in value)) {
    throw new TypeError(`${caller}: "${path}" must be { shape, dtype, data }, got ${kindOf(value)}`)
  }
  if (value.dtype !== dtype || value.shape.join() !== shape.join()) {
    throw new RangeError(
      `${caller}: "${path}" must be ${dtype} [${shape.join()}] as in the program's state, got ${value.dtype} [${value.shape.join()}]`,
    )
  }
  const { data } = value
  checkArray(caller, data, want)
  return { shape, dtype, data }
}
