import { countUses, type Graph, type Node, type Value } from '../graph/graph.ts'
import { rewrite } from './rewrite.ts'

/** A bias broadcasts along rows: a vector, a single row, or a number. */
function isBias({ shape, dtype }: Value, columns: number): boolean {
  const width = shape[shape.length - 1] ?? 1
  return (
    dtype === 'float32' &&
    shape.slice(0, -1).every((n) => n === 1) &&
    shape.length <= 2 &&
    (width === columns || width === 1)
  )
}

/** Adds a bias inside the product before it, where nothing else reads the product. Rounds differently by an ulp. */
export function biasIntoGemm(graph: Graph): Graph {
  const uses = countUses(graph)
  return rewrite(graph, (node, r) => {
    if (node.op !== 'Add') return undefined
    const fuse = (product: Value | null, bias: Value | null): readonly Value[] | undefined => {
      const gemm: Node | undefined = r.producer(product)
      if (gemm?.op !== 'Gemm' || gemm.inputs.length > 2 || product === null || bias === null) return undefined
      const [output] = gemm.outputs
      if (uses.get(output) !== 1 || !isBias(bias, output.shape[1])) return undefined
      return [r.op(['Gemm', gemm.attributes], [...gemm.inputs, bias], node.outputs[0])]
    }
    const [a, b] = node.inputs
    return fuse(a, b) ?? fuse(b, a)
  })
}
