import type { Builder } from '../graph/builder.ts'
import { broadcastShapes, fill, type Value } from '../graph/graph.ts'
import { cast } from './cast.ts'
import type { Rules } from './kernels.ts'

/** One operator over floats; other types are cast first, as tfjs does. */
const float =
  (op: string) =>
  (b: Builder, { x }: { readonly x: Value }): Value =>
    b.op(op, [cast(b, x, 'float32')], { shape: x.shape, dtype: 'float32' })

/** One operator that keeps floats and 32-bit integers; bools are computed as integers. */
const numeric =
  (op: string) =>
  (b: Builder, { x }: { readonly x: Value }): Value => {
    const number = x.dtype === 'bool' ? cast(b, x, 'int32') : x
    return cast(b, b.op(op, [number], { shape: x.shape, dtype: number.dtype }), x.dtype)
  }

/** Rounding operators leave integers alone. */
const rounding =
  (op: string) =>
  (b: Builder, { x }: { readonly x: Value }): Value =>
    x.dtype === 'float32' ? b.op(op, [x], x) : x

/** A broadcasting operator over two numbers. */
export function binary(b: Builder, op: string, [first, second]: readonly [Value, Value]): Value {
  const shape = broadcastShapes(first.shape, second.shape)
  if (first.dtype !== 'bool') return b.op(op, [first, second], { shape, dtype: first.dtype })
  const numbers = [cast(b, first, 'int32'), cast(b, second, 'int32')]
  return cast(b, b.op(op, numbers, { shape, dtype: 'int32' }), 'bool')
}

const arithmetic =
  (op: string) =>
  (b: Builder, { a, b: second }: { readonly a: Value; readonly b: Value }): Value =>
    binary(b, op, [a, second])

/** A broadcasting comparison of any two values. */
export function compare(b: Builder, op: string, [first, second]: readonly [Value, Value]): Value {
  const ordered = first.dtype === 'bool' && op !== 'Equal'
  const operands = ordered ? [cast(b, first, 'int32'), cast(b, second, 'int32')] : [first, second]
  return b.op(op, operands, { shape: broadcastShapes(first.shape, second.shape), dtype: 'bool' })
}

const comparison =
  (op: string) =>
  (b: Builder, { a, b: second }: { readonly a: Value; readonly b: Value }): Value =>
    compare(b, op, [a, second])

const logical =
  (op: string) =>
  (b: Builder, { a, b: second }: { readonly a: Value; readonly b: Value }): Value =>
    b.op(op, [cast(b, a, 'bool'), cast(b, second, 'bool')], {
      shape: broadcastShapes(a.shape, second.shape),
      dtype: 'bool',
    })

/** The complement of a bool. */
export function not(b: Builder, x: Value): Value {
  return b.op('Not', [cast(b, x, 'bool')], { shape: x.shape, dtype: 'bool' })
}

/** `condition ? yes : no`, broadcasting. ONNX Runtime has no `Where` over bools, so those are chosen as integers. */
export function where(b: Builder, condition: Value, [yes, no]: readonly [Value, Value]): Value {
  const shape = broadcastShapes(condition.shape, broadcastShapes(yes.shape, no.shape))
  if (yes.dtype !== 'bool') return b.op('Where', [condition, yes, no], { shape, dtype: yes.dtype })
  const numbers = [cast(b, yes, 'int32'), cast(b, no, 'int32')]
  return cast(b, b.op('Where', [condition, ...numbers], { shape, dtype: 'int32' }), 'bool')
}

/**
 * log(1 + x) to full relative precision: with u = 1 + x rounded, log(u) + (x - (u - 1)) / u. The correction vanishes for large |x|,
 * where it would be inf - inf.
 */
function log1p(b: Builder, x: Value): Value {
  const one = b.scalar(1)
  const u = binary(b, 'Add', [x, one])
  const correction = binary(b, 'Div', [binary(b, 'Sub', [x, binary(b, 'Sub', [u, one])]), u])
  const small = compare(b, 'Less', [b.op('Abs', [x], x), b.scalar(0.5)])
  return binary(b, 'Add', [b.op('Log', [u], u), where(b, small, [correction, b.scalar(0)])])
}

/** log(1 + exp(x)) as max(x, 0) + log(1 + e) with e = exp(-|x|) <= 1: ONNX Runtime's own operator takes four times as long. */
function softplus(b: Builder, x: Value): Value {
  const one = b.scalar(1)
  const e = b.op('Exp', [b.op('Neg', [b.op('Abs', [x], x)], x)], x)
  const u = binary(b, 'Add', [e, one])
  const correction = binary(b, 'Div', [binary(b, 'Sub', [e, binary(b, 'Sub', [u, one])]), u])
  const log = binary(b, 'Add', [b.op('Log', [u], u), correction])
  return binary(b, 'Add', [b.op('Relu', [x], x), log])
}

