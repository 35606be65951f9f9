/**
 * Cases for every kernel with a rule: an operation, its inputs, and whether its gradient is checked. The tests run each compiled and on
 * the eager `cpu` backend. A kernel without cases does not compile.
 */
import * as tf from '@tensorflow/tfjs'
import type { DType, HostData } from '../types.ts'
import type { KernelName } from '../rules/kernels.ts'

/** Which numbers an input holds. */
type Domain = 'any' | 'positive' | 'unit' | 'aboveOne' | 'small' | 'apart'

interface Input {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: HostData
}

export interface Case {
  readonly inputs: readonly Input[]
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]
  /** What `f` computes, where the `cpu` backend lacks the kernel. */
  readonly reference?: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]
  /** Whether gradients with respect to all float inputs are compared too. */
  readonly gradient: boolean
}

let seed = 0
function uniform(size: number): number[] {
  seed += 1
  return Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return x - Math.floor(x)
  })
}

const DOMAINS: Readonly<Record<Domain, (u: number, i: number) => number>> = {
  any: (u) => 5 * u - 2.5,
  positive: (u) => 3 * u + 0.1,
  unit: (u) => 1.8 * u - 0.9,
  aboveOne: (u) => 2 * u + 1.1,
  small: (u) => (u - 0.5) * 1e-3,
  // Different by at least a quarter, so that a maximum or an order has no ties.
  apart: (u, i) => ((i * 7) % 23) / 2 - 5 + u / 4,
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Floats. */
function floats(shape: readonly number[], domain: Domain = 'any'): Input {
  return { shape, dtype: 'float32', data: Float32Array.from(uniform(count(shape)), DOMAINS[domain]) }
}

/** Integers in [low, high). */
function ints(shape: readonly number[], low = -5, high = 6): Input {
  return {
    shape,
    dtype: 'int32',
    data: Int32Array.from(uniform(count(shape)), (u) => Math.floor(low + u * (high - low))),
  }
}

function bools(shape: readonly number[]): Input {
  return { shape, dtype: 'bool', data: Uint8Array.from(uniform(count(shape)), (u) => Number(u > 0.5)) }
}

const one = (inputs: readonly Input[], f: Case['f']): Case => ({ inputs, f, gradient: true })
const flat = (inputs: readonly Input[], f: Case['f']): Case => ({ inputs, f, gradient: false })

/** Rank 0 to 5, and no elements at all. */
const SHAPES: readonly (readonly number[])[] = [
  [],
  [3],
  [2, 3],
  [0, 3],
  [2, 1, 3],
  [1, 2, 3, 2],
  [2, 1, 2, 1, 3],
]
const PAIRS: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[4], []],
  [[], [2, 3]],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[0, 3], [3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[1, 2, 3, 2], [1]],
  [
    [1, 2, 1, 2, 1],
    [2, 1, 3, 1, 2],
  ],
]

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

const unary = (f: Unary, domain: Domain = 'any'): Case[] =>
  SHAPES.map((shape) => one([floats(shape, domain)], f))
const unaryInts = (f: Unary): Case[] => [flat([ints([7])], f), flat([ints([2, 3])], f)]
const flatUnary = (f: Unary): Case[] => SHAPES.map((shape) => flat([floats(shape)], f))
const binary = (f: Binary, domain: Domain = 'any'): Case[] =>
  PAIRS.map(([a, b]) => one([floats(a, domain), floats(b, domain)], f))
const binaryInts = (f: Binary, low = -5): Case[] => PAIRS.map(([a, b]) => flat([ints(a), ints(b, low)], f))
const comparison = (f: Binary): Case[] => [
  ...PAIRS.map(([a, b]) => flat([floats(a), floats(b)], f)),
  ...PAIRS.map(([a, b]) => flat([ints(a, 0, 3), ints(b, 0, 3)], f)),
  flat([bools([2, 3]), bools([3])], f),
  // tfjs itself has no gradient here; a mask must not stop the gradient of what it masks.
  one([floats([2, 3]), floats([2, 3])], (a, b) => tf.mul(a, tf.cast(f(a, b), 'float32'))),
]
const logical = (f: Binary): Case[] => PAIRS.map(([a, b]) => flat([bools(a), bools(b)], f))

