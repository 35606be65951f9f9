import { describe, expect, it } from 'vitest'
import { fill, type Node, type Value } from '../graph/graph.ts'
import { assembleKernel, isKernelNode, STRIDE, type KernelSpec } from './kernel.ts'

const array = (shape: readonly number[] = [6]): Value => ({ shape, dtype: 'float32' })
const single = (dtype: 'float32' | 'bool' | 'int32' = 'float32'): Value => ({ shape: [], dtype })
const node = (op: string, inputs: readonly Value[], output: Value = array()): Node => ({
  op,
  inputs,
  outputs: [output],
  attributes: {},
})

type Kernel = (bytes: number, ...rest: number[]) => void

/** Runs a kernel on arrays of six numbers, padded to eight. */
async function run(
  spec: KernelSpec,
  arrays: readonly number[][],
  singles: readonly number[],
): Promise<number[][]> {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { instance } = await WebAssembly.instantiate(assembleKernel(spec), { memory: { memory } })
  const bytes = 2 * STRIDE
  arrays.forEach((values, i) => new Float32Array(memory.buffer, i * bytes, 6).set(values))
  const places = [...arrays, ...spec.results].map((_, i) => i * bytes)
  const kernel = instance.exports['run'] as Kernel
  kernel(bytes, ...places, ...singles)
  return spec.results.map((_, i) => [...new Float32Array(memory.buffer, (arrays.length + i) * bytes, 6)])
}

const x = [1.5, -0, 3e-42, Infinity, -7, NaN]
const y = [0.1, 0, -2, -Infinity, 3, 1]
const f = Math.fround

describe('assembleKernel', () => {
  it.each<[string, (a: number, b: number) => number]>([
    ['Add', (a, b) => a + b],
    ['Sub', (a, b) => a - b],
    ['Mul', (a, b) => a * b],
    ['Div', (a, b) => a / b],
  ])('computes %s of arrays, of an array and a single, and of a constant, to the bit', async (op, of) => {
    const [a, b, c] = [array(), array(), single()]
    const [first, second, third] = [array(), array(), array()]
    const nodes = [
      node(op, [a, b], first),
      node(op, [c, a], second),
      node(op, [b, fill([], 'float32', 0.3)], third),
    ]
    const results = [first, second, third]
    const found = await run({ arrays: [a, b], singles: [c], nodes, results }, [x, y], [0.7])
    expect(found[0]).toEqual(x.map((v, i) => f(of(f(v), f(y[i])))))
    expect(found[1]).toEqual(x.map((v) => f(of(f(0.7), f(v)))))
    expect(found[2]).toEqual(y.map((v) => f(of(f(v), f(0.3)))))
  })

  it.each<[string, (a: number) => number]>([
    ['Abs', Math.abs],
    ['Neg', (a) => -a],
    ['Sqrt', Math.sqrt],
  ])('computes %s to the bit', async (op, of) => {
    const [a, out] = [array(), array()]
    const found = await run(
      { arrays: [a], singles: [], nodes: [node(op, [a], out)], results: [out] },
      [x],
      [],
    )
    expect(found).toEqual([x.map((v) => f(of(f(v))))])
  })

  it.each([
    [1, x],
    [0, y],
  ])('takes the array that a condition of %i says', async (condition, expected) => {
    const [a, b, c, out] = [array(), array(), single('bool'), array()]
    const spec = { arrays: [a, b], singles: [c], nodes: [node('Where', [c, a, b], out)], results: [out] }
    expect(await run(spec, [x, y], [condition])).toEqual([expected.map(f)])
    const fixed = { ...spec, singles: [], nodes: [node('Where', [fill([], 'bool', condition), a, b], out)] }
    expect(await run(fixed, [x, y], [])).toEqual([expected.map(f)])
  })

  it('chains nodes, and writes over what it has read', async () => {
    const [a, b, sum, scaled] = [array(), array(), array(), array()]
    const nodes = [node('Add', [a, b], sum), node('Mul', [sum, sum], scaled)]
    const memory = new WebAssembly.Memory({ initial: 1 })
    const spec = { arrays: [a, b], singles: [], nodes, results: [scaled, sum] }
    const { instance } = await WebAssembly.instantiate(assembleKernel(spec), { memory: { memory } })
    const [left, right] = [0, 32].map((place) => new Float32Array(memory.buffer, place, 8))
    left.set([1, 2, 3, 4, 5, 6, 7, 8])
    right.fill(0.5)
    const kernel = instance.exports['run'] as Kernel
    kernel(32, 0, 32, 0, 32)
    expect([...right]).toEqual([1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5])
    expect([...left]).toEqual([...right].map((v) => v * v))
  })

  it('assembles kernels with more than 128 locals', async () => {
    let last = array()
    const [a, one] = [last, fill([], 'float32', 1)]
    const nodes = Array.from({ length: 300 }, () => {
      const made = array()
      const adding = node('Add', [last, one], made)
      last = made
      return adding
    })
    const found = await run({ arrays: [a], singles: [], nodes, results: [last] }, [[0, 1, 2, 3, 4, 5]], [])
    expect(found).toEqual([[300, 301, 302, 303, 304, 305]])
  })
})

describe('isKernelNode', () => {
  it.each<[string, boolean, Node]>([
    ['arrays of one size', true, node('Add', [array(), array([2, 3])])],
    ['an array and a single', true, node('Mul', [array(), single()])],
    ['an array and a constant', true, node('Mul', [array(), fill([6], 'float32', 2)])],
    ['a single condition', true, node('Where', [single('bool'), array(), array()])],
    ['an array of conditions', false, node('Where', [{ shape: [6], dtype: 'bool' }, array(), array()])],
    ['a number where a condition belongs', false, node('Where', [single(), array(), array()])],
    ['a row spread over rows', false, node('Add', [array([2, 3]), array([3])], array([2, 3]))],
    ['integers', false, node('Add', [single('int32'), single('int32')], { shape: [6], dtype: 'int32' })],
    ['an operator that rounds by its own lights', false, node('Exp', [array()])],
  ])('of %s is %s', (_, expected, of) => {
    expect(isKernelNode(of)).toBe(expected)
  })
})
