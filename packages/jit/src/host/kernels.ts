import { EXACT_BINARY, EXACT_UNARY } from '../graph/exactOps.ts'
import { fillOf, sizeOf, type Node, type Value } from '../graph/graph.ts'
import type { HostData } from '../types.ts'

/** Floats that a kernel reads: those of an array, which may change from call to call, from an offset. */
export interface Floats {
  readonly of: { readonly data: HostData }
  readonly offset: number
}

/** One operator over floats whose places are known. */
export type Kernel = () => void

/** A node with the places of what it reads; its first output goes to `out`. */
export interface Operands {
  readonly node: Node
  readonly inputs: readonly Floats[]
  readonly out: Float32Array
}

const floats = ({ of }: Floats): Float32Array => of.data as Float32Array

/** Computed in double precision and rounded once, which is exact for what IEEE 754 rounds correctly. */
const UNARY: Readonly<Record<string, (x: number) => number>> = {
  ...EXACT_UNARY,
  Tanh: Math.tanh,
  Exp: Math.exp,
  Log: Math.log,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
}
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  ...EXACT_BINARY,
  Min: Math.min,
  Max: Math.max,
}

/** Operators that give the elements of their first input in the same order. */
export const RESHAPES: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity'])

/** Whether the parts or operands along an axis lie one after another. */
export function isOutermost({ shape }: Value, axis: number): boolean {
  return sizeOf(shape.slice(0, axis < 0 ? axis + shape.length : axis)) === 1
}

/** What computes a node, or `undefined` where there is nothing for it here. */
export function kernelOf({ node, inputs, out }: Operands): Kernel | undefined {
  const { op } = node
  const [a] = inputs
  if (op in UNARY) return inputs.length === 1 ? unary(UNARY[op], a, out) : undefined
  if (op in BINARY) {
    const broadcasts = node.inputs.some((input) => ![1, out.length].includes(sizeOf(input?.shape ?? [])))
    return broadcasts || inputs.length !== 2 ? undefined : binary(BINARY[op], { node, inputs, out })
  }
  if (op === 'Clip') return clip(node, a, out)
  if (op === 'Concat') return concat(node, inputs, out)
  if (op === 'Gemm') return rowTimesMatrix(node, inputs, out)
  return undefined
}

function unary(f: (x: number) => number, from: Floats, out: Float32Array): Kernel {
  const { offset } = from
  return () => {
    const x = floats(from)
    for (let i = 0; i < out.length; i++) out[i] = f(x[offset + i])
  }
}

function binary(f: (a: number, b: number) => number, { node, inputs, out }: Operands): Kernel {
  const [first, second] = inputs
  // The step from element to element: none through a single number.
  const [da, db] = node.inputs.map((value) => (sizeOf(value?.shape ?? []) === 1 ? 0 : 1))
  return () => {
    const a = floats(first)
    const b = floats(second)
    for (let i = 0; i < out.length; i++) out[i] = f(a[first.offset + da * i], b[second.offset + db * i])
  }
}

function clip({ inputs: [, low, high] }: Node, from: Floats, out: Float32Array): Kernel | undefined {
  const [least, most] = [low, high].map((bound) => (bound === null ? undefined : fillOf(bound)))
  if (least === undefined || most === undefined) return undefined
  return unary((x) => Math.min(Math.max(x, least), most), from, out)
}

function concat(node: Node, inputs: readonly Floats[], out: Float32Array): Kernel | undefined {
  if (!isOutermost(node.outputs[0], node.attributes['axis'] as number)) return undefined
  const sizes = node.inputs.map((input) => sizeOf(input?.shape ?? []))
  return () => {
    let to = 0
    for (let k = 0; k < inputs.length; k++) {
      const from = floats(inputs[k])
      for (let i = 0; i < sizes[k]; i++) out[to++] = from[inputs[k].offset + i]
    }
  }
}

/** One row times a matrix, with or without a row that is added. Rows of the matrix at which the factor is zero are passed over. */
function rowTimesMatrix(node: Node, inputs: readonly Floats[], out: Float32Array): Kernel | undefined {
  const { transA = 0, transB = 0, alpha, beta } = node.attributes
  const [left, right, added] = node.inputs
  if (transA !== 0 || transB !== 0 || alpha !== undefined || beta !== undefined) return undefined
  if (left?.shape[0] !== 1 || right === null) return undefined
  const [rows, columns] = right.shape
  if (added !== null && added !== undefined && sizeOf(added.shape) !== columns) return undefined
  const [row, matrix, bias] = inputs
  const sums = new Float64Array(columns)
  const nonZero = new Int32Array(rows)
  return () => {
    const x = floats(row)
    if (bias === undefined) sums.fill(0)
    else {
      const c = floats(bias)
      for (let j = 0; j < columns; j++) sums[j] = c[bias.offset + j]
    }
    let count = 0
    for (let i = 0; i < rows; i++) if (x[row.offset + i] !== 0) nonZero[count++] = i
    const w = floats(matrix)
    let k = 0
    // Four rows at a time: each sum is then read and written once for four products.
    for (; k + 4 <= count; k += 4) {
      const [i0, i1, i2, i3] = [nonZero[k], nonZero[k + 1], nonZero[k + 2], nonZero[k + 3]]
      const x0 = x[row.offset + i0]
      const x1 = x[row.offset + i1]
      const x2 = x[row.offset + i2]
      const x3 = x[row.offset + i3]
      const w0 = matrix.offset + i0 * columns
      const w1 = matrix.offset + i1 * columns
      const w2 = matrix.offset + i2 * columns
      const w3 = matrix.offset + i3 * columns
      for (let j = 0; j < columns; j++)
        sums[j] += x0 * w[w0 + j] + x1 * w[w1 + j] + (x2 * w[w2 + j] + x3 * w[w3 + j])
    }
    for (; k < count; k++) {
      const xi = x[row.offset + nonZero[k]]
      const from = matrix.offset + nonZero[k] * columns
      for (let j = 0; j < columns; j++) sums[j] += xi * w[from + j]
    }
    for (let j = 0; j < columns; j++) out[j] = sums[j]
  }
}
