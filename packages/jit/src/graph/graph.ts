/** The graph that a trace records and the passes rewrite: ONNX operators over values with known shapes. */
import type { HostData } from '../types.ts'

/** Element types of graph values. `int64` occurs inside graphs only, where ONNX asks for it. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64'

/** What a constant holds: one number everywhere, or an array. */
export type Constant =
  | { readonly kind: 'fill'; readonly value: number }
  | { readonly kind: 'data'; readonly data: HostData | BigInt64Array }

/** One edge of the graph. Identity is object identity. */
export interface Value {
  readonly shape: readonly number[]
  readonly dtype: ElementType
  /** Present on constants only. */
  readonly constant?: Constant
  /** Present on graph inputs only: the input's name. */
  readonly input?: string
}

/** ONNX attributes: integers, lists of integers, strings, and floats, which are marked. */
export type Attribute = number | readonly number[] | string | { readonly float: number }
export type Attributes = Readonly<Record<string, Attribute>>

/** One ONNX operator. An absent optional input is `null`. */
export interface Node {
  readonly op: string
  readonly inputs: readonly (Value | null)[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
}

/** Nodes in an order in which every value is made before it is used. */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly Value[]
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

/** The shape that two shapes broadcast to. @throws RangeError where they do not. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1
    const n = b[i - rank + b.length] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new RangeError(
        `broadcastShapes: shapes must agree or be 1 in every dimension, got [${a.join()}] and [${b.join()}]`,
      )
    }
    return m === 1 ? n : m
  })
}

/** A constant with the same number in every element. */
export function fill(shape: readonly number[], dtype: ElementType, value: number): Value {
  return { shape, dtype, constant: { kind: 'fill', value } }
}

/** A constant vector of 64-bit integers, as ONNX wants for shapes and axes. */
export function int64(values: readonly number[]): Value {
  return {
    shape: [values.length],
    dtype: 'int64',
    constant: { kind: 'data', data: BigInt64Array.from(values, BigInt) },
  }
}

/** A constant from an array, which is copied; a `fill` where all elements are the same number. */
export function constantOf(
  shape: readonly number[],
  dtype: 'float32' | 'int32' | 'bool',
  data: HostData,
): Value {
  const first = data[0]
  if (first !== undefined && data.every((x) => Object.is(x, first))) return fill([...shape], dtype, first)
  return { shape: [...shape], dtype, constant: { kind: 'data', data: data.slice() } }
}

/** The number of a constant that is the same everywhere; `undefined` for every other value. */
export function fillOf(value: Value | null | undefined): number | undefined {
  return value?.constant?.kind === 'fill' ? value.constant.value : undefined
}

/** How often each value is used, as a node's input or as an output of the graph. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>()
  const use = (value: Value | null): void => {
    if (value !== null) uses.set(value, (uses.get(value) ?? 0) + 1)
  }
  for (const node of graph.nodes) node.inputs.forEach(use)
  graph.outputs.forEach(use)
  return uses
}
