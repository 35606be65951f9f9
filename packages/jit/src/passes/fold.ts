import { fill, fillOf, type Graph } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Relu: (x) => Math.max(x, 0),
  Sqrt: Math.sqrt,
}
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
}

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
    if (inputs.length === 1 && a !== undefined && op in UNARY)
      return [fill(shape, dtype, Math.fround(UNARY[op](a)))]
    if (a === undefined || b === undefined || !(op in BINARY)) return undefined
    return [fill(shape, dtype, Math.fround(BINARY[op](a, b)))]
  })
}