/** A reduction over all axes, one, several, negative ones, none; with and without kept dimensions. */
function reduction(
  f: (x: tf.Tensor, axis?: number | number[], keep?: boolean) => tf.Tensor,
  of: typeof floats,
): Case[] {
  const check = of([2, 3, 4], 'apart').dtype === 'float32' ? one : flat
  return [
    check([of([], 'apart')], (x) => f(x)),
    check([of([4], 'apart')], (x) => f(x)),
    check([of([4], 'apart')], (x) => f(x, -1, true)),
    check([of([2, 3], 'apart')], (x) => f(x, 0)),
    check([of([2, 3], 'apart')], (x) => f(x, -1)),
    check([of([2, 3, 4], 'apart')], (x) => f(x, [0, 2])),
    check([of([2, 3, 4], 'apart')], (x) => f(x, [-1, 1], true)),
    check([of([2, 3, 4], 'apart')], (x) => f(x, 1)),
    check([of([1, 2, 3, 2], 'apart')], (x) => f(x, [1, 3])),
    check([of([2, 1, 2, 1, 3], 'apart')], (x) => f(x, [0, -1])),
  ]
}

const boolsOf: typeof floats = (shape) => bools(shape)
const intsOf: typeof floats = (shape) => ints(shape)

function kernel(name: KernelName, inputs: tf.NamedTensorMap | tf.Tensor[], attrs = {}): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, inputs as tf.NamedTensorMap, attrs)
}

const conv = (
  x: readonly number[],
  filter: readonly number[],
  f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor,
): Case => one([floats(x), floats(filter)], (a, b) => f(a as tf.Tensor4D, b as tf.Tensor4D))

const convolutions: Case[] = [
  conv([2, 5, 5, 3], [3, 3, 3, 4], (x, w) => tf.conv2d(x, w, 1, 'valid')),
  conv([2, 5, 6, 2], [3, 3, 2, 3], (x, w) => tf.conv2d(x, w, 1, 'same')),
  conv([2, 7, 6, 2], [3, 2, 2, 3], (x, w) => tf.conv2d(x, w, 2, 'same')),
  conv([1, 8, 8, 3], [4, 4, 3, 2], (x, w) => tf.conv2d(x, w, 2, 'valid')),
  conv([1, 9, 11, 1], [4, 4, 1, 2], (x, w) => tf.conv2d(x, w, 4, 'valid')),
  conv([1, 6, 6, 2], [3, 3, 2, 2], (x, w) => tf.conv2d(x, w, 2, 1)),
  conv([1, 6, 7, 2], [2, 3, 2, 2], (x, w) => tf.conv2d(x, w, [2, 1], 'same')),
  conv([1, 3, 3, 2], [1, 1, 2, 3], (x, w) => tf.conv2d(x, w, 1, 'same')),
]

