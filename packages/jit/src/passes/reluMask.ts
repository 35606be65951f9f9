import { ELEMENT_CODE } from '../graph/element.ts'
import { fillOf, sameShape, type Graph, type Value } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/** The steepest line of float32: it takes every positive normal number to 1 or beyond. */
const STEEPEST = 2 ** 127 * (2 - 2 ** -23)

/**
 * Asks relu(x) in place of x whether it is positive, which is the same: the gradient then keeps no hold on x, and ONNX Runtime can compute
 * product, bias and relu in one go. A relu is positive exactly where it is not zero, which a cast to bool tells. A comparison that spreads
 * x to a larger shape stays.
 *
 * A mask of numbers, which is what a gradient multiplies by, is made in one pass instead of two: the hard sigmoid max(0, min(1, s·relu(x)))
 * with the largest slope s is 0 at 0 and 1 from 2⁻¹²⁶ on, the least normal number. Only below that, where float32 itself has lost its
 * precision, is it in between.
 */
export function maskFromRelu(graph: Graph): Graph {
  const relus = new Map<Value | null, Value>()
  const masks = new Map<Value | null, Value>()
  return rewrite(graph, (node, r) => {
    const [x, bound] = node.inputs
    const [out] = node.outputs
    if (node.op === 'Relu') relus.set(x, out)
    const masked = masks.get(x)
    if (node.op === 'Cast' && out.dtype === 'float32' && masked !== undefined) {
      return [r.op(['HardSigmoid', { alpha: { float: STEEPEST }, beta: { float: 0 } }], [masked], out)]
    }
    const relu = relus.get(x)
    if (node.op !== 'Greater' || relu === undefined || fillOf(bound) !== 0) return undefined
    if (!sameShape(relu.shape, out.shape)) return undefined
    const mask = r.op(['Cast', { to: ELEMENT_CODE.bool }], [relu], out)
    if (relu.dtype === 'float32') masks.set(mask, relu)
    return [mask]
  })
}
