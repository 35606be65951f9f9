import { broadcastShapes, fillOf, sameShape, type Graph, type Value } from '../graph/graph.ts'
import { BROADCASTING } from './elementwiseOps.ts'
import { rewrite, type Rewriter } from './rewrite.ts'

/** A smaller operand that broadcasts to the same: the number of a fill, or what an `Expand` spread. */
function source(r: Rewriter, value: Value): Value | undefined {
  const number = fillOf(value)
  if (number !== undefined) return value.shape.length === 0 ? undefined : r.scalar(number, value.dtype)
  const node = r.producer(value)
  return node?.op === 'Expand' ? (node.inputs[0] ?? undefined) : undefined
}

/** Element-wise operators broadcast by themselves: takes their operands before they are spread, where the result's shape stays. */
export function narrowOperands(graph: Graph): Graph {
  return rewrite(graph, (node, r) => {
    if (!BROADCASTING.has(node.op)) return undefined
    const { shape, dtype } = node.outputs[0]
    let inputs = node.inputs as readonly Value[]
    inputs.forEach((input, i) => {
      const narrow = source(r, input)
      if (narrow === undefined) return
      const next = inputs.map((other, k) => (k === i ? narrow : other))
      const spread = next.map((value) => value.shape).reduce(broadcastShapes)
      if (sameShape(spread, shape)) inputs = next
    })
    return inputs === node.inputs ? undefined : [r.op([node.op, node.attributes], inputs, { shape, dtype })]
  })
}
