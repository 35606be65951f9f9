import { EXACT_BINARY, EXACT_UNARY } from '../graph/exactOps.ts'
import { fill, fillOf, type Graph } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/**
 * Computes float operators over constants that are one number everywhere: gradients are full of ones and zeros. Only operations that
 * IEEE 754 rounds correctly are folded, so that the numbers are those ONNX Runtime would give.
 */
export function foldFills(graph: Graph): Graph {
  return rewrite(graph, ({ op, inputs, outputs: [{ shape, dtype }] }) => {
    if (dtype !== 'float32') return undefined
    const [a, b] = inputs.map((input) => {
      const number = fillOf(input)
      return number === undefined ? undefined : Math.fround(number)
    })
    if (inputs.length === 1 && a !== undefined && op in EXACT_UNARY)
      return [fill(shape, dtype, Math.fround(EXACT_UNARY[op](a)))]
    if (a === undefined || b === undefined || !(op in EXACT_BINARY)) return undefined
    return [fill(shape, dtype, Math.fround(EXACT_BINARY[op](a, b)))]
  })
}
