import { fillOf, sizeOf, type Graph, type Node } from './graph.ts'

const PRODUCTS: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'Conv', 'ConvTranspose'])

/** The matrix products and convolutions of a graph. Products with a constant vector of ones, which sum rows, do not count. */
export function productsOf(graph: Graph): Node[] {
  return graph.nodes.filter(({ op, inputs }) => PRODUCTS.has(op) && fillOf(inputs[0]) === undefined)
}

/** Number of multiplications and additions of a product. */
export function flopsOf({ op, inputs, outputs, attributes }: Node): number {
  const [a, b] = inputs.map((input) => input?.shape ?? [])
  if (op === 'Gemm' || op === 'MatMul')
    return 2 * a[attributes['transA'] === 1 ? 0 : a.length - 1] * sizeOf(outputs[0].shape)
  // One filter per output place and channel; transposed, one per input place and channel.
  return 2 * sizeOf(b.slice(1)) * sizeOf(op === 'Conv' ? outputs[0].shape : a)
}

/** Products below this gain nothing from a second thread, and would hold a pool of threads for it. */
const THREADED_FLOPS = 5e7

/** How many of the allowed threads a graph gets. */
export function threadsFor(graph: Graph, allowed: number): number {
  const flops = productsOf(graph).reduce((sum, node) => sum + flopsOf(node), 0)
  return flops < THREADED_FLOPS ? 1 : allowed
}
