import { ELEMENT_CODE } from '../graph/element.ts'
import { fillOf, sameShape, type Graph, type Node, type Value } from '../graph/graph.ts'
import { rewrite, type Rewriter } from './rewrite.ts'

/**
 * Rewrites the mask that a gradient of relu multiplies with, dy * float(x > 0).
 *
 * - relu(x) > 0 stands for x > 0, which is the same: the gradient then keeps no hold on x, and ONNX Runtime can compute product, bias and
 *   relu in one go.
 * - A choice between dy and zero takes half the time of comparison, cast and multiplication. It differs where dy is not finite: zero, where
 *   the multiplication gives NaN.
 */
export function maskFromRelu(graph: Graph): Graph {
  const relus = new Map<Value | null, Value>()
  const masks = new Set<Value>()
  return rewrite(graph, (node, r) => {
    const [x, bound] = node.inputs
    if (node.op === 'Relu') relus.set(x, node.outputs[0])
    if (node.op === 'Mul') return choose(node, r, masks)
    const relu = relus.get(x)
    if (node.op !== 'Greater' || relu === undefined || fillOf(bound) !== 0) return undefined
    // A relu is positive exactly where it is not zero, and a cast is faster than a comparison.
    const mask = r.op(['Cast', { to: ELEMENT_CODE.bool }], [relu], node.outputs[0])
    masks.add(mask)
    return [mask]
  })
}

function choose(node: Node, r: Rewriter, masks: ReadonlySet<Value>): readonly Value[] | undefined {
  const pick = (dy: Value | null, factor: Value | null): readonly Value[] | undefined => {
    const cast = r.producer(factor)
    const mask = cast?.op === 'Cast' ? cast.inputs[0] : undefined
    if (mask === null || mask === undefined || dy === null || !masks.has(mask)) return undefined
    if (!sameShape(dy.shape, mask.shape)) return undefined
    return [r.op('Where', [mask, dy, r.scalar(0)], node.outputs[0])]
  }
  const [a, b] = node.inputs
  return pick(a, b) ?? pick(b, a)
}
