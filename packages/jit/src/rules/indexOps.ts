import type { Builder } from '../graph/builder.ts'
import { constantOf, fill, sizeOf, type Value } from '../graph/graph.ts'
import { cast } from './cast.ts'
import { binary, compare, where } from './elementwise.ts'
import type { Rules } from './kernels.ts'
import { expand, normaliseAxis, reshape, transpose } from './reshape.ts'
import { slice } from './shape.ts'

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

function gather(b: Builder, [x, indices]: readonly [Value, Value], axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
  return b.op(['Gather', { axis }], [x, cast(b, indices, 'int32')], { shape, dtype: x.dtype })
}

/** Gathers within each entry of the leading dimensions: the batch is folded into the axis, and the indices move along with it. */
function batchedGather(
  b: Builder,
  [x, indices]: readonly [Value, Value],
  attrs: { axis: number; batchDims: number },
): Value {
  const { axis, batchDims } = attrs
  const rank = x.shape.length
  const batch = x.shape.slice(0, batchDims)
  const outer = range(rank).slice(batchDims, axis)
  const rest = range(rank).slice(axis + 1)
  const moved = transpose(b, x, [...range(batchDims), axis, ...outer, ...rest])
  const [rows, n] = [sizeOf(batch), x.shape[axis]]
  const folded = reshape(b, moved, [rows * n, ...moved.shape.slice(batchDims + 1)])
  const offsets = constantOf(
    [rows, 1],
    'int32',
    Int32Array.from(range(rows), (i) => i * n),
  )
  const inner = indices.shape.slice(batchDims)
  const flat = binary(b, 'Add', [reshape(b, cast(b, indices, 'int32'), [rows, sizeOf(inner)]), offsets])
  const found = reshape(b, gather(b, [folded, flat], 0), [
    ...batch,
    ...inner,
    ...moved.shape.slice(batchDims + 1),
  ])
  const at = batchDims + inner.length
  const outerAxes = outer.map((_, i) => at + i)
  const restAxes = rest.map((_, i) => at + outer.length + i)
  return transpose(b, found, [...range(batchDims), ...outerAxes, ...range(at).slice(batchDims), ...restAxes])
}

function scatter(
  b: Builder,
  [target, indices, updates]: readonly [Value, Value, Value],
  reduction: 'add' | 'none',
): Value {
  return b.op(['ScatterND', { reduction }], [target, cast(b, indices, 'int64'), updates], target)
}

export const indexing: Rules<
  'GatherNd' | 'GatherV2' | 'OneHot' | 'ScatterNd' | 'TensorScatterUpdate' | 'TopK' | 'UnsortedSegmentSum'
> = {
  GatherNd: (b, { params, indices }) => {
    const depth = indices.shape[indices.shape.length - 1]
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
    return b.op('GatherND', [params, cast(b, indices, 'int64')], { shape, dtype: params.dtype })
  },
  GatherV2: (b, { x, indices }, { axis, batchDims = 0 }) => {
    const at = normaliseAxis(axis, x.shape.length)
    const leading = batchDims < 0 ? batchDims + indices.shape.length : batchDims
    return leading === 0
      ? gather(b, [x, indices], at)
      : batchedGather(b, [x, indices], { axis: at, batchDims: leading })
  },
  // ONNX's own OneHot wraps negative indices, where tfjs switches everything off.
  OneHot: (b, { indices }, { depth, onValue, offValue, dtype }) => {
    const classes = constantOf([depth], 'int32', Int32Array.from(range(depth)))
    const hot = compare(b, 'Equal', [reshape(b, cast(b, indices, 'int32'), [...indices.shape, 1]), classes])
    const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32'
    if (onValue === 1 && offValue === 0) return cast(b, hot, type)
    return where(b, hot, [b.scalar(onValue, type), b.scalar(offValue, type)])
  },
  ScatterNd: (b, { indices, updates }, { shape }) =>
    scatter(b, [fill(shape, updates.dtype, 0), indices, updates], 'add'),
  TensorScatterUpdate: (b, { tensor, indices, updates }) => scatter(b, [tensor, indices, updates], 'none'),
  TopK: (b, { x }, { k, sorted }) => {
    const shape = [...x.shape.slice(0, -1), k]
    const count: Value = { shape: [1], dtype: 'int64', constant: { kind: 'fill', value: k } }
    const [values, indices] = b.ops(
      ['TopK', { axis: -1, largest: 1, sorted: sorted ? 1 : 0 }],
      [x, count],
      [
        { shape, dtype: x.dtype },
        { shape, dtype: 'int64' },
      ],
    )
    return [values, cast(b, indices, 'int32')]
  },
  // Rows of segments outside the range go to one more segment, which is cut off.
  UnsortedSegmentSum: (b, { x, segmentIds }, { numSegments }) => {
    if (segmentIds.shape.length !== 1) {
      throw new RangeError(
        `tf.unsortedSegmentSum: segmentIds must have rank 1 in a traced function, got shape [${segmentIds.shape.join()}], reshape it and x first`,
      )
    }
    const ids = cast(b, segmentIds, 'int32')
    const inside = b.op(
      'And',
      [
        compare(b, 'GreaterOrEqual', [ids, b.scalar(0, 'int32')]),
        compare(b, 'Less', [ids, b.scalar(numSegments, 'int32')]),
      ],
      { shape: ids.shape, dtype: 'bool' },
    )
    const rows = reshape(b, where(b, inside, [ids, b.scalar(numSegments, 'int32')]), [...ids.shape, 1])
    const inner = x.shape.slice(1)
    const zeros = expand(b, b.scalar(0, x.dtype), [numSegments + 1, ...inner])
    const sums = scatter(b, [zeros, rows, x], 'add')
    const kept = slice(b, sums, { begin: [0, ...inner.map(() => 0)], size: [numSegments, ...inner] })
    // tfjs sums products with a float mask, so that sums of integers are floats.
    return cast(b, kept, 'float32')
  },
}
