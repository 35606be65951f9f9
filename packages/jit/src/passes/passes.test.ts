import { describe, expect, it } from 'vitest'
import { createBuilder, type Builder } from '../graph/builder.ts'
import { constantOf, fill, int64, type Graph, type Value } from '../graph/graph.ts'
import { expand, reshape, transpose } from '../rules/reshape.ts'
import { biasIntoGemm } from './bias.ts'
import { bindInputs } from './bind.ts'
import { narrowOperands } from './broadcast.ts'
import { shareCommon } from './cse.ts'
import { removeDead } from './dead.ts'
import { foldFills } from './fold.ts'
import { collapseLayout, transposeIntoGemm } from './layout.ts'
import { removeNeutral } from './neutral.ts'
import { optimise } from './optimise.ts'
import { maskFromRelu } from './reluMask.ts'
import { rowSumsAsProducts } from './rowSums.ts'

const input = (name: string, ...shape: number[]): Value => ({ shape, dtype: 'float32', input: name })
const x = input('x', 64, 32)
const y = input('y', 64, 32)
const row = input('row', 32)
const square = input('square', 32, 32)

/** A graph whose outputs `make` writes. */
function graphOf(make: (b: Builder) => Value | Value[]): Graph {
  const b = createBuilder()
  const outputs = [make(b)].flat()
  return { inputs: [x, y, row, square], nodes: b.nodes, outputs }
}

/** The operators after a pass, in order. */
const ops = (graph: Graph): string[] => graph.nodes.map(({ op }) => op)
const gemm = (b: Builder, a: Value, c: Value, flags = { transA: 0, transB: 0 }): Value =>
  b.op(['Gemm', flags], [a, c], {
    shape: [a.shape[flags.transA], c.shape[1 - flags.transB]],
    dtype: 'float32',
  })

describe('removeDead', () => {
  it('drops what no output depends on and keeps the order of the rest', () => {
    const graph = graphOf((b) => {
      b.op('Exp', [x], x)
      const kept = b.op('Neg', [x], x)
      b.op('Abs', [kept], x)
      return b.op('Sqrt', [kept], x)
    })
    expect(ops(removeDead(graph))).toEqual(['Neg', 'Sqrt'])
  })
})

describe('removeNeutral', () => {
  it.each(['Add', 'Sub', 'Mul', 'Div'])('drops %s with its neutral number', (op) => {
    const graph = removeNeutral(
      graphOf((b) => b.op(op, [x, b.scalar(op === 'Add' || op === 'Sub' ? 0 : 1)], x)),
    )
    expect([ops(graph), graph.outputs]).toEqual([[], [x]])
  })

  it('keeps 0 - x and 1 / x', () => {
    const graph = graphOf((b) => [b.op('Sub', [b.scalar(0), x], x), b.op('Div', [b.scalar(1), x], x)])
    expect(ops(removeNeutral(graph))).toEqual(['Sub', 'Div'])
  })

  it('spreads the operand where the neutral constant did', () => {
    const graph = graphOf((b) => b.op('Mul', [row, fill([64, 32], 'float32', 1)], x))
    expect(ops(removeNeutral(graph))).toEqual(['Expand'])
  })
})

describe('foldFills', () => {
  it('rounds the constants to float32 first', () => {
    const root = (x: number): Graph => foldFills(graphOf((b) => b.op('Sqrt', [b.scalar(x)], b.scalar(x))))
    const tenths = Array.from({ length: 100 }, (_, i) => i / 10)
    expect(tenths.map((x) => root(x).outputs[0].constant)).toEqual(
      tenths.map((x) => ({ kind: 'fill', value: Math.fround(Math.sqrt(Math.fround(x))) })),
    )
  })

  it('computes with constants in float32', () => {
    const graph = foldFills(
      graphOf((b) =>
        b.op('Mul', [fill([3], 'float32', 0.1), b.op('Neg', [b.scalar(3)], b.scalar(3))], {
          shape: [3],
          dtype: 'float32',
        }),
      ),
    )
    expect(ops(graph)).toEqual([])
    expect(graph.outputs[0].constant).toEqual({ kind: 'fill', value: Math.fround(Math.fround(0.1) * -3) })
  })

  it('leaves functions that are not rounded correctly, and integers, to the runtime', () => {
    const graph = graphOf((b) => [
      b.op('Exp', [b.scalar(1)], b.scalar(1)),
      b.op('Div', [b.scalar(7, 'int32'), b.scalar(2, 'int32')], b.scalar(7, 'int32')),
    ])
    expect(ops(foldFills(graph))).toEqual(['Exp', 'Div'])
  })
})

