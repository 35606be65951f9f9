import type { Graph, Node, Value } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/** Constant arrays up to this long are compared by their bytes. */
const SHORT = 64

/** A number as text. JSON has no -0, infinity or NaN. */
const exactly = (_: string, value: unknown): unknown =>
  typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value))
    ? `${Object.is(value, -0) ? '-0' : value}`
    : value

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  new Uint8Array(buffer, byteOffset, byteLength).join()

/** Computes equal expressions once: same operator, attributes and operands. */
export function shareCommon(graph: Graph): Graph {
  const ids = new Map<Value, number>()
  const known = new Map<string, readonly Value[]>()
  const operand = (value: Value | null): string => {
    if (value === null) return '-'
    const { constant, dtype, shape } = value
    if (constant?.kind === 'fill')
      return `${dtype}[${shape.join()}]*${Object.is(constant.value, -0) ? '-0' : constant.value}`
    if (constant !== undefined && constant.data.length <= SHORT)
      return `${dtype}[${shape.join()}]=${bytesOf(constant.data)}`
    if (!ids.has(value)) ids.set(value, ids.size)
    return `#${ids.get(value)}`
  }
  const keyOf = ({ op, inputs, outputs, attributes }: Node): string =>
    `${op}(${inputs.map(operand).join(';')})${JSON.stringify(attributes, exactly)}:${outputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join()}`
  return rewrite(graph, (node) => {
    const key = keyOf(node)
    const same = known.get(key)
    if (same === undefined) known.set(key, node.outputs)
    return same
  })
}
