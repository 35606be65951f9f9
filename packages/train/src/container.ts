/**
 * The binary container of checkpoints and replay segments: a JSON header and raw arrays.
 *
 *     bytes 0-7     "MAXENT" and two bytes of format version (0, 1)
 *     bytes 8-11    length of the header in bytes, uint32
 *     header        UTF-8 JSON: { meta, arrays: [{ path, dtype, shape, offset, bytes }] }, offsets from the start of the data
 *     padding       zeros up to a multiple of 8
 *     data          the arrays one after another, each padded with zeros to a multiple of 8
 *     last 32 bytes SHA-256 of all bytes before
 *
 * All numbers are little-endian, as the typed arrays of every supported platform are.
 */
import { sha256 } from './sha256.ts'

/** The arrays that a container holds. */
export type StoredArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** A named array of a container. `dtype` says what the numbers mean; it decides the array type unless `float64`. */
export interface StoredTensor {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** What the numbers mean. */
  readonly dtype: 'float32' | 'float64' | 'int32' | 'bool'
  /** The numbers, row by row. */
  readonly data: StoredArray
}

/** What a container holds. */
export interface Container {
  /** Anything that JSON can hold. */
  readonly meta: unknown
  /** By path. */
  readonly arrays: ReadonlyMap<string, StoredTensor>
}

interface ArrayHeader {
  readonly path: string
  readonly dtype: StoredTensor['dtype']
  readonly shape: readonly number[]
  readonly offset: number
  readonly bytes: number
}

const magic = Uint8Array.of(0x4d, 0x41, 0x58, 0x45, 0x4e, 0x54, 0, 1)
const fixedBytes = 12
const digestBytes = 32

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** The bytes of a container. */
export async function encodeContainer({ meta, arrays }: Container): Promise<Uint8Array> {
  const entries: ArrayHeader[] = []
  let dataBytes = 0
  for (const [path, { dtype, shape, data }] of arrays) {
    entries.push({ path, dtype, shape, offset: dataBytes, bytes: data.byteLength })
    dataBytes += padded(data.byteLength)
  }
  const header = new TextEncoder().encode(JSON.stringify({ meta, arrays: entries }))
  const dataAt = padded(fixedBytes + header.length)
  const bytes = new Uint8Array(dataAt + dataBytes + digestBytes)
  bytes.set(magic)
  new DataView(bytes.buffer).setUint32(8, header.length, true)
  bytes.set(header, fixedBytes)
  for (const { path, offset } of entries) {
    const data = arrays.get(path)?.data
    if (data !== undefined)
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataAt + offset)
  }
  const end = dataAt + dataBytes
  bytes.set(await sha256(bytes.subarray(0, end)), end)
  return bytes
}

/**
 * Reads a container.
 * @throws RangeError that says how it is damaged: cut, not a container, or changed since it was written.
 */
export async function decodeContainer(bytes: Uint8Array): Promise<Container> {
  if (bytes.length < fixedBytes + digestBytes) {
    throw new RangeError(
      `decodeContainer: bytes must be a whole container, got ${bytes.length} bytes: the file is cut`,
    )
  }
  if (magic.some((byte, i) => bytes[i] !== byte)) {
    throw new RangeError('decodeContainer: bytes must begin with MAXENT and format 1, got other bytes')
  }
  const end = bytes.length - digestBytes
  const digest = await sha256(bytes.subarray(0, end))
  if (digest.some((byte, i) => bytes[end + i] !== byte)) {
    throw new RangeError(
      'decodeContainer: bytes must have the SHA-256 they end with, got another: the file is cut or damaged',
    )
  }
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(fixedBytes, fixedBytes + headerBytes)),
  ) as {
    readonly meta: unknown
    readonly arrays: readonly ArrayHeader[]
  }
  const dataAt = padded(fixedBytes + headerBytes)
  const arrays = new Map<string, StoredTensor>()
  for (const { path, dtype, shape, offset, bytes: length } of header.arrays) {
    // A copy: `slice` of a Node Buffer would be a view of the whole file.
    const { buffer } = new Uint8Array(bytes.subarray(dataAt + offset, dataAt + offset + length))
    arrays.set(path, { shape, dtype, data: new arrayTypes[dtype](buffer) })
  }
  return { meta: header.meta, arrays }
}
