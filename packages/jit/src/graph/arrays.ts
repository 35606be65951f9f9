import type { DType, HostData } from '../types.ts'
import { fillOf, sizeOf, type Value } from './graph.ts'

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

/** The array of a constant that is no list of 64-bit integers. */
export function constantArray(value: Value): HostData {
  const number = fillOf(value)
  if (number === undefined) return (value.constant as { data: HostData }).data
  return typedArray(value.dtype as DType, sizeOf(value.shape)).fill(number)
}
