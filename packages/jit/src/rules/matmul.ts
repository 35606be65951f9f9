import type { Builder } from '../graph/builder.ts'
import { broadcastShapes, sizeOf, type Value } from '../graph/graph.ts'
import { binary, prelu } from './elementwise.ts'
import type { FusedInputs, Rules } from './kernels.ts'
import { reshape, transpose } from './reshape.ts'

interface Transposes {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

function swapLast(b: Builder, x: Value, when: boolean): Value {
  const rank = x.shape.length
  return when ? transpose(b, x, [...Array(rank - 2).keys(), rank - 1, rank - 2]) : x
}

/** A matrix product: `Gemm` for float matrices, also where one side is a stack of matrices; `MatMul` elsewhere. */
function product(
  b: Builder,
  [left, right]: readonly [Value, Value],
  { transposeA, transposeB }: Transposes,
): Value {
  const last = (x: Value, swap: boolean, i: 1 | 2): number => x.shape[x.shape.length - (swap ? 3 - i : i)]
  const [m, n] = [last(left, transposeA, 2), last(right, transposeB, 1)]
  const shape = [...broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2)), m, n]
  const isFloat = left.dtype === 'float32'
  const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 }
  if (isFloat && left.shape.length === 2 && right.shape.length === 2) {
    return b.op(['Gemm', flags], [left, right], { shape, dtype: 'float32' })
  }
  // A stack of matrices times one matrix is one product over all the rows.
  if (isFloat && !transposeA && sizeOf(right.shape.slice(0, -2)) === 1 && sizeOf(shape) > 0) {
    const rows = reshape(b, left, [sizeOf(left.shape.slice(0, -1)), left.shape[left.shape.length - 1]])
    const matrix = reshape(b, right, right.shape.slice(-2))
    const flat = b.op(['Gemm', flags], [rows, matrix], { shape: [rows.shape[0], n], dtype: 'float32' })
    return reshape(b, flat, shape)
  }
  return b.op('MatMul', [swapLast(b, left, transposeA), swapLast(b, right, transposeB)], {
    shape,
    dtype: left.dtype,
  })
}

/** Bias and activation behind a product or convolution, as tfjs fuses them. */
export function finish(
  b: Builder,
  x: Value,
  { bias, preluActivationWeights, activation, leakyreluAlpha }: FusedInputs & Activation,
): Value {
  const sum = bias === undefined ? x : binary(b, 'Add', [x, bias])
  switch (activation) {
    case undefined:
    case 'linear':
      return sum
    case 'relu':
      return b.op('Relu', [sum], sum)
    case 'relu6':
      return b.op('Clip', [sum, b.scalar(0), b.scalar(6)], sum)
    case 'elu':
      return b.op('Elu', [sum], sum)
    case 'sigmoid':
      return b.op('Sigmoid', [sum], sum)
    case 'leakyrelu':
      return b.op(['LeakyRelu', { alpha: { float: leakyreluAlpha ?? 0.2 } }], [sum], sum)
    case 'prelu':
      if (preluActivationWeights === undefined) {
        throw new TypeError(
          'tf.fused: preluActivationWeights must be a tensor where activation is prelu, got undefined',
        )
      }
      return prelu(b, sum, preluActivationWeights)
    default:
      throw new RangeError(
        `tf.fused: activation must be linear, relu, relu6, elu, sigmoid, leakyrelu or prelu, got ${String(activation)}`,
      )
  }
}

interface Activation {
  readonly activation?: string
  readonly leakyreluAlpha?: number
}

export const products: Rules<'BatchMatMul' | 'Einsum' | '_FusedMatMul'> = {
  BatchMatMul: (b, inputs, attrs) => product(b, [inputs.a, inputs.b], attrs),
  Einsum: (b, inputs, { equation }) =>
    b.op(['Einsum', { equation }], inputs, { shape: einsumShape(equation, inputs), dtype: inputs[0].dtype }),
  _FusedMatMul: (b, { a, b: second, ...rest }, attrs) =>
    finish(b, product(b, [a, second], attrs), { ...rest, ...attrs }),
}

function einsumShape(equation: string, inputs: readonly Value[]): number[] {
  const [left, right] = equation.replaceAll(' ', '').split('->')
  const sizes = new Map(
    left.split(',').flatMap((term, i) => [...term].map((axis, k) => [axis, inputs[i].shape[k]])),
  )
  return [...right].map((axis) => sizes.get(axis) ?? 1)
}