/** atan(y / x) moved into the quadrant of (x, y). */
function atan2(b: Builder, y: Value, x: Value): Value {
  const zero = b.scalar(0)
  const ratio = binary(b, 'Div', [y, x])
  const angle = b.op('Atan', [ratio], ratio)
  const turn = where(b, compare(b, 'GreaterOrEqual', [y, zero]), [b.scalar(Math.PI), b.scalar(-Math.PI)])
  const left = binary(b, 'Add', [angle, turn])
  const upright = where(b, compare(b, 'Equal', [y, zero]), [zero, angle])
  const other = where(b, compare(b, 'Less', [x, zero]), [left, upright])
  return where(b, compare(b, 'Greater', [x, zero]), [angle, other])
}

/** The remainder with the divisor's sign. */
function floorMod(b: Builder, first: Value, second: Value): Value {
  if (first.dtype === 'int32') return binary(b, 'Mod', [first, second])
  const shape = broadcastShapes(first.shape, second.shape)
  const remainder = (p: Value): Value => b.op(['Mod', { fmod: 1 }], [p, second], { shape, dtype: 'float32' })
  const zero = b.scalar(0)
  const r = remainder(first)
  const signs = b.op('Xor', [compare(b, 'Less', [first, zero]), compare(b, 'Less', [second, zero])], {
    shape,
    dtype: 'bool',
  })
  return where(b, signs, [remainder(binary(b, 'Add', [r, second])), r])
}

function floorDiv(b: Builder, first: Value, second: Value): Value {
  if (first.dtype !== 'float32') {
    const [p, q] = [cast(b, first, 'int32'), cast(b, second, 'int32')]
    return binary(b, 'Div', [binary(b, 'Sub', [p, binary(b, 'Mod', [p, q])]), q])
  }
  const quotient = binary(b, 'Div', [first, second])
  return cast(b, b.op('Floor', [quotient], quotient), 'int32')
}

const clip = (b: Builder, x: Value, [low, high]: readonly [number, number]): Value =>
  b.op('Clip', [x, b.scalar(low, x.dtype), b.scalar(high, x.dtype)], x)

const none = (x: Value): Value => fill(x.shape, 'bool', 0)

export const elementwise: Rules<
  | 'Abs'
  | 'Acos'
  | 'Acosh'
  | 'Add'
  | 'AddN'
  | 'Asin'
  | 'Asinh'
  | 'Atan'
  | 'Atan2'
  | 'Atanh'
  | 'BitwiseAnd'
  | 'Cast'
  | 'Ceil'
  | 'ClipByValue'
  | 'Cos'
  | 'Cosh'
  | 'Elu'
  | 'EluGrad'
  | 'Equal'
  | 'Erf'
  | 'Exp'
  | 'Expm1'
  | 'Floor'
  | 'FloorDiv'
  | 'Greater'
  | 'GreaterEqual'
  | 'IsFinite'
  | 'IsInf'
  | 'IsNan'
  | 'LeakyRelu'
  | 'Less'
  | 'LessEqual'
  | 'Log'
  | 'Log1p'
  | 'LogicalAnd'
  | 'LogicalNot'
  | 'LogicalOr'
  | 'LogicalXor'
  | 'Maximum'
  | 'Minimum'
  | 'Mod'
  | 'Multiply'
  | 'Neg'
  | 'NotEqual'
  | 'Pow'
  | 'Prelu'
  | 'RealDiv'
  | 'Reciprocal'
  | 'Relu'
  | 'Relu6'
  | 'Round'
  | 'Rsqrt'
  | 'Select'
  | 'Selu'
  | 'Sigmoid'
  | 'Sign'
  | 'Sin'
  | 'Sinh'
  | 'Softplus'
  | 'Sqrt'
  | 'Square'
  | 'SquaredDifference'
  | 'Step'
  | 'Sub'
  | 'Tan'
  | 'Tanh'
