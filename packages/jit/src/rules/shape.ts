import * as tf from '@tensorflow/tfjs'
import type { Builder } from '../graph/builder.ts'
import { constantOf, fill, int64, sizeOf, type Value } from '../graph/graph.ts'
import { binary } from './elementwise.ts'
import type { Rules } from './kernels.ts'
import { expand, normaliseAxis, reshape, transpose } from './reshape.ts'

/** The part of `x` from `begin`, `size` long. */
export function slice(
  b: Builder,
  x: Value,
  { begin, size }: { begin: readonly number[]; size: readonly number[] },
): Value {
  if (size.every((n, i) => n === x.shape[i])) return x
  const cut = x.shape.flatMap((n, i) => (size[i] === n ? [] : [i]))
  const ends = cut.map((i) => begin[i] + size[i])
  return b.op('Slice', [x, int64(cut.map((i) => begin[i])), int64(ends), int64(cut)], {
    shape: size,
    dtype: x.dtype,
  })
}

function concat(b: Builder, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0]
  const total = parts.reduce((sum, part) => sum + part.shape[axis], 0)
  const shape = parts[0].shape.map((n, i) => (i === axis ? total : n))
  return b.op(['Concat', { axis }], parts, { shape, dtype: parts[0].dtype })
}

function split(b: Builder, x: Value, { sizes, axis }: { sizes: readonly number[]; axis: number }): Value[] {
  if (sizes.length === 1) return [x]
  const outputs = sizes.map((size) => ({
    shape: x.shape.map((n, i) => (i === axis ? size : n)),
    dtype: x.dtype,
  }))
  return b.ops(['Split', { axis }], [x, int64(sizes)], outputs)
}

const withAxis = (shape: readonly number[], axis: number): number[] => [
  ...shape.slice(0, axis),
  1,
  ...shape.slice(axis),
]
const withoutAxis = (shape: readonly number[], axis: number): number[] => shape.filter((_, i) => i !== axis)

/** Indices that walk backwards at the two ends of an axis. */
function mirrored(
  n: number,
  [before, after]: readonly [number, number],
  mode: 'reflect' | 'symmetric',
): number[] {
  const skip = mode === 'reflect' ? 1 : 0
  const front = Array.from({ length: before }, (_, i) => before - 1 - i + skip)
  const back = Array.from({ length: after }, (_, i) => n - 1 - i - skip)
  return [...front, ...Array(n).keys(), ...back]
}

/** Running products in about log2(n) steps, each multiplying by the values a power of two further on. */
function cumprod(b: Builder, x: Value, { axis, exclusive, reverse }: tf.CumprodAttrs): Value {
  const at = normaliseAxis(axis, x.shape.length)
  const n = x.shape[at]
  const shifted = (y: Value, by: number): Value => {
    const part = (m: number): number[] => x.shape.map((size, i) => (i === at ? m : size))
    const begin = x.shape.map((_, i) => (i === at && reverse ? by : 0))
    const kept = slice(b, y, { begin, size: part(n - by) })
    const ones = fill(part(by), x.dtype, 1)
    return concat(b, reverse ? [kept, ones] : [ones, kept], at)
  }
  let running = exclusive && n > 0 ? shifted(x, 1) : x
  for (let step = 1; step < n; step *= 2) running = binary(b, 'Mul', [running, shifted(running, step)])
  return running
}

export const shapes: Rules<
  | 'BroadcastTo'
  | 'Concat'
  | 'Cumprod'
  | 'Cumsum'
  | 'Diag'
  | 'ExpandDims'
  | 'Identity'
  | 'MirrorPad'
  | 'Pack'
  | 'PadV2'
  | 'Reshape'
  | 'Reverse'
  | 'Slice'
  | 'SplitV'
  | 'StridedSlice'
  | 'Tile'
  | 'Transpose'
  | 'Unpack'