describe('narrowOperands', () => {
  it('takes the number of a fill, and what an Expand spread, where the other operand has the shape', () => {
    const graph = narrowOperands(
      graphOf((b) =>
        b.op('Mul', [b.op('Add', [expand(b, row, [64, 32]), x], x), fill([64, 32], 'float32', 2)], x),
      ),
    )
    expect(removeDead(graph).nodes.map(({ op, inputs }) => [op, ...inputs.map((v) => v?.shape)])).toEqual([
      ['Add', [32], [64, 32]],
      ['Mul', [64, 32], []],
    ])
  })

  it('keeps a constant that gives the result its shape', () => {
    const graph = graphOf((b) => b.op('Add', [row, fill([64, 32], 'float32', 2)], x))
    expect(narrowOperands(graph).nodes[0].inputs[1]?.shape).toEqual([64, 32])
  })
})

describe('collapseLayout', () => {
  it('joins reshapes, and drops those that lead back', () => {
    const graph = graphOf((b) => [
      reshape(b, reshape(b, x, [2048]), [32, 64]),
      reshape(b, reshape(b, x, [2048]), [64, 32]),
    ])
    const collapsed = removeDead(collapseLayout(graph))
    expect(ops(collapsed)).toEqual(['Reshape'])
    expect(collapsed.outputs[1]).toBe(x)
  })

  it('joins transposes, and drops those that lead back', () => {
    const cube = input('cube', 2, 3, 4)
    const graph = graphOf((b) => [
      transpose(b, transpose(b, cube, [1, 2, 0]), [1, 2, 0]),
      transpose(b, transpose(b, cube, [1, 2, 0]), [2, 0, 1]),
    ])
    const collapsed = removeDead(collapseLayout(graph))
    expect(collapsed.nodes.map(({ attributes }) => attributes['perm'])).toEqual([[2, 0, 1]])
    expect(collapsed.outputs[1]).toBe(cube)
  })
})

describe('transposeIntoGemm', () => {
  it('flips the flags of the product', () => {
    const graph = graphOf((b) =>
      gemm(b, transpose(b, x, [1, 0]), transpose(b, square, [1, 0]), { transA: 1, transB: 0 }),
    )
    const [node] = removeDead(transposeIntoGemm(graph)).nodes
    expect(node.inputs).toEqual([x, square])
    expect(node.attributes).toEqual({ transA: 0, transB: 1 })
  })
})

describe('shareCommon', () => {
  it('computes equal expressions once, several deep', () => {
    const graph = shareCommon(
      graphOf((b) => [
        b.op('Exp', [b.op('Add', [x, b.scalar(1)], x)], x),
        b.op('Exp', [b.op('Add', [x, fill([], 'float32', 1)], x)], x),
      ]),
    )
    expect(ops(graph)).toEqual(['Add', 'Exp'])
    expect(graph.outputs[0]).toBe(graph.outputs[1])
  })

  it('tells apart operands, attributes, constants and the sign of zero', () => {
    const graph = graphOf((b) => [
      b.op('Sub', [x, y], x),
      b.op('Sub', [y, x], x),
      b.op(['Softmax', { axis: 0 }], [x], x),
      b.op(['Softmax', { axis: 1 }], [x], x),
      b.op('Add', [x, b.scalar(0)], x),
      b.op('Add', [x, b.scalar(-0)], x),
      b.op(['ReduceSum', { keepdims: 0 }], [x, int64([0])], row),
      b.op(['ReduceSum', { keepdims: 0 }], [x, int64([1])], row),
    ])
    expect(ops(shareCommon(graph)).length).toBe(8)
  })
})

