/**
 * The limit of a compiled function, the yardstick of speed: one graph that holds exactly its matrix products, with the same shapes and
 * transposes, each with operands of its own, each result reduced to one element, under the same session options.
 * @module
 */
import { createBuilder } from './graph/builder.ts'
import { int64, sizeOf, type Graph, type Node, type Value } from './graph/graph.ts'
import { encodeModel } from './graph/onnx.ts'
import { flopsOf, productsOf, threadsFor } from './graph/products.ts'
import { executorOf } from './program/createProgram.ts'
import { loadRuntime } from './runtime/runtime.ts'
import { createSession, giveTurn, releaseSession } from './runtime/session.ts'
import type { Program } from './types.ts'

/** The products of a function, ready to run. */
export interface MatmulLimit {
  /** Computes all products once. */
  run(): Promise<void>
  /** How many products there are. */
  readonly products: number
  /** Their multiplications and additions. */
  readonly flops: number
  /** Frees the session. */
  dispose(): Promise<void>
}

/**
 * Builds the limit of one function of a compiled program.
 * @throws RangeError where the program is eager, has no such function, or the function has no products.
 */
export async function matmulLimit(program: Program, name: string): Promise<MatmulLimit> {
  const { traced, threads } = executorOf('matmulLimit', program)
  const graph = traced.get(name)?.graph
  if (graph === undefined) {
    const known = traced.size === 0 ? 'none, the program is eager' : [...traced.keys()].join(', ')
    throw new RangeError(`matmulLimit: name must be a compiled function (${known}), got ${name}`)
  }
  const products = productsOf(graph)
  if (products.length === 0) {
    throw new RangeError(`matmulLimit: function must have matrix products, got none in ${name}`)
  }
  const runtime = await loadRuntime()
  const model = encodeModel({ name: 'limit', graph: limitGraph(products), outputNames: ['elements'] })
  const session = await createSession(runtime, model, threadsFor(graph, threads))
  return {
    run: async () => {
      await giveTurn()
      await session.run({}, { elements: null })
    },
    products: products.length,
    flops: products.reduce((sum, node) => sum + flopsOf(node), 0),
    dispose: () => releaseSession(session),
  }
}

function limitGraph(products: readonly Node[]): Graph {
  const b = createBuilder()
  const inputs: Value[] = []
  const elements = products.map((node, i) => {
    const operands = node.inputs.slice(0, 2).map((input, k) => operand(input as Value, [i, k]))
    inputs.push(...operands)
    const { shape } = node.outputs[0]
    const flat = b.op('Reshape', [b.op([node.op, node.attributes], operands, node.outputs[0]), int64([-1])], {
      shape: [sizeOf(shape)],
      dtype: 'float32',
    })
    return b.op('Slice', [flat, int64([0]), int64([1])], { shape: [1], dtype: 'float32' })
  })
  const all = b.op(['Concat', { axis: 0 }], elements, { shape: [elements.length], dtype: 'float32' })
  return { inputs, nodes: b.nodes, outputs: [all] }
}

/** An operand of its own: an input with a default, which ONNX Runtime neither folds nor packs beforehand. */
function operand({ shape }: Value, [product, side]: readonly [number, number]): Value {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i + product + side))
  return { shape, dtype: 'float32', input: `operand${product}_${side}`, constant: { kind: 'data', data } }
}