> = {
  BroadcastTo: (b, { x }, { shape }) => expand(b, x, shape),
  Concat: (b, inputs, { axis }) => concat(b, inputs, normaliseAxis(axis, inputs[0].shape.length)),
  Cumprod: (b, { x }, attrs) => cumprod(b, x, attrs),
  Cumsum: (b, { x }, { axis, exclusive, reverse }) =>
    b.op(
      [
        'CumSum',
        {
          exclusive: exclusive ? 1 : 0,
          reverse: reverse ? 1 : 0,
        },
      ],
      [x, b.scalar(normaliseAxis(axis, x.shape.length), 'int32')],
      x,
    ),
  Diag: (b, { x }) => {
    const n = sizeOf(x.shape)
    const eye = new Uint8Array(n * n)
    for (let i = 0; i < n; i++) eye[i * (n + 1)] = 1
    const row = reshape(b, x, [1, n])
    const matrix = b.op('Where', [constantOf([n, n], 'bool', eye), row, b.scalar(0, x.dtype)], {
      shape: [n, n],
      dtype: x.dtype,
    })
    return reshape(b, matrix, [...x.shape, ...x.shape])
  },
  ExpandDims: (b, { input }, { dim }) =>
    reshape(b, input, withAxis(input.shape, normaliseAxis(dim, input.shape.length + 1))),
  Identity: (_, { x }) => x,
  MirrorPad: (b, { x }, { paddings, mode }) =>
    paddings.reduce((y, [before, after], axis) => {
      if (before === 0 && after === 0) return y
      const indices = mirrored(x.shape[axis], [before, after], mode)
      const shape = y.shape.map((n, i) => (i === axis ? indices.length : n))
      return b.op(['Gather', { axis }], [y, int64(indices)], { shape, dtype: y.dtype })
    }, x),
  Pack: (b, inputs, { axis }) => {
    const at = normaliseAxis(axis, inputs[0].shape.length + 1)
    return concat(
      b,
      inputs.map((x) => reshape(b, x, withAxis(x.shape, at))),
      at,
    )
  },
  PadV2: (b, { x }, { paddings, constantValue }) => {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x
    const shape = x.shape.map((n, i) => n + paddings[i][0] + paddings[i][1])
    if (sizeOf(x.shape) === 0) return fill(shape, x.dtype, constantValue)
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]
    return b.op('Pad', [x, int64(pads), b.scalar(constantValue, x.dtype)], { shape, dtype: x.dtype })
  },
  Reshape: (b, { x }, { shape }) => reshape(b, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  Reverse: (b, { x }, { dims }) => {
    const given: typeof dims | undefined = dims
    const all = x.shape.map((_, i) => i)
    const axes = [given ?? all].flat().map((axis) => normaliseAxis(axis, x.shape.length))
    if (axes.length === 0) return x
    const repeat = (n: number): Value => int64(axes.map(() => n))
    return b.op('Slice', [x, repeat(-1), repeat(-(2 ** 31)), int64(axes), repeat(-1)], x)
  },
  Slice: (b, { x }, { begin, size }) => {
    const [starts, sizes] = tf.slice_util.parseSliceParams(x as never, begin, size)
    return slice(b, x, { begin: starts, size: sizes })
  },
  SplitV: (b, { x }, { numOrSizeSplits, axis }) => {
    const at = normaliseAxis(axis, x.shape.length)
    return split(b, x, { sizes: tf.backend_util.prepareSplitSize(x as never, numOrSizeSplits, at), axis: at })
  },
  StridedSlice: (b, { x }, attrs) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs
    const info = tf.slice_util.sliceInfo(
      [...x.shape],
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    )
    if (info.isIdentity || sizeOf(info.finalShapeSparse) === 0) {
      return info.isIdentity ? reshape(b, x, info.finalShape) : fill(info.finalShape, x.dtype, 0)
    }
    // Counted from the front, an end before the first element would be read as counted from the back.
    const ends = info.end.map((n) => (n < 0 ? -(2 ** 31) : n))
    const axes = x.shape.map((_, i) => i)
    const inputs = [x, int64(info.begin), int64(ends), int64(axes), int64(info.strides)]
    return reshape(
      b,
      b.op('Slice', inputs, { shape: info.finalShapeSparse, dtype: x.dtype }),
      info.finalShape,
    )
  },
  Tile: (b, { x }, { reps }) => {
    const shape = x.shape.map((n, i) => n * reps[i])
    const repeatsOnes = x.shape.every((n, i) => n === 1 || reps[i] === 1)
    if (repeatsOnes) return expand(b, x, shape)
    return b.op('Tile', [x, int64(reps)], { shape, dtype: x.dtype })
  },
  Transpose: (b, { x }, { perm }) => transpose(b, x, perm),
  Unpack: (b, { value }, { axis }) => {
    const at = normaliseAxis(axis, value.shape.length)
    const n = value.shape[at]
    const parts = n === 0 ? [] : split(b, value, { sizes: Array<number>(n).fill(1), axis: at })
    return parts.map((part) => reshape(b, part, withoutAxis(value.shape, at)))
  },
}