> = {
  Abs: numeric('Abs'),
  Acos: float('Acos'),
  Acosh: float('Acosh'),
  Add: arithmetic('Add'),
  AddN: (b, inputs) => inputs.reduce((sum, x) => binary(b, 'Add', [sum, x])),
  Asin: float('Asin'),
  Asinh: float('Asinh'),
  Atan: float('Atan'),
  Atan2: (b, inputs) => atan2(b, inputs.a, inputs.b),
  Atanh: float('Atanh'),
  BitwiseAnd: arithmetic('BitwiseAnd'),
  Cast: (b, { x }, { dtype }) => {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new TypeError(`tf.cast: dtype must be float32, int32 or bool in a traced function, got ${dtype}`)
    }
    return cast(b, x, dtype)
  },
  Ceil: rounding('Ceil'),
  ClipByValue: (b, { x }, { clipValueMin, clipValueMax }) => clip(b, x, [clipValueMin, clipValueMax]),
  Cos: float('Cos'),
  Cosh: float('Cosh'),
  Elu: float('Elu'),
  EluGrad: (b, { dy, y }) => {
    const below = b.op('Min', [y, b.scalar(0)], y)
    return binary(b, 'Mul', [dy, binary(b, 'Add', [below, b.scalar(1)])])
  },
  Equal: comparison('Equal'),
  Erf: float('Erf'),
  Exp: float('Exp'),
  // tanh(x / 2) (exp(x) + 1) = exp(x) - 1 without its cancellation.
  Expm1: (b, inputs) => {
    const x = cast(b, inputs.x, 'float32')
    const half = binary(b, 'Mul', [x, b.scalar(0.5)])
    const above = binary(b, 'Add', [b.op('Exp', [x], x), b.scalar(1)])
    return binary(b, 'Mul', [b.op('Tanh', [half], half), above])
  },
  Floor: rounding('Floor'),
  FloorDiv: (b, inputs) => floorDiv(b, inputs.a, inputs.b),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  IsFinite: (b, { x }) => {
    if (x.dtype !== 'float32') return fill(x.shape, 'bool', 1)
    const bool = { shape: x.shape, dtype: 'bool' } as const
    return not(b, b.op('Or', [b.op('IsNaN', [x], bool), b.op('IsInf', [x], bool)], bool))
  },
  IsInf: (b, { x }) =>
    x.dtype === 'float32' ? b.op('IsInf', [x], { shape: x.shape, dtype: 'bool' }) : none(x),
  IsNan: (b, { x }) =>
    x.dtype === 'float32' ? b.op('IsNaN', [x], { shape: x.shape, dtype: 'bool' }) : none(x),
  LeakyRelu: (b, { x }, { alpha }) =>
    b.op(['LeakyRelu', { alpha: { float: alpha } }], [cast(b, x, 'float32')], {
      shape: x.shape,
      dtype: 'float32',
    }),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Log: float('Log'),
  Log1p: (b, { x }) => log1p(b, cast(b, x, 'float32')),
  LogicalAnd: logical('And'),
  LogicalNot: (b, { x }) => not(b, x),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  Mod: (b, inputs) => floorMod(b, inputs.a, inputs.b),
  Multiply: arithmetic('Mul'),
  Neg: numeric('Neg'),
  NotEqual: (b, inputs) => not(b, compare(b, 'Equal', [inputs.a, inputs.b])),
  Pow: arithmetic('Pow'),
  Prelu: (b, { x, alpha }) => prelu(b, x, alpha),
  RealDiv: arithmetic('Div'),
  Reciprocal: float('Reciprocal'),
  Relu: numeric('Relu'),
  Relu6: (b, { x }) => clip(b, x, [0, 6]),
  Round: rounding('Round'),
  Rsqrt: (b, inputs) => {
    const x = cast(b, inputs.x, 'float32')
    return b.op('Reciprocal', [b.op('Sqrt', [x], x)], x)
  },
  Select: (b, { condition, t, e }) => where(b, condition, [t, e]),
  Selu: float('Selu'),
  Sigmoid: float('Sigmoid'),
  Sign: numeric('Sign'),
  Sin: float('Sin'),
  Sinh: float('Sinh'),
  Softplus: (b, { x }) => softplus(b, cast(b, x, 'float32')),
  Sqrt: float('Sqrt'),
  Square: (b, { x }) => binary(b, 'Mul', [x, x]),
  SquaredDifference: (b, inputs) => {
    const difference = binary(b, 'Sub', [inputs.a, inputs.b])
    return binary(b, 'Mul', [difference, difference])
  },
  Step: (b, { x }, { alpha = 0 }) => {
    const positive = compare(b, 'Greater', [x, b.scalar(0, x.dtype)])
    return alpha === 0
      ? cast(b, positive, x.dtype)
      : where(b, positive, [b.scalar(1, x.dtype), b.scalar(alpha, x.dtype)])
  },
  Sub: arithmetic('Sub'),
  Tan: float('Tan'),
  Tanh: float('Tanh'),
}

/** `x` where it is not negative, `alpha x` elsewhere. */
export function prelu(b: Builder, x: Value, alpha: Value): Value {
  return where(b, compare(b, 'Less', [x, b.scalar(0)]), [binary(b, 'Mul', [x, alpha]), x])
}
