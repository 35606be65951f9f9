/**
 * Trees: nested records and arrays with values at the leaves. Parameters, optimiser states, batches and metrics are all trees, so
 * that one small set of functions serves them all.
 *
 * A leaf is anything that is neither an array nor a plain record: a tensor, a typed array, a number. A plain record with a `shape` of
 * numbers is a leaf too: the specification of a tensor or of noise, or a tensor on the host. Records are walked in their own key order,
 * which must be the same in every tree of one structure.
 * @module
 */

/** A value, a list of trees, or a record of trees. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> }

/** The tree type of the same structure as `S` with every leaf of type `From` replaced by `To`. */
export type MapTree<S, From, To> = [Tree<From>] extends [S]
  ? Tree<To>
  : S extends From
    ? To
    : S extends readonly unknown[]
      ? { readonly [I in keyof S]: MapTree<S[I], From, To> }
      : S extends object
        ? { readonly [K in keyof S]: MapTree<S[K], From, To> }
        : never

/**
 * The type of the leaves of a tree type: what stands where the structure ends. Follows records declared as interfaces too, which are no
 * `Tree` to TypeScript for want of an index signature.
 */
export type LeafOf<S> = [S] extends [Tree<infer T>]
  ? [Tree<T>] extends [S]
    ? T
    : LeafWithin<S>
  : LeafWithin<S>

type LeafWithin<S> = S extends Primitive | ArrayBufferView | { readonly shape: readonly number[] }
  ? S
  : S extends readonly (infer Entry)[]
    ? LeafOf<Entry>
    : S extends object
      ? LeafOf<S[keyof S]>
      : never

type Primitive = string | number | bigint | boolean | symbol | null | undefined

type Node = readonly unknown[] | Readonly<Record<string, unknown>>

function isNode(value: unknown): value is Node {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !hasShape(value)
}

function hasShape(value: object): boolean {
  return 'shape' in value && Array.isArray(value.shape) && value.shape.every((n) => typeof n === 'number')
}

function entries(node: Node): [string, unknown][] {
  return Object.entries(node)
}

/** All leaves, depth first, in the tree's own order. */
export function leaves<S>(tree: S): LeafOf<S>[]
export function leaves<T>(tree: Tree<T>): T[]
export function leaves<T>(tree: Tree<T>): T[] {
  const found: T[] = []
  eachLeaf<T>(tree, (leaf) => found.push(leaf))
  return found
}

/** The path of every leaf, as in `critic/0/kernel`, in the order of {@link leaves}. The path of a bare leaf is the empty string. */
export function leafPaths(tree: Tree<unknown>): string[] {
  const found: string[] = []
  eachLeaf(tree, (_, path) => found.push(path))
  return found
}

/** Calls `visit` with every leaf and its path, in the order of {@link leaves}. */
export function eachLeaf<S>(tree: S, visit: (leaf: LeafOf<S>, path: string) => void): void
export function eachLeaf<T>(tree: Tree<T>, visit: (leaf: T, path: string) => void): void
export function eachLeaf<T>(tree: Tree<T>, visit: (leaf: T, path: string) => void): void {
  const walk = (value: unknown, path: string): void => {
    if (!isNode(value)) return visit(value as T, path)
    for (const [key, child] of entries(value)) walk(child, path === '' ? key : `${path}/${key}`)
  }
  walk(tree, '')
}

/** The tree of the same structure with `f(leaf, path)` at every leaf. */
export function mapTree<S, U>(tree: S, f: (leaf: LeafOf<S>, path: string) => U): MapTree<S, LeafOf<S>, U>
export function mapTree<S extends Tree<T>, T, U>(tree: S, f: (leaf: T, path: string) => U): MapTree<S, T, U>
export function mapTree<T, U>(tree: Tree<T>, f: (leaf: T, path: string) => U): Tree<U> {
  const walk = (value: unknown, path: string): Tree<U> => {
    if (!isNode(value)) return f(value as T, path)
    if (Array.isArray(value))
      return value.map((child, i) => walk(child, path === '' ? `${i}` : `${path}/${i}`))
    return Object.fromEntries(
      entries(value).map(([key, child]) => [key, walk(child, path === '' ? key : `${path}/${key}`)]),
    )
  }
  return walk(tree, '')
}

/**
 * The tree of the structure of `first` with `f(a, b, path)` at every leaf.
 * @throws RangeError when the two trees differ in structure.
 */
export function zipTrees<S, R, U>(
  first: S,
  second: R,
  f: (a: LeafOf<S>, b: LeafOf<R>, path: string) => U,
): MapTree<S, LeafOf<S>, U>
export function zipTrees<A, B, U>(
  first: Tree<A>,
  second: Tree<B>,
  f: (a: A, b: B, path: string) => U,
): Tree<U>
export function zipTrees<A, B, U>(
  first: Tree<A>,
  second: Tree<B>,
  f: (a: A, b: B, path: string) => U,
): Tree<U> {
  assertSameStructure('zipTrees', first, second)
  const others = leaves<B>(second)
  let next = 0
  return mapTree<Tree<A>, A, U>(first, (a, path) => f(a, others[next++], path))
}

/** The tree of the structure of `like` with `values` at the leaves, in the order of {@link leaves}. */
export function unflatten<T>(like: Tree<unknown>, values: readonly T[]): Tree<T> {
  const expected = leaves(like).length
  if (values.length !== expected) {
    throw new RangeError(`unflatten: values must have one entry per leaf (${expected}), got ${values.length}`)
  }
  let next = 0
  return mapTree<Tree<unknown>, unknown, T>(like, () => values[next++])
}

/**
 * Checks that two trees have the same paths in the same order.
 * @throws RangeError that names the first path where they part.
 */
export function assertSameStructure(caller: string, first: Tree<unknown>, second: Tree<unknown>): void {
  const a = leafPaths(first)
  const b = leafPaths(second)
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === b[i]) continue
    throw new RangeError(
      `${caller}: trees must have the same structure, got ${describePath(a[i])} in the first and ${describePath(b[i])} in the second`,
    )
  }
}

function describePath(path: string | undefined): string {
  return path === undefined ? 'no further leaf' : `leaf "${path}"`
}
