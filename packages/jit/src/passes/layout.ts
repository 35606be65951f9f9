import { sameShape, type Graph, type Node } from '../graph/graph.ts'
import { reshape, transpose } from '../rules/reshape.ts'
import { rewrite, type Rewriter } from './rewrite.ts'

const permOf = (node: Node | undefined): readonly number[] | undefined =>
  node?.op === 'Transpose' ? (node.attributes['perm'] as readonly number[]) : undefined

/** Collapses chains of `Reshape` and of `Transpose`, and drops those that change nothing. */
export function collapseLayout(graph: Graph): Graph {
  return rewrite(graph, (node, r) => {
    const [x] = node.inputs
    if (x === null || x === undefined) return undefined
    const before = r.producer(x)
    if (node.op === 'Reshape') {
      const from = before?.op === 'Reshape' ? before.inputs[0] : x
      if (from === null || from === undefined) return undefined
      const { shape } = node.outputs[0]
      const isShorter = from !== x || x.constant !== undefined || sameShape(from.shape, shape)
      return isShorter ? [reshape(r, from, shape)] : undefined
    }
    const [outer, inner] = [permOf(node), permOf(before)]
    if (outer === undefined || inner === undefined || before?.inputs[0] === null || before === undefined)
      return undefined
    return [
      transpose(
        r,
        before.inputs[0],
        outer.map((axis) => inner[axis]),
      ),
    ]
  })
}

/** Takes the transposes of matrices into the products that read them. */
export function transposeIntoGemm(graph: Graph): Graph {
  return rewrite(graph, (node, r) => {
    if (node.op !== 'Gemm') return undefined
    const sides = [side(r, node, 0), side(r, node, 1)] as const
    if (sides[0].value === node.inputs[0] && sides[1].value === node.inputs[1]) return undefined
    const inputs = [sides[0].value, sides[1].value, ...node.inputs.slice(2)]
    return [
      r.op(
        [
          'Gemm',
          {
            ...node.attributes,
            transA: sides[0].flag,
            transB: sides[1].flag,
          },
        ],
        inputs,
        node.outputs[0],
      ),
    ]
  })
}

function side(r: Rewriter, node: Node, i: 0 | 1): { value: Node['inputs'][number]; flag: number } {
  const flag = node.attributes[i === 0 ? 'transA' : 'transB'] as number
  const producer = r.producer(node.inputs[i])
  return producer?.op === 'Transpose'
    ? { value: producer.inputs[0], flag: 1 - flag }
    : { value: node.inputs[i], flag }
}
