import type { Builder } from '../graph/builder.ts'
import { fill, int64, sameShape, type Value } from '../graph/graph.ts'

/** A value in another shape; the value itself where it has that shape already. */
export function reshape(b: Builder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  if (x.constant?.kind === 'fill') return fill(shape, x.dtype, x.constant.value)
  if (x.constant !== undefined) return { ...x, shape }
  return b.op(['Reshape', shape.includes(0) ? { allowzero: 1 } : {}], [x, int64(shape)], {
    shape,
    dtype: x.dtype,
  })
}

/** A value repeated along dimensions of size one, and along new leading dimensions. */
export function expand(b: Builder, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  if (x.constant?.kind === 'fill') return fill(shape, x.dtype, x.constant.value)
  return b.op('Expand', [x, int64(shape)], { shape, dtype: x.dtype })
}

/** A value with its dimensions in another order. */
export function transpose(b: Builder, x: Value, perm: readonly number[]): Value {
  if (perm.every((axis, i) => axis === i)) return x
  return b.op(['Transpose', { perm }], [x], { shape: perm.map((axis) => x.shape[axis]), dtype: x.dtype })
}

/** Axis numbers counted from the front. */
export function normaliseAxis(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new RangeError(`normaliseAxis: axis must be an integer in [${-rank}, ${rank}), got ${axis}`)
  }
  return axis < 0 ? axis + rank : axis
}
