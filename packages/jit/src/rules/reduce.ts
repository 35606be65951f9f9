import type { Builder } from '../graph/builder.ts'
import { int64, type Value } from '../graph/graph.ts'
import { cast } from './cast.ts'
import { compare, not } from './elementwise.ts'
import type { ReductionAttrs, Rules } from './kernels.ts'
import { normaliseAxis } from './reshape.ts'

/** The axes of a reduction, all where none are given. */
function axesOf({ axis, reductionIndices }: ReductionAttrs, rank: number): number[] {
  const given = reductionIndices ?? axis
  if (given === undefined || given === null) return Array.from({ length: rank }, (_, i) => i)
  return [given].flat().map((a) => normaliseAxis(a, rank))
}

/** A reduction; over no axes at all it is the value itself, where ONNX would reduce them all. */
function reduce(b: Builder, op: string, [x, attrs]: readonly [Value, ReductionAttrs]): Value {
  const axes = axesOf(attrs, x.shape.length)
  if (axes.length === 0) return x
  const keep = attrs.keepDims === true
  const shape = keep
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i))
  return b.op([op, { keepdims: keep ? 1 : 0 }], [x, int64(axes)], { shape, dtype: x.dtype })
}

/** Bools have no reductions in ONNX Runtime: they are counted. */
function any(b: Builder, x: Value, attrs: ReductionAttrs): Value {
  const count = reduce(b, 'ReduceSum', [cast(b, x, 'int32'), attrs])
  return compare(b, 'Greater', [count, b.scalar(0, 'int32')])
}

const numeric =
  (op: string) =>
  (b: Builder, { x }: { readonly x: Value }, attrs: ReductionAttrs): Value =>
    reduce(b, op, [x.dtype === 'bool' ? cast(b, x, 'int32') : x, attrs])

const arg =
  (op: string) =>
  (b: Builder, { x }: { readonly x: Value }, attrs: { readonly axis: number }): Value => {
    const [axis] = axesOf(attrs, x.shape.length)
    const shape = x.shape.filter((_, i) => i !== axis)
    const number = x.dtype === 'bool' ? cast(b, x, 'int32') : x
    return cast(b, b.op([op, { axis, keepdims: 0 }], [number], { shape, dtype: 'int64' }), 'int32')
  }

export const reductions: Rules<
  'All' | 'Any' | 'ArgMax' | 'ArgMin' | 'LogSoftmax' | 'Max' | 'Mean' | 'Min' | 'Prod' | 'Softmax' | 'Sum'
> = {
  All: (b, { x }, attrs) => not(b, any(b, not(b, x), attrs)),
  Any: (b, { x }, attrs) => any(b, x, attrs),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  LogSoftmax: (b, { logits }, { axis = -1 }) =>
    b.op(['LogSoftmax', { axis: normaliseAxis(axis, logits.shape.length) }], [logits], logits),
  Max: numeric('ReduceMax'),
  Mean: (b, { x }, attrs) => reduce(b, 'ReduceMean', [cast(b, x, 'float32'), attrs]),
  Min: numeric('ReduceMin'),
  Prod: numeric('ReduceProd'),
  Softmax: (b, { logits }, { dim }) =>
    b.op(['Softmax', { axis: normaliseAxis(dim, logits.shape.length) }], [logits], logits),
  Sum: numeric('ReduceSum'),
}
