import { constantOf, fill, type Value } from '../graph/graph.ts'
import type { Rules } from './kernels.ts'

function numbers(dtype: 'float32' | 'int32', values: ArrayLike<number>): Value {
  const data = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)
  return constantOf([data.length], dtype, data)
}

export const creations: Rules<'Fill' | 'LinSpace' | 'OnesLike' | 'Range' | 'ZerosLike'> = {
  Fill: (_, __, { shape, value, dtype }) => {
    if (typeof value === 'string')
      throw new TypeError(`tf.fill: value must be a number in a traced function, got a string`)
    return fill(shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float32', value)
  },
  LinSpace: (_, __, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0
    const values = new Float32Array(num)
    values[0] = start
    for (let i = 1; i < num; i++) values[i] = values[i - 1] + step
    return numbers('float32', values)
  },
  OnesLike: (_, { x }) => fill(x.shape, x.dtype, 1),
  Range: (_, __, { start, stop, step, dtype }) => {
    const n = Math.max(0, Math.ceil((stop - start) / step))
    return numbers(
      dtype,
      Array.from({ length: n }, (___, i) => start + i * step),
    )
  },
  ZerosLike: (_, { x }) => fill(x.shape, x.dtype, 0),
}
