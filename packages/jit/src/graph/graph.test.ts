import { describe, expect, it } from 'vitest'
import { createBuilder } from './builder.ts'
import { broadcastShapes, constantOf, fill, fillOf, int64, sameShape, sizeOf, type Value } from './graph.ts'
import { encodeModel } from './onnx.ts'
import { flopsOf, productsOf, threadsFor } from './products.ts'
import { assemble, bytes, float, integer, message, string } from './protobuf.ts'
import { loadRuntime } from '../runtime/runtime.ts'

describe('shapes', () => {
  it('broadcast as in NumPy', () => {
    expect(broadcastShapes([2, 1, 3], [4, 1])).toEqual([2, 4, 3])
    expect(broadcastShapes([], [0, 3])).toEqual([0, 3])
    expect(() => broadcastShapes([2], [3])).toThrow(
      new RangeError('broadcastShapes: shapes must agree or be 1 in every dimension, got [2] and [3]'),
    )
  })

  it('have a size and compare by value', () => {
    expect([sizeOf([]), sizeOf([2, 3]), sizeOf([0, 3])]).toEqual([1, 6, 0])
    expect([sameShape([2], [2]), sameShape([2], [2, 1]), sameShape([2], [3])]).toEqual([true, false, false])
  })
})

describe('constants', () => {
  it('are one number where all elements are the same, the sign of zero included', () => {
    expect(fillOf(constantOf([3], 'float32', Float32Array.of(2, 2, 2)))).toBe(2)
    expect(fillOf(constantOf([3], 'float32', Float32Array.of(NaN, NaN, NaN)))).toBeNaN()
    expect(fillOf(constantOf([2], 'float32', Float32Array.of(0, -0)))).toBeUndefined()
    expect(fillOf(constantOf([0], 'float32', new Float32Array(0)))).toBeUndefined()
  })

  it('hold a copy', () => {
    const data = Float32Array.of(1, 2)
    const { constant } = constantOf([2], 'float32', data)
    data.fill(9)
    expect(constant).toEqual({ kind: 'data', data: Float32Array.of(1, 2) })
  })
})

describe('the protobuf encoding', () => {
  it('writes varints, fixed floats and nested messages', () => {
    expect([...assemble([integer(1, 150)])]).toEqual([0x08, 0x96, 0x01])
    expect([...assemble([integer(1, -1)])]).toEqual([0x08, ...Array<number>(9).fill(0xff), 0x01])
    expect([...assemble([integer(16, 0n)])]).toEqual([0x80, 0x01, 0x00])
    expect([...assemble([string(2, 'testing')])]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ])
    expect([...assemble([float(3, 1)])]).toEqual([0x1d, 0x00, 0x00, 0x80, 0x3f])
    expect([...assemble([message(3, [integer(1, 150)])])]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01])
    expect(assemble([bytes(1, new Uint8Array(300))]).length).toBe(303)
  })
})

describe('encodeModel', () => {
  it('gives names of their own to outputs that are inputs, constants or repetitions, and expands large fills', async () => {
    const { InferenceSession, Tensor } = await loadRuntime()
    const x: Value = { shape: [2], dtype: 'float32', input: 'x' }
    const b = createBuilder()
    const sum = b.op('Add', [x, fill([2], 'float32', 1)], x)
    const outputs = [x, sum, sum, fill([100], 'int32', 7), fill([], 'bool', 1), int64([3, 4])]
    const outputNames = ['same', 'sum', 'again', 'large', 'flag', 'shape']
    const model = encodeModel({ name: 'test', graph: { inputs: [x], nodes: b.nodes, outputs }, outputNames })
    expect(model.length).toBeLessThan(700)
    const session = await InferenceSession.create(model)
    const results = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) })
    expect(Object.values(results).map(({ data }) => data)).toEqual([
      Float32Array.of(1, 2),
      Float32Array.of(2, 3),
      Float32Array.of(2, 3),
      new Int32Array(100).fill(7),
      Uint8Array.of(1),
      BigInt64Array.of(3n, 4n),
    ])
  })
})

describe('products', () => {
  const value = (...shape: number[]): Value => ({ shape, dtype: 'float32', input: 'v' })

  it('are the matrix products and convolutions, without sums of rows', () => {
    const b = createBuilder()
    b.op(['Gemm', { transA: 1, transB: 0 }], [value(8, 4), value(8, 5)], value(4, 5))
    b.op('MatMul', [value(2, 3, 4), value(2, 4, 5)], value(2, 3, 5))
    b.op('Conv', [value(1, 3, 8, 8), value(2, 3, 3, 3)], value(1, 2, 6, 6))
    b.op('ConvTranspose', [value(1, 2, 6, 6), value(2, 3, 3, 3)], value(1, 3, 8, 8))
    b.op('Gemm', [fill([1, 8], 'float32', 1), value(8, 5)], value(1, 5))
    b.op('Add', [value(2), value(2)], value(2))
    const products = productsOf({ inputs: [], nodes: b.nodes, outputs: [] })
    expect(products.map(flopsOf)).toEqual([2 * 8 * 4 * 5, 2 * 2 * 3 * 4 * 5, 2 * 27 * 72, 2 * 27 * 72])
  })

  it('decide about threads: small graphs get one', () => {
    const graphOf = (n: number): Parameters<typeof threadsFor>[0] => {
      const b = createBuilder()
      b.op('Gemm', [value(n, n), value(n, n)], value(n, n))
      return { inputs: [], nodes: b.nodes, outputs: [] }
    }
    expect([threadsFor(graphOf(64), 2), threadsFor(graphOf(512), 2)]).toEqual([1, 2])
  })
})
