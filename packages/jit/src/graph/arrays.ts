import type { DType, HostData } from '../types.ts'

/** A zeroed array for a type. */
export function typedArray(dtype: DType, size: number): HostData {
  if (dtype === 'float32') return new Float32Array(size)
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size)
}

/** A copy in the array class of a type: tfjs hands out a tensor cast from integers to floats with the integers' array. */
export function hostArray(dtype: DType, values: ArrayLike<number>): HostData {
  const data = typedArray(dtype, values.length)
  data.set(values)
  return data
}