describe('shareCommon, of short constants', () => {
  it('compares every bit, so that zeros of either sign and infinite attributes differ', () => {
    const floats = (...numbers: number[]): Value => constantOf([2], 'float32', Float32Array.from(numbers))
    const pair = { shape: [2], dtype: 'float32' } as const
    const graph = graphOf((b) => [
      b.op('Reciprocal', [floats(0, 1)], pair),
      b.op('Reciprocal', [floats(-0, 1)], pair),
      b.op('Reciprocal', [floats(0, 1)], pair),
      b.op(['LeakyRelu', { alpha: { float: 0 } }], [x], x),
      b.op(['LeakyRelu', { alpha: { float: -0 } }], [x], x),
      b.op(['LeakyRelu', { alpha: { float: Infinity } }], [x], x),
      b.op(['LeakyRelu', { alpha: { float: NaN } }], [x], x),
    ])
    expect(ops(shareCommon(graph)).length).toBe(6)
  })
})

describe('biasIntoGemm', () => {
  it('adds a bias inside the product, whichever side it stands on', () => {
    const graph = graphOf((b) => [
      b.op('Add', [gemm(b, x, square), row], x),
      b.op('Add', [row, gemm(b, y, square)], x),
    ])
    const fused = removeDead(biasIntoGemm(graph))
    expect(fused.nodes.map(({ op, inputs }) => [op, inputs.length])).toEqual([
      ['Gemm', 3],
      ['Gemm', 3],
    ])
  })

  it('leaves a product that others read, a sum of two products, and a column', () => {
    const column = input('column', 64, 1)
    const graph = graphOf((b) => {
      const shared = gemm(b, x, square)
      const sum = b.op('Add', [gemm(b, x, square), b.op('Exp', [x], x)], x)
      return [b.op('Add', [shared, row], x), shared, sum, b.op('Add', [gemm(b, x, square), column], x)]
    })
    expect(ops(removeDead(biasIntoGemm(graph))).filter((op) => op === 'Add').length).toBe(3)
  })
})

describe('maskFromRelu', () => {
  it('asks the output of the relu', () => {
    const graph = graphOf((b) => {
      const relu = b.op('Relu', [x], x)
      const mask = b.op(
        [
          'Cast',
          {
            to: 1,
          },
        ],
        [b.op('Greater', [x, b.scalar(0)], { shape: x.shape, dtype: 'bool' })],
        x,
      )
      return [b.op('Mul', [y, mask], x), relu]
    })
    const rewritten = removeDead(maskFromRelu(graph))
    expect(ops(rewritten)).toEqual(['Relu', 'HardSigmoid', 'Mul'])
    expect(rewritten.nodes[1].inputs[0]).toBe(rewritten.nodes[0].outputs[0])
  })

  it('keeps a mask of bools where one is asked for', () => {
    const bool = { shape: x.shape, dtype: 'bool' } as const
    const graph = graphOf((b) => {
      const relu = b.op('Relu', [x], x)
      const mask = b.op('Greater', [x, b.scalar(0)], bool)
      return [relu, b.op('Not', [mask], bool), b.op(['Cast', { to: 6 }], [mask], { ...x, dtype: 'int32' })]
    })
    expect(ops(removeDead(maskFromRelu(graph)))).toEqual(['Relu', 'Cast', 'Not', 'Cast'])
  })

  it('keeps the mask of whole numbers, which have no sigmoid', () => {
    const whole = { shape: x.shape, dtype: 'int32' } as const
    const graph = graphOf((b) => {
      const cast = b.op(['Cast', { to: 6 }], [x], whole)
      const relu = b.op('Relu', [cast], whole)
      const mask = b.op('Greater', [cast, b.scalar(0, 'int32')], { shape: x.shape, dtype: 'bool' })
      return [relu, b.op(['Cast', { to: 1 }], [mask], x)]
    })
    expect(ops(removeDead(maskFromRelu(graph)))).toEqual(['Cast', 'Relu', 'Cast', 'Cast'])
  })

  it('leaves comparisons with other numbers, and of values without a relu', () => {
    const bool = { shape: x.shape, dtype: 'bool' } as const
    const graph = graphOf((b) => [
      b.op('Relu', [x], x),
      b.op('Greater', [x, b.scalar(1)], bool),
      b.op('Greater', [y, b.scalar(0)], bool),
    ])
    expect(ops(maskFromRelu(graph))).toEqual(['Relu', 'Greater', 'Greater'])
  })

  it('leaves a comparison that spreads its operand', () => {
    const graph = graphOf((b) => [
      b.op('Relu', [row], row),
      b.op('Greater', [row, fill(x.shape, 'float32', 0)], { shape: x.shape, dtype: 'bool' }),
    ])
    expect(ops(maskFromRelu(graph))).toEqual(['Relu', 'Greater'])
  })
})

