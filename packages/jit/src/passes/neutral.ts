import { fillOf, sameShape, type Graph, type Node, type Value } from '../graph/graph.ts'
import { expand } from '../rules/reshape.ts'
import { rewrite } from './rewrite.ts'

/** The operand that is left when the other one is neutral: x + 0, x - 0, x * 1, x / 1. Of x = -0 the sum with 0 is 0; here -0 stays. */
function survivor({ op, inputs }: Node): Value | undefined {
  const [a, b] = inputs
  const [left, right] = [fillOf(a), fillOf(b)]
  switch (op) {
    case 'Add':
      return right === 0 ? (a ?? undefined) : left === 0 ? (b ?? undefined) : undefined
    case 'Sub':
      return right === 0 ? (a ?? undefined) : undefined
    case 'Mul':
      return right === 1 ? (a ?? undefined) : left === 1 ? (b ?? undefined) : undefined
    case 'Div':
      return right === 1 ? (a ?? undefined) : undefined
    default:
      return undefined
  }
}

/** Drops additions of zero and multiplications with one; where they spread the other operand to a larger shape, an `Expand` does. */
export function removeNeutral(graph: Graph): Graph {
  return rewrite(graph, (node, r) => {
    const value = survivor(node)
    if (value === undefined) return undefined
    const { shape } = node.outputs[0]
    return [sameShape(value.shape, shape) ? value : expand(r, value, shape)]
  })
}