export const cases: { readonly [K in KernelName]: readonly Case[] } = {
  Abs: [...unary(tf.abs), ...unaryInts(tf.abs)],
  Acos: unary(tf.acos, 'unit'),
  Acosh: unary(tf.acosh, 'aboveOne'),
  Add: [...binary(tf.add), ...binaryInts(tf.add), flat([floats([3]), ints([2, 3])], tf.add)],
  AddN: [
    one([floats([2, 3]), floats([2, 3]), floats([2, 3])], (...xs) => tf.addN(xs)),
    flat([ints([4]), ints([4])], (...xs) => tf.addN(xs)),
    one([floats([])], (...xs) => tf.addN(xs)),
  ],
  All: reduction(tf.all, boolsOf),
  Any: [...reduction(tf.any, boolsOf), flat([bools([0, 3])], (x) => tf.any(x, 0))],
  ArgMax: [
    flat([floats([5])], (x) => tf.argMax(x)),
    flat([floats([3, 4])], (x) => tf.argMax(x, -1)),
    flat([floats([3, 4, 2])], (x) => tf.argMax(x, 1)),
    flat([ints([3, 6], 0, 3)], (x) => tf.argMax(x, 1)),
  ],
  ArgMin: [
    flat([floats([5])], (x) => tf.argMin(x)),
    flat([floats([3, 4])], (x) => tf.argMin(x, -1)),
    flat([ints([3, 6], 0, 3)], (x) => tf.argMin(x, 1)),
  ],
  Asin: unary(tf.asin, 'unit'),
  Asinh: unary(tf.asinh),
  Atan: unary(tf.atan),
  Atan2: [
    ...binary(tf.atan2),
    flat(
      [
        { shape: [6], dtype: 'float32', data: Float32Array.of(0, 1, -1, 0, 1, -1) },
        { shape: [6], dtype: 'float32', data: Float32Array.of(1, 0, 0, -1, -1, -1) },
      ],
      tf.atan2,
    ),
  ],
  Atanh: unary(tf.atanh, 'unit'),
  BatchMatMul: [
    one([floats([2, 3]), floats([3, 4])], (a, b) => tf.matMul(a, b)),
    one([floats([3, 2]), floats([3, 4])], (a, b) => tf.matMul(a, b, true)),
    one([floats([2, 3]), floats([4, 3])], (a, b) => tf.matMul(a, b, false, true)),
    one([floats([3, 2]), floats([4, 3])], (a, b) => tf.matMul(a, b, true, true)),
    one([floats([0, 3]), floats([3, 4])], (a, b) => tf.matMul(a, b)),
    one([floats([5, 2, 3]), floats([5, 3, 4])], (a, b) => tf.matMul(a, b)),
    one([floats([5, 3, 2]), floats([5, 4, 3])], (a, b) => tf.matMul(a, b, true, true)),
    one([floats([2, 2, 2, 3]), floats([2, 2, 4, 3])], (a, b) => tf.matMul(a, b, false, true)),
    flat([floats([5, 2, 3]), floats([1, 3, 4])], (a, b) => tf.matMul(a, b)),
    flat([floats([5, 2, 3]), floats([1, 4, 3])], (a, b) => tf.matMul(a, b, false, true)),
    flat([floats([1, 2, 3]), floats([5, 3, 4])], (a, b) => tf.matMul(a, b)),
    flat([floats([0, 2, 3]), floats([0, 3, 4])], (a, b) => tf.matMul(a, b)),
  ],
  BitwiseAnd: [flat([ints([6], 0, 64), ints([6], 0, 64)], (a, b) => kernel('BitwiseAnd', { a, b }))],
  BroadcastTo: [
    {
      ...flat([floats([2, 1])], (x) => kernel('BroadcastTo', { x }, { shape: [2, 3], inputShape: [2, 1] })),
      reference: (x) => tf.broadcastTo(x, [2, 3]),
    },
  ],
  Cast: [
    one([floats([2, 3])], (x) => tf.cast(x, 'float32').square()),
    flat([floats([2, 3])], (x) => tf.cast(x, 'int32')),
    flat([floats([2, 3])], (x) => tf.cast(x, 'bool')),
    flat([ints([2, 3], 0, 2)], (x) => tf.cast(x, 'bool')),
    flat([ints([2, 3])], (x) => tf.cast(x, 'float32')),
    flat([bools([2, 3])], (x) => tf.cast(x, 'float32')),
    flat([bools([2, 3])], (x) => tf.cast(x, 'int32')),
    flat([floats([0])], (x) => tf.cast(x, 'int32')),
  ],
  Ceil: unary(tf.ceil),
  ClipByValue: [...unary((x) => tf.clipByValue(x, -1, 0.5)), ...unaryInts((x) => tf.clipByValue(x, -2, 3))],
  Concat: [
    one([floats([2, 3]), floats([4, 3])], (...xs) => tf.concat(xs, 0)),
    one([floats([2, 3]), floats([2, 1])], (...xs) => tf.concat(xs, -1)),
    one([floats([2, 1, 2]), floats([2, 3, 2]), floats([2, 1, 2])], (...xs) => tf.concat(xs, 1)),
    one([floats([2, 1, 2, 1, 2]), floats([2, 1, 2, 1, 3])], (...xs) => tf.concat(xs, 4)),
    flat([floats([0, 3]), floats([2, 3])], (...xs) => tf.concat(xs, 0)),
    flat([ints([2]), ints([3])], (...xs) => tf.concat(xs)),
    flat([bools([2]), bools([3])], (...xs) => tf.concat(xs)),
  ],
  Conv2D: convolutions,
  Conv2DBackpropFilter: convolutions,
  Conv2DBackpropInput: [
    ...convolutions,
    one([floats([1, 3, 3, 4]), floats([3, 3, 2, 4])], (dy, w) =>
      tf.conv2dTranspose(dy as tf.Tensor4D, w as tf.Tensor4D, [1, 6, 6, 2], 2, 'same'),
    ),
  ],
  Cos: unary(tf.cos),
  Cosh: unary(tf.cosh),
  Cumprod: [
    flat([floats([5])], (x) => tf.cumprod(x)),
    flat([floats([2, 7])], (x) => tf.cumprod(x, 1)),
    flat([floats([2, 7])], (x) => tf.cumprod(x, 1, true)),
    flat([floats([2, 4])], (x) => tf.cumprod(x, 1, false, true)),
    flat([floats([2, 5])], (x) => tf.cumprod(x, 1, true, true)),
    flat([floats([3, 2])], (x) => tf.cumprod(x, 0)),
    flat([ints([4])], (x) => tf.cumprod(x)),
  ],
  Cumsum: [
    one([floats([5])], (x) => tf.cumsum(x)),
    one([floats([2, 7])], (x) => tf.cumsum(x, 1)),
    one([floats([2, 7])], (x) => tf.cumsum(x, 1, true)),
    one([floats([2, 4])], (x) => tf.cumsum(x, 1, false, true)),
    one([floats([2, 5])], (x) => tf.cumsum(x, 1, true, true)),
    one([floats([3, 2, 4])], (x) => tf.cumsum(x, 1)),
    flat([ints([2, 4])], (x) => tf.cumsum(x, 1)),
  ],
  Diag: [
    flat([floats([3])], (x) => tf.diag(x)),
    flat([floats([2, 2])], (x) => tf.diag(x)),
    flat([ints([3])], (x) => tf.diag(x)),
  ],
  Einsum: [
    flat([floats([2, 3]), floats([3, 4])], (a, b) => tf.einsum('ij,jk->ik', a, b)),
    flat([floats([5, 2, 3]), floats([5, 4, 3])], (a, b) => tf.einsum('bij,bkj->bik', a, b)),
    flat([floats([3]), floats([3])], (a, b) => tf.einsum('i,i->', a, b)),
    flat([floats([2, 3])], (a) => tf.einsum('ij->ji', a)),
  ],
  Elu: unary(tf.elu),
  EluGrad: unary((x) => tf.elu(x).square()),
  Equal: comparison(tf.equal),
  Erf: unary(tf.erf),
  Exp: [...unary(tf.exp), ...unaryInts(tf.exp)],
  ExpandDims: [
    one([floats([])], (x) => tf.expandDims(x)),
    one([floats([2, 3])], (x) => tf.expandDims(x, 1).square()),
    one([floats([2, 3])], (x) => tf.expandDims(x, -1).square()),
    flat([bools([3])], (x) => tf.expandDims(x, 0)),
  ],
  Expm1: [...unary(tf.expm1), ...unary(tf.expm1, 'small')],
  Fill: [
    one([floats([2, 3])], (x) => tf.mul(x, tf.fill([2, 3], 2.5))),
    flat([ints([3])], (x) => tf.add(x, tf.fill([3], 7, 'int32'))),
  ],
  Floor: unary(tf.floor),
  FloorDiv: [
    ...PAIRS.map(([a, b]) => flat([ints(a), ints(b, 1)], tf.floorDiv)),
    flat([ints([6]), ints([6], -5, -1)], tf.floorDiv),
    flat([floats([6]), floats([6], 'positive')], tf.floorDiv),
  ],
  FusedBatchNorm: [
    one(
      [floats([2, 3, 3, 4]), floats([4]), floats([4], 'positive'), floats([4]), floats([4])],
      (x, ...parts) => {
        const [mean, variance, offset, scale] = parts as tf.Tensor1D[]
        return tf.batchNorm(x as tf.Tensor4D, mean, variance, offset, scale, 0.01)
      },
    ),
    flat([floats([5, 4]), floats([4]), floats([4], 'positive')], (x, m, v) =>
      tf.batchNorm(x as tf.Tensor2D, m as tf.Tensor1D, v as tf.Tensor1D),
    ),
  ],
  FusedConv2D: (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) =>
    one([floats([1, 5, 5, 2]), floats([3, 3, 2, 3]), floats([3])], (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias,
        activation,
        leakyreluAlpha: 0.1,
      }),
    ),
  ),
  GatherNd: [
    flat([floats([3, 4]), ints([5, 2], 0, 3)], (x, i) => tf.gatherND(x, i)),
    flat([floats([3, 4]), ints([2, 1], 0, 3)], (x, i) => tf.gatherND(x, i)),
    flat([ints([3, 4]), ints([5, 2], 0, 3)], (x, i) => tf.gatherND(x, i)),
  ],
  GatherV2: [
    one([floats([5]), ints([3], 0, 5)], (x, i) => tf.gather(x, i)),
    one([floats([5, 2]), ints([7], 0, 5)], (x, i) => tf.gather(x, i)),
    one([floats([2, 5]), ints([3], 0, 5)], (x, i) => tf.gather(x, i, 1)),
    one([floats([2, 5, 3]), ints([4], 0, 5)], (x, i) => tf.gather(x, i, -2)),
    flat([floats([5, 2]), ints([2, 3], 0, 5)], (x, i) => tf.gather(x, i)),
    flat([floats([3, 5, 2]), ints([3, 4], 0, 5)], (x, i) => tf.gather(x, i, 1, 1)),
    flat([floats([3, 2, 5]), ints([3, 4], 0, 5)], (x, i) => tf.gather(x, i, 2, 1)),
    flat([ints([5]), ints([0], 0, 5)], (x, i) => tf.gather(x, i)),
  ],
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  Identity: [
    ...unary(tf.clone),
    one([floats([2])], (x) => tf.clone(x).square()),
    flat([bools([3])], tf.clone),
  ],
  IsFinite: [
    ...flatUnary((x) => tf.isFinite(tf.div(x, tf.step(x)))),
    flat([ints([3])], (x) => tf.isFinite(x)),
  ],
  IsInf: [...flatUnary((x) => tf.isInf(tf.div(x, tf.step(x)))), flat([ints([3])], (x) => tf.isInf(x))],
  IsNan: [...flatUnary((x) => tf.isNaN(tf.log(x))), flat([ints([3])], (x) => tf.isNaN(x))],
  LeakyRelu: [...unary((x) => tf.leakyRelu(x, 0.1)), ...unaryInts((x) => tf.leakyRelu(x))],
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  LinSpace: [
    flat([floats([5])], (x) => tf.add(x, tf.linspace(0, 1, 5))),
    flat([floats([1])], (x) => tf.add(x, tf.linspace(3, 4, 1))),
  ],
  Log: unary(tf.log, 'positive'),
  Log1p: [...unary(tf.log1p, 'positive'), ...unary(tf.log1p, 'small'), ...unary(tf.log1p, 'unit')],
  LogicalAnd: logical(tf.logicalAnd),
  LogicalNot: [
    flat([bools([2, 3])], tf.logicalNot),
    flat([bools([])], tf.logicalNot),
    flat([bools([0])], tf.logicalNot),
  ],
  LogicalOr: logical(tf.logicalOr),
  LogicalXor: [
    {
      ...flat([bools([2, 3]), bools([3])], (a, b) => kernel('LogicalXor', { a, b })),
      reference: (a, b) => tf.logicalXor(a, b),
    },
  ],
  LogSoftmax: [
    {
      ...flat([floats([2, 5])], (logits) => kernel('LogSoftmax', { logits }, { axis: -1 })),
      reference: (logits) => tf.logSoftmax(logits),
    },
    one([floats([2, 5])], (x) => tf.logSoftmax(x)),
  ],
  Max: [
    ...reduction(tf.max, floats),
    ...reduction(tf.max, intsOf),
    // Ties share the gradient as eager tfjs has it.
    one([ints([2, 6], 0, 3), floats([2, 6])], (i, x) =>
      tf.max(tf.mul(tf.round(x), tf.cast(i, 'float32')), 1),
    ),
  ],
  Maximum: [...binary(tf.maximum), ...binaryInts(tf.maximum), flat([bools([2, 3]), bools([3])], tf.maximum)],
  Mean: [...reduction(tf.mean, floats), ...reduction(tf.mean, intsOf), ...reduction(tf.mean, boolsOf)],
  Min: [...reduction(tf.min, floats), ...reduction(tf.min, intsOf)],
  Minimum: [...binary(tf.minimum), ...binaryInts(tf.minimum), flat([bools([2, 3]), bools([3])], tf.minimum)],
  MirrorPad: [
    flat([floats([4])], (x) => tf.mirrorPad(x, [[2, 1]], 'reflect')),
    flat([floats([4])], (x) => tf.mirrorPad(x, [[2, 3]], 'symmetric')),
    one([floats([3, 4])], (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [0, 0],
        ],
        'reflect',
      ),
    ),
    flat([ints([3, 4])], (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        'reflect',
      ),
    ),
  ],
  Mod: [
    ...binary((a, b) => tf.mod(a, tf.add(tf.abs(b), 0.3))),
    flat([floats([8]), floats([8])], tf.mod),
    ...PAIRS.map(([a, b]) => flat([ints(a), ints(b, 1)], tf.mod)),
    flat([ints([9]), ints([9], -5, -1)], tf.mod),
  ],
  Multiply: [...binary(tf.mul), ...binaryInts(tf.mul), flat([bools([2, 3]), bools([3])], tf.mul)],
  Neg: [...unary(tf.neg), ...unaryInts(tf.neg)],
  NotEqual: comparison(tf.notEqual),
  OneHot: [
    flat([ints([5], 0, 4)], (x) => tf.oneHot(x, 4)),
    flat([ints([5], -2, 7)], (x) => tf.oneHot(x, 4)),
    flat([ints([2, 3], 0, 4)], (x) => tf.oneHot(x, 4, 2, -1)),
    flat([ints([3], 0, 4)], (x) => tf.oneHot(x, 4, 1, 0, 'int32')),
    flat([ints([0], 0, 4)], (x) => tf.oneHot(x, 4)),
  ],
  OnesLike: [...flatUnary(tf.onesLike), flat([ints([3])], tf.onesLike), flat([bools([3])], tf.onesLike)],
  Pack: [
    one([floats([2, 3]), floats([2, 3])], (...xs) => tf.stack(xs)),
    one([floats([2, 3]), floats([2, 3])], (...xs) => tf.stack(xs, 1)),
    one([floats([2, 3]), floats([2, 3])], (...xs) => tf.stack(xs, -1)),
    one([floats([]), floats([]), floats([])], (...xs) => tf.stack(xs)),
    flat([ints([2]), ints([2])], (...xs) => tf.stack(xs)),
  ],
  PadV2: [
    one([floats([3])], (x) => tf.pad(x, [[1, 2]])),
    one([floats([2, 3])], (x) =>
      tf.pad(
        x,
        [
          [0, 1],
          [2, 0],
        ],
        0.5,
      ),
    ),
    one([floats([2, 1, 3])], (x) =>
      tf.pad(x, [
        [1, 1],
        [0, 0],
        [0, 2],
      ]),
    ),
    flat([ints([2, 3])], (x) =>
      tf.pad(
        x,
        [
          [1, 1],
          [0, 0],
        ],
        7,
      ),
    ),
    flat([floats([0, 2])], (x) =>
      tf.pad(
        x,
        [
          [1, 1],
          [0, 0],
        ],
        3,
      ),
    ),
  ],
  Pow: [
    ...binary(tf.pow, 'positive'),
    ...PAIRS.map(([a, b]) => flat([ints(a), ints(b, 0, 4)], tf.pow)),
    one([floats([4])], (x) => tf.pow(x, 2)),
    one([floats([4], 'positive')], (x) => tf.pow(x, -1.5)),
  ],
  Prelu: [
    one([floats([2, 3]), floats([3])], tf.prelu),
    one([floats([2, 3]), floats([])], tf.prelu),
    one([floats([2, 1, 3, 2]), floats([1, 3, 2])], tf.prelu),
  ],
  Prod: [
    ...reduction(tf.prod, floats).map((c) => ({ ...c, gradient: false })),
    ...reduction(tf.prod, intsOf),
    one([floats([4], 'positive')], (x) => tf.prod(x)),
    one([floats([2, 3], 'positive')], (x) => tf.prod(x, 1)),
  ],
  Range: [
    flat([floats([4])], (x) => tf.add(x, tf.range(0, 4))),
    flat([floats([3])], (x) => tf.add(x, tf.range(5, -1, -2))),
    flat([ints([4])], (x) => tf.add(x, tf.range(0, 4, 1, 'int32'))),
  ],
  RealDiv: [
    ...binary((a, b) => tf.div(a, b), 'positive'),
    flat([floats([4]), ints([4], 1)], (a, b) => tf.div(a, b)),
  ],
  Reciprocal: unary(tf.reciprocal, 'positive'),
  Relu: [...unary(tf.relu), ...unaryInts(tf.relu)],
  Relu6: [...unary((x) => tf.relu6(tf.mul(x, 4))), ...unaryInts(tf.relu6)],
  Reshape: [
    one([floats([2, 6])], (x) => tf.reshape(x, [3, 4]).square()),
    one([floats([2, 6])], (x) => tf.reshape(x, [-1]).square()),
    one([floats([1])], (x) => tf.reshape(x, []).square()),
    one([floats([2, 1, 3])], (x) => tf.squeeze(x).square()),
    flat([floats([0, 3])], (x) => tf.reshape(x, [3, 0])),
    flat([bools([2, 3])], (x) => tf.reshape(x, [6])),
  ],
  Reverse: [
    one([floats([4])], (x) => tf.reverse(x)),
    one([floats([2, 3])], (x) => tf.reverse(x, 0)),
    one([floats([2, 3, 4])], (x) => tf.reverse(x, [-1, 0])),
    flat([ints([2, 3])], (x) => tf.reverse(x, 1)),
  ],
  Round: [
    ...unary(tf.round),
    ...unaryInts(tf.round),
    flat([{ shape: [5], dtype: 'float32', data: Float32Array.of(0.5, 1.5, 2.5, -0.5, -1.5) }], tf.round),
  ],
  Rsqrt: unary(tf.rsqrt, 'positive'),
  ScatterNd: [
    flat([ints([4, 1], 0, 6), floats([4])], (i, x) => tf.scatterND(i, x, [6])),
    flat([ints([4, 1], 0, 3), floats([4, 2])], (i, x) => tf.scatterND(i, x, [3, 2])),
    flat([ints([4, 2], 0, 3), ints([4])], (i, x) => tf.scatterND(i, x, [3, 3])),
  ],
  Select: [
    one([bools([2, 3]), floats([2, 3]), floats([2, 3])], (c, a, b) => tf.where(c, a, b)),
    one([bools([3]), floats([2, 3]), floats([])], (c, a, b) => tf.where(c, a, b)),
    one([bools([]), floats([4]), floats([4])], (c, a, b) => tf.where(c, a, b)),
    one([bools([2, 1, 2, 1, 3]), floats([3]), floats([1])], (c, a, b) => tf.where(c, a, b)),
    flat([bools([4]), ints([4]), ints([4])], (c, a, b) => tf.where(c, a, b)),
    flat([bools([4]), bools([4]), bools([4])], (c, a, b) => tf.where(c, a, b)),
    one([floats([2, 3])], (x) => tf.where(tf.greater(x, 0), tf.square(x), tf.neg(x))),
  ],
  Selu: unary(tf.selu),
  Sigmoid: unary(tf.sigmoid),
  Sign: [...unary(tf.sign), ...unaryInts(tf.sign)],
  Sin: unary(tf.sin),
  Sinh: unary(tf.sinh),
  Slice: [
    one([floats([6])], (x) => tf.slice(x, 1, 3)),
    one([floats([4, 5])], (x) => tf.slice(x, [1, 2], [2, -1])),
    one([floats([4, 5])], (x) => tf.slice(x, [1], [2])),
    one([floats([2, 1, 4, 1, 3])], (x) => tf.slice(x, [0, 0, 1, 0, 0], [1, 1, 2, 1, 3])),
    flat([floats([4])], (x) => tf.slice(x, 2, 0)),
    flat([bools([4])], (x) => tf.slice(x, 1, 2)),
    flat([ints([4])], (x) => tf.slice(x, 0, 4)),
  ],
  Softmax: [
    one([floats([5])], (x) => tf.softmax(x)),
    one([floats([2, 5])], (x) => tf.softmax(x)),
    one([floats([2, 1, 3, 4])], (x) => tf.softmax(x, -1)),
    flat([floats([0, 5])], (x) => tf.softmax(x)),
  ],
  Softplus: [
    ...unary(tf.softplus),
    ...unary((x) => tf.softplus(tf.mul(x, 30))),
    one([floats([3], 'small')], (x) => tf.softplus(tf.add(x, -12))),
  ],
  SplitV: [
    one([floats([6])], (x) => tf.split(x, 3)),
    one([floats([6])], (x) => tf.split(x, [1, 2, 3])),
    one([floats([2, 6])], (x) => tf.split(x, [4, 2], -1)),
    one([floats([4, 3])], (x) => tf.split(x, 2)[1]),
    one([floats([4, 3])], (x) => tf.split(x, 1)),
    flat([ints([2, 4])], (x) => tf.split(x, 2, 1)),
    flat([floats([3])], (x) => tf.split(x, [0, 3])),
  ],
  Sqrt: unary(tf.sqrt, 'positive'),
  Square: [...unary(tf.square), ...unaryInts(tf.square)],
  SquaredDifference: [...binary(tf.squaredDifference), ...binaryInts(tf.squaredDifference)],
  Step: [
    ...unary((x) => tf.mul(x, tf.step(x))),
    ...flatUnary((x) => tf.step(x, -1)),
    ...flatUnary((x) => tf.step(x, 0.3)),
    one([floats([2, 3])], (x) => tf.norm(x, 1, 1)),
  ],
  StridedSlice: [
    flat([floats([6])], (x) => tf.stridedSlice(x, [1], [6], [2])),
    flat([floats([6])], (x) => tf.stridedSlice(x, [5], [0], [-2])),
    flat([floats([6])], (x) => tf.stridedSlice(x, [-1], [-7], [-1])),
    flat([floats([3, 4])], (x) => tf.stridedSlice(x, [0, 1], [3, 4], [1, 2])),
    flat([floats([3, 4])], (x) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 1], 0, 0, 0, 0, 1)),
    flat([floats([3, 4])], (x) => tf.stridedSlice(x, [2, 0], [2, 4], [1, 1])),
    flat([ints([3, 4])], (x) => tf.stridedSlice(x, [0, 0], [3, 4], [1, 1])),
  ],
  Sub: [...binary(tf.sub), ...binaryInts(tf.sub)],
  Sum: [
    ...reduction(tf.sum, floats),
    ...reduction(tf.sum, intsOf),
    ...reduction(tf.sum, boolsOf),
    one([floats([2, 3])], (x) => tf.sum(x, []).square()),
    one([floats([0, 3])], (x) => tf.sum(x, 0)),
    one([floats([64, 32])], (x) => tf.sum(x, 0).square()),
    one([floats([64, 32])], (x) => tf.sum(x, 0, true).square()),
  ],
  Tan: unary(tf.tan, 'unit'),
  Tanh: unary(tf.tanh),
  TensorScatterUpdate: [
    flat(
      [floats([5]), { shape: [2, 1], dtype: 'int32', data: Int32Array.of(3, 0) }, floats([2])],
      (x, i, u) => tf.tensorScatterUpdate(x, i, u),
    ),
  ],
  Tile: [
    one([floats([3])], (x) => tf.tile(x, [2])),
    one([floats([2, 3])], (x) => tf.tile(x, [1, 4])),
    one([floats([2, 1, 3])], (x) => tf.tile(x, [3, 2, 1])),
    one([floats([1, 1])], (x) => tf.tile(x, [4, 5]).square()),
    one([floats([])], (x) => tf.broadcastTo(x, [40, 6])),
    one([floats([2, 1, 2, 1, 3])], (x) => tf.square(tf.broadcastTo(x, [2, 4, 2, 3, 3]))),
    flat([ints([2])], (x) => tf.tile(x, [3])),
    flat([bools([2, 2])], (x) => tf.tile(x, [2, 1])),
  ],
  TopK: [
    flat([floats([7])], (x) => Object.values(tf.topk(x, 3))),
    flat([floats([2, 6])], (x) => Object.values(tf.topk(x, 6))),
    flat([ints([2, 9], 0, 3)], (x) => Object.values(tf.topk(x, 4))),
  ],
  Transpose: [
    one([floats([2, 3])], (x) => tf.transpose(x).square()),
    one([floats([2, 3, 4])], (x) => tf.transpose(x, [1, 2, 0]).square()),
    one([floats([2, 1, 2, 1, 3])], (x) => tf.transpose(x).square()),
    flat([ints([2, 3])], (x) => tf.transpose(x)),
    flat([bools([2, 3])], (x) => tf.transpose(x)),
    flat([floats([0, 3])], (x) => tf.transpose(x)),
  ],
  UnsortedSegmentSum: [
    one([floats([6]), ints([6], 0, 3)], (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3)),
    one([floats([6, 2]), ints([6], 0, 4)], (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 5)),
    flat([floats([6, 2]), ints([6], -2, 7)], (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4)),
    flat([ints([6]), ints([6], 0, 3)], (x, i) => tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3)),
  ],
  Unpack: [
    one([floats([3, 2])], (x) => tf.unstack(x)),
    one([floats([3, 2])], (x) => tf.unstack(x, -1)),
    one([floats([1, 2])], (x) => tf.unstack(x)),
    flat([ints([3])], (x) => tf.unstack(x)),
  ],
  ZerosLike: [...flatUnary(tf.zerosLike), flat([ints([3])], tf.zerosLike), flat([bools([3])], tf.zerosLike)],
  _FusedMatMul: [
    ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) =>
      flat([floats([2, 3]), floats([3, 4]), floats([4])], (a, b, bias) =>
        tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.1 }),
      ),
    ),
    flat([floats([2, 3]), floats([3, 4]), floats([4])], (a, b, weights) =>
      tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: weights }),
    ),
    one([floats([2, 3]), floats([4, 3]), floats([4])], (a, b, bias) =>
      tf.fused.matMul({ a, b, transposeB: true, bias, activation: 'relu' }),
    ),
  ],
}