describe('rowSumsAsProducts', () => {
  it('sums the rows of a large matrix by a product with ones', () => {
    const graph = graphOf((b) => b.op(['ReduceSum', { keepdims: 0 }], [x, int64([0])], row))
    expect(ops(rowSumsAsProducts(graph))).toEqual(['Gemm', 'Reshape'])
  })

  it('leaves other axes, other ranks, and small matrices', () => {
    const [small, cube] = [input('small', 4, 4), input('cube', 8, 32, 32)]
    const graph = graphOf((b) => [
      b.op(['ReduceSum', { keepdims: 0 }], [x, int64([1])], input('', 64)),
      b.op(['ReduceSum', { keepdims: 0 }], [x, int64([0, 1])], input('')),
      b.op(['ReduceSum', { keepdims: 0 }], [small, int64([0])], input('', 4)),
      b.op(['ReduceSum', { keepdims: 0 }], [cube, int64([0])], square),
    ])
    expect(new Set(ops(rowSumsAsProducts(graph)))).toEqual(new Set(['ReduceSum']))
  })
})

describe('bindInputs', () => {
  it('replaces the first inputs and keeps the others', () => {
    const bound = bindInputs(
      graphOf((b) => [b.op('Add', [x, y], x), x]),
      [fill(x.shape, 'float32', 3)],
    )
    expect(bound.inputs).toEqual([y, row, square])
    expect(bound.nodes[0].inputs[0]?.constant).toEqual({ kind: 'fill', value: 3 })
    expect(bound.outputs[1].constant).toEqual({ kind: 'fill', value: 3 })
  })
})

describe('optimise', () => {
  it('turns a layer with relu, its bias gradient and its mask into what the runtime does fast', () => {
    const graph = graphOf((b) => {
      const sum = b.op('Add', [gemm(b, x, square), row], x)
      const relu = b.op('Relu', [sum], x)
      const ones = fill(x.shape, 'float32', 1)
      const mask = b.op(
        [
          'Cast',
          {
            to: 1,
          },
        ],
        [b.op('Greater', [sum, b.scalar(0)], { shape: x.shape, dtype: 'bool' })],
        x,
      )
      const gradient = b.op('Mul', [b.op('Mul', [y, ones], x), mask], x)
      return [relu, b.op(['ReduceSum', { keepdims: 0 }], [gradient, int64([0])], row)]
    })
    expect(ops(optimise(graph))).toEqual(['Gemm', 'Relu', 'HardSigmoid', 'Mul', 'Gemm', 'Reshape'])
  })

  it('keeps the number and order of outputs', () => {
    const graph = graphOf((b) => [x, b.scalar(1), b.op('Add', [x, b.scalar(0)], x), x])
    expect(optimise(graph).outputs.map(({ input: name }) => name)).toEqual(['x', undefined, 'x', 'x'])
  })
})
