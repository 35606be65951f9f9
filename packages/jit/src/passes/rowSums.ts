import { fill, sizeOf, type Graph, type Value } from '../graph/graph.ts'
import { reshape } from '../rules/reshape.ts'
import { rewrite } from './rewrite.ts'

/** Below this many elements a plain sum is as fast. */
const LARGE = 1024

const isFirstAxis = (axes: Value | null | undefined): boolean =>
  axes?.constant?.kind === 'data' && axes.constant.data.length === 1 && axes.constant.data[0] === 0n

/** Sums the rows of a matrix as the product of a row of ones with it: ONNX Runtime's own sum along the first axis takes six times as long. */
export function rowSumsAsProducts(graph: Graph): Graph {
  return rewrite(graph, (node, r) => {
    const [x, axes] = node.inputs
    if (node.op !== 'ReduceSum' || x?.dtype !== 'float32' || x.shape.length !== 2 || !isFirstAxis(axes))
      return undefined
    if (sizeOf(x.shape) < LARGE) return undefined
    const [rows, columns] = x.shape
    const ones = fill([1, rows], 'float32', 1)
    const row = r.op(['Gemm', { transA: 0, transB: 0 }], [ones, x], { shape: [1, columns], dtype: 'float32' })
    return [reshape(r, row, node.outputs[0].shape)]
  })
}
