import { fillOf, type Graph, type Value } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/**
 * Tests relu(x) > 0 in place of x > 0, which is the same: the gradient then keeps no hold on x, and ONNX Runtime can compute product,
 * bias and relu in one go.
 */
export function maskFromRelu(graph: Graph): Graph {
  const relus = new Map<Value | null, Value>()
  return rewrite(graph, (node, r) => {
    const [x, bound] = node.inputs
    if (node.op === 'Relu') relus.set(x, node.outputs[0])
    if (node.op !== 'Greater' || fillOf(bound) !== 0) return undefined
    const relu = relus.get(x)
    return relu === undefined ? undefined : [r.op('Greater', [relu, bound], node.outputs[0])]
  })
}
