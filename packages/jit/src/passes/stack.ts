import { createBuilder, type Builder } from '../graph/builder.ts'
import { fill, int64, sameShape, type Attributes, type Graph, type Node, type Value } from '../graph/graph.ts'
import { expand, reshape } from '../rules/reshape.ts'

/** Operators that work on each element, and broadcast where they have several inputs. */
const elementwise = new Set(
  (
    'Abs Acos Acosh Add And Asin Asinh Atan Atanh BitwiseAnd Cast Ceil Clip Cos Cosh Div Elu Equal Erf Exp Floor Greater GreaterOrEqual ' +
    'IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Min Mod Mul Neg Not Or Pow Reciprocal Relu Round Selu Sigmoid Sign Sin Sinh Sqrt Sub ' +
    'Tan Tanh Where Xor'
  ).split(' '),
)

/** A graph under construction: the values of all members, by the value of one. */
interface Stacking {
  readonly caller: string
  readonly members: number
  readonly b: Builder
  readonly stacked: Map<Value, Value>
}

/**
 * The graph for several members at once: every input and output has them as a new leading axis, and what a member computes depends on its own
 * rows alone. Matrix products become batched ones.
 * @throws RangeError that names an operator which has no form for several members.
 */
export function stackMembers(caller: string, graph: Graph, members: number): Graph {
  const b = createBuilder()
  const stacked = new Map<Value, Value>()
  const shapeOf = ({ shape }: Value): readonly number[] => [members, ...shape]
  const inputs = graph.inputs.map((value) => {
    const all = { ...value, shape: shapeOf(value) }
    stacked.set(value, all)
    return all
  })
  for (const node of graph.nodes) stackNode({ caller, members, b, stacked }, node)
  const outputs = graph.outputs.map((value) => {
    const all = stacked.get(value)
    if (all !== undefined) return all
    // What depends on no input is the same for all.
    if (value.constant?.kind === 'fill') return fill(shapeOf(value), value.dtype, value.constant.value)
    return expand(b, value, shapeOf(value))
  })
  return { inputs, nodes: b.nodes, outputs }
}

function stackNode(stacking: Stacking, node: Node): void {
  const { b, members, stacked } = stacking
  const [x] = node.inputs
  if (!node.inputs.some((value) => value !== null && stacked.has(value))) {
    b.nodes.push(node)
    return
  }
  const give = (op: string, inputs: readonly (Value | null)[], attributes: Attributes): void => {
    const specs = node.outputs.map(({ shape, dtype }) => ({ shape: [members, ...shape], dtype }))
    for (const [i, value] of b.ops([op, attributes], inputs, specs).entries())
      stacked.set(node.outputs[i], value)
  }
  const all = (value: Value | null): Value | null => value && (stacked.get(value) ?? value)
  /** A value that has the leading axis in any case. */
  const whole = (value: Value): Value => stacked.get(value) ?? expand(b, value, [members, ...value.shape])
  const first = (): Value => whole(x as Value)
  const rest = node.inputs.slice(1)
  const [{ shape }] = node.outputs
  const { attributes } = node
  const { axis } = attributes
  switch (node.op) {
    case 'Gemm': {
      const [left, right] = node.inputs.map((value, i) =>
        swapLast(b, all(value) as Value, attributes[i === 0 ? 'transA' : 'transB'] === 1),
      )
      if (node.inputs.length > 2) throw unsupported(stacking, 'Gemm with a bias')
      return give('MatMul', [left, right], {})
    }
    case 'MatMul': {
      const rank = Math.max(...node.inputs.map((value) => value?.shape.length ?? 0))
      return give(
        'MatMul',
        node.inputs.map((value) => aligned(stacking, value, rank)),
        {},
      )
    }
    case 'Reshape':
      return give('Reshape', [first(), int64([members, ...shape])], attributes)
    case 'Expand':
      return give('Expand', [aligned(stacking, x, shape.length), int64([members, ...shape])], attributes)
    case 'Tile':
      return give('Tile', [first(), int64([1, ...integers(stacking, node, 1)])], attributes)
    case 'Transpose':
      return give('Transpose', [first()], { perm: [0, ...(attributes.perm as number[]).map((i) => i + 1)] })
    case 'Concat':
      return give(
        'Concat',
        node.inputs.map((value) => whole(value as Value)),
        { axis: (axis as number) + 1 },
      )
    case 'Split':
    case 'Softmax':
    case 'LogSoftmax':
    case 'ArgMax':
    case 'ArgMin':
      return give(node.op, [first(), ...rest], { ...attributes, axis: (axis as number) + 1 })
    case 'TopK':
      // Its axis is the last.
      return give('TopK', [first(), ...rest], attributes)
    case 'Gather':
      if (rest[0] !== null && stacked.has(rest[0])) throw unsupported(stacking, 'Gather at computed places')
      return give('Gather', [first(), ...rest], { ...attributes, axis: (axis as number) + 1 })
    case 'CumSum': {
      const [at] = integers(stacking, node, 1)
      return give('CumSum', [first(), b.scalar(at + 1, 'int32')], attributes)
    }
    case 'Slice': {
      const axes = int64(integers(stacking, node, 3).map((i) => i + 1))
      return give('Slice', [first(), rest[0], rest[1], axes, ...rest.slice(3)], attributes)
    }
    case 'Pad': {
      const pads = integers(stacking, node, 1)
      const half = pads.length / 2
      return give(
        'Pad',
        [first(), int64([0, ...pads.slice(0, half), 0, ...pads.slice(half)]), ...rest.slice(1)],
        attributes,
      )
    }
    default:
      if (/^Reduce(Max|Mean|Min|Prod|Sum)$/.test(node.op)) {
        const axes = int64(integers(stacking, node, 1).map((i) => i + 1))
        return give(node.op, [first(), axes], attributes)
      }
      if (!elementwise.has(node.op)) throw unsupported(stacking, node.op)
      return give(
        node.op,
        node.inputs.map((value) => aligned(stacking, value, shape.length)),
        attributes,
      )
  }
}

/** The values of all members with room for broadcasting against values of a higher rank; constants as they are. */
function aligned({ b, members, stacked }: Stacking, value: Value | null, rank: number): Value | null {
  const all = value === null ? undefined : stacked.get(value)
  if (all === undefined) return value
  const inner = all.shape.slice(1)
  const shape = [members, ...Array<number>(rank - inner.length).fill(1), ...inner]
  return sameShape(shape, all.shape) ? all : reshape(b, all, shape)
}

function swapLast(b: Builder, x: Value, when: boolean): Value {
  if (!when) return x
  const rank = x.shape.length
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2]
  return b.op(['Transpose', { perm }], [x], { shape: perm.map((i) => x.shape[i]), dtype: x.dtype })
}

/** An input that must be constant integers, as axes and shapes are. */
function integers(stacking: Stacking, node: Node, at: number): number[] {
  const value = node.inputs[at]
  const { constant } = value ?? {}
  if (value === null || constant === undefined) throw unsupported(stacking, `${node.op} with computed axes`)
  if (constant.kind === 'data') return Array.from(constant.data as ArrayLike<number | bigint>, Number)
  return Array<number>(value.shape.reduce((size, n) => size * n, 1)).fill(constant.value)
}

function unsupported({ caller }: Stacking, what: string): RangeError {
  return new RangeError(
    `${caller}: functions of several members must be made of operators that have a form for them, got ${what}; run each member in a program of its own`,
  )
}
