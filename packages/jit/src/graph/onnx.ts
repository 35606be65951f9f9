/** A graph as an ONNX file. Field numbers are those of `onnx.proto3`. */
import {
  sizeOf,
  type Attribute,
  type Constant,
  type ElementType,
  type Graph,
  type Node,
  type Value,
} from './graph.ts'
import { typedArray } from './arrays.ts'
import { ELEMENT_CODE } from './element.ts'
import type { OutputSpec } from './builder.ts'
import { assemble, bytes, float, integer, message, string, type Message } from './protobuf.ts'

const IR_VERSION = 9
/** Field of a model's texts. */
export const METADATA = 14
const OPSET = 18

const ELEMENT = ELEMENT_CODE
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const

/** Constant fills with more elements than this are written as one number and expanded when the file is loaded. */
const LARGE_FILL = 64

/** What to encode: a graph, its name, and names for its outputs, in order. */
export interface ModelSpec {
  readonly name: string
  readonly graph: Graph
  readonly outputNames: readonly string[]
  /** Texts that travel with the file, by name. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** The bytes of a self-contained ONNX file. */
export function encodeModel({ name, graph, outputNames, metadata = {} }: ModelSpec): Uint8Array<ArrayBuffer> {
  const names = new Map<Value, string>()
  graph.inputs.forEach((value) => names.set(value, value.input ?? ''))
  graph.outputs.forEach((value, i) => {
    if (!names.has(value) && value.constant === undefined) names.set(value, outputNames[i])
  })
  const initializers: Message[] = []
  const nodes: Message[] = []

  let next = 0
  const fresh = (): string => `%${next++}`
  const nameOf = (value: Value | null): string => {
    if (value === null) return ''
    const known = names.get(value)
    if (known !== undefined) return known
    const made = fresh()
    names.set(value, made)
    if (value.constant !== undefined) declare(value, value.constant, made)
    return made
  }
  const declare = (value: Value, constant: Constant, as: string): void => {
    const { shape, dtype } = value
    if (constant.kind === 'data') {
      initializers.push(tensor(as, { shape: shape, dtype: dtype }, rawBytes(constant.data)))
    } else if (sizeOf(shape) <= LARGE_FILL) {
      initializers.push(
        tensor(as, { shape: shape, dtype: dtype }, rawFill(dtype, sizeOf(shape), constant.value)),
      )
    } else {
      const [one, dims] = [fresh(), fresh()]
      initializers.push(tensor(one, { shape: [], dtype: dtype }, rawFill(dtype, 1, constant.value)))
      initializers.push(
        tensor(dims, { shape: [shape.length], dtype: 'int64' }, rawBytes(BigInt64Array.from(shape, BigInt))),
      )
      nodes.push(nodeOf('Expand', { inputs: [one, dims], outputs: [as] }))
    }
  }

  // An input with a constant has it as its default: it may be left out of a call, and yet nothing is folded away.
  for (const value of graph.inputs)
    if (value.constant !== undefined) declare(value, value.constant, nameOf(value))
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(nameOf)
    nodes.push(nodeOf(node.op, { inputs, outputs: node.outputs.map(nameOf) }, attributesOf(node)))
  }
  // An output that is an input, a constant, or a repetition needs a name of its own.
  graph.outputs.forEach((value, i) => {
    const known = nameOf(value)
    if (known !== outputNames[i])
      nodes.push(nodeOf('Identity', { inputs: [known], outputs: [outputNames[i]] }))
  })

  return assemble([
    integer(1, IR_VERSION),
    string(2, 'maxent'),
    message(7, [
      ...nodes.map((fields) => message(1, [fields])),
      string(2, name),
      ...initializers.map((fields) => message(5, [fields])),
      ...graph.inputs.map((value) => message(11, [valueInfo(value.input ?? '', value)])),
      ...graph.outputs.map((value, i) => message(12, [valueInfo(outputNames[i], value)])),
    ]),
    message(8, [string(1, ''), integer(2, OPSET)]),
    ...Object.entries(metadata).map(([key, value]) => message(METADATA, [string(1, key), string(2, value)])),
  ])
}

interface Wires {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

function nodeOf(op: string, { inputs, outputs }: Wires, attributes: readonly Message[] = []): Message {
  const fields = [
    ...inputs.map((input) => string(1, input)),
    ...outputs.map((output) => string(2, output)),
    string(4, op),
    ...attributes.map((fields) => message(5, [fields])),
  ]
  return fields.flat()
}

function attributesOf(node: Node): Message[] {
  return Object.entries(node.attributes).map(([name, value]) => [
    ...string(1, name),
    ...attributeValue(value),
  ])
}

function attributeValue(value: Attribute): Message {
  if (typeof value === 'number') return [...integer(3, value), ...integer(20, ATTRIBUTE.int)]
  if (typeof value === 'string') return [...string(4, value), ...integer(20, ATTRIBUTE.string)]
  if ('float' in value) return [...float(2, value.float), ...integer(20, ATTRIBUTE.float)]
  return [...value.flatMap((n) => integer(8, n)), ...integer(20, ATTRIBUTE.ints)]
}

function tensor(name: string, { shape, dtype }: OutputSpec, raw: Uint8Array): Message {
  return [
    ...shape.flatMap((n) => integer(1, n)),
    ...integer(2, ELEMENT[dtype]),
    ...string(8, name),
    ...bytes(9, raw),
  ]
}

function valueInfo(name: string, { shape, dtype }: Value): Message {
  const dims = message(
    2,
    shape.map((n) => message(1, [integer(1, n)])),
  )
  return [...string(1, name), ...message(2, [message(1, [integer(1, ELEMENT[dtype]), dims])])]
}

function rawBytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function rawFill(dtype: ElementType, size: number, value: number): Uint8Array {
  if (dtype === 'int64') return rawBytes(new BigInt64Array(size).fill(BigInt(value)))
  return rawBytes(typedArray(dtype, size).fill(value))
}
