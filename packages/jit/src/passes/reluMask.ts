import { ELEMENT_CODE } from '../graph/element.ts'
import { fillOf, sameShape, type Graph, type Value } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/**
 * Asks relu(x) in place of x whether it is positive, which is the same: the gradient then keeps no hold on x, and ONNX Runtime can compute
 * product, bias and relu in one go. A relu is positive exactly where it is not zero, which a cast to bool tells. A comparison that spreads
 * x to a larger shape stays.
 */
export function maskFromRelu(graph: Graph): Graph {
  const relus = new Map<Value | null, Value>()
  return rewrite(graph, (node, r) => {
    const [x, bound] = node.inputs
    if (node.op === 'Relu') relus.set(x, node.outputs[0])
    const relu = relus.get(x)
    if (node.op !== 'Greater' || relu === undefined || fillOf(bound) !== 0) return undefined
    if (!sameShape(relu.shape, node.outputs[0].shape)) return undefined
    return [r.op(['Cast', { to: ELEMENT_CODE.bool }], [relu], node.outputs[0])]
  })
}
