/**
 * Functions so small that they are computed here. One row through a policy of two layers of 256 takes some 30 us in a loop of nothing else,
 * as with ONNX Runtime; between two updates, when no cache holds its code, a call of ONNX Runtime takes 120 us and this one 65.
 */
import { constantArray } from '../graph/arrays.ts'
import { sizeOf, type Graph, type Node, type Value } from '../graph/graph.ts'
import { flopsOf, productsOf } from '../graph/products.ts'
import type { Results, Session } from '../runtime/session.ts'
import type { HostData } from '../types.ts'
import { isOutermost, kernelOf, RESHAPES, type Floats, type Kernel } from './kernels.ts'

/** Beyond so many multiplications and additions ONNX Runtime is faster, whatever the caches hold. */
const MOST_FLOPS = 2 ** 18
/** Beyond so many numbers in all results of operators likewise. */
const MOST_NUMBERS = 2 ** 12

/** What a session here is made of. */
interface HostGraph {
  readonly graph: Graph
  readonly outputNames: readonly string[]
  /** Where the data of an input of the graph lie. */
  readonly place: (input: Value) => Floats
}

/** A session for a graph of a single row, or `undefined` where the graph is too large or has an operator that is not known here. */
export function createHostSession({ graph, outputNames, place }: HostGraph): Session | undefined {
  if (!isSmall(graph)) return undefined
  const places = new Map<Value, Floats>(graph.inputs.map((input) => [input, place(input)]))
  const read = (value: Value): Floats => {
    const at = places.get(value) ?? { of: { data: constantArray(value) }, offset: 0 }
    places.set(value, at)
    return at
  }
  const kernels: Kernel[] = []
  for (const node of graph.nodes) {
    if (moves(node, read, places)) continue
    const { inputs, outputs } = node
    const out = new Float32Array(sizeOf(outputs[0].shape))
    const present = inputs.filter((input) => input !== null)
    const kernel = kernelOf({ node, inputs: present.map(read), out })
    if (kernel === undefined) return undefined
    kernels.push(kernel)
    places.set(outputs[0], { of: { data: out }, offset: 0 })
  }
  const results = graph.outputs.map((value, i) => ({
    name: outputNames[i],
    from: read(value),
    size: sizeOf(value.shape),
  }))
  return {
    inputNames: graph.inputs.map(({ input }) => input as string),
    outputNames,
    run: (_, fetches) => {
      for (let i = 0; i < kernels.length; i++) kernels[i]()
      const computed: Record<string, { data: HostData }> = {}
      for (const { name, from, size } of results)
        if (name in fetches) computed[name] = { data: from.of.data.slice(from.offset, from.offset + size) }
      return computed satisfies Results
    },
    release: () => undefined,
  }
}

function isSmall(graph: Graph): boolean {
  const values = graph.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
  // Shapes and axes are constants of 64-bit integers.
  if (values.some((value) => value !== null && value.dtype !== 'float32' && value.constant === undefined))
    return false
  const numbers = graph.nodes.flatMap(({ outputs }) => outputs.map(({ shape }) => sizeOf(shape)))
  const flops = productsOf(graph).map(flopsOf)
  return sum(numbers) <= MOST_NUMBERS && sum(flops) <= MOST_FLOPS
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

/** Whether a node only says where its outputs are: they lie where its input does. */
function moves(node: Node, read: (value: Value) => Floats, places: Map<Value, Floats>): boolean {
  const { op, inputs, outputs, attributes } = node
  const [whole] = inputs
  if (whole === null || whole === undefined) return false
  if (RESHAPES.has(op)) {
    places.set(outputs[0], read(whole))
    return true
  }
  if (op !== 'Split' || !isOutermost(whole, (attributes['axis'] ?? 0) as number)) return false
  const { of, offset } = read(whole)
  let before = 0
  for (const output of outputs) {
    places.set(output, { of, offset: offset + before })
    before += sizeOf(output.shape)
  }
  return true
}
