/**
 * The safetensors format (https://github.com/huggingface/safetensors, section "Format"), as far as state trees need it.
 *
 *     bytes 0-7     length N of the header in bytes, uint64
 *     header        N bytes of UTF-8 JSON, padded with spaces: { name: { dtype, shape, data_offsets: [begin, end] } }, offsets from the
 *                   start of the data; `__metadata__` holds texts by name
 *     data          the tensors one after another, without holes, rows first
 *
 * All numbers are little-endian, as the typed arrays of every supported platform are. Written files have the order that the format's own
 * library gives them, wider types first and then by name, so that every tensor is aligned.
 */
import * as z from 'zod'

/** A tensor as a file has it. */
export interface FileTensor {
  /** As the format names it: `F32`, `I32`, `BOOL`, `F16` and others. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Little-endian, rows first. */
  readonly bytes: Uint8Array
}

/** What a file holds. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, FileTensor>
}

/** Of the format's own library, against headers that take all memory. */
const maxHeaderBytes = 100_000_000
const lengthBytes = 8
/** Types that take more come first; of those that take the same, as the format's own library has them. */
const order = ['F32', 'I32', 'BOOL']

/** The bytes of a file. Tensors are of type `F32`, `I32` or `BOOL`. */
export function encodeSafetensors({ metadata, tensors }: TensorFile): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(
    ([a, first], [b, second]) =>
      order.indexOf(first.dtype) - order.indexOf(second.dtype) || (a < b ? -1 : a > b ? 1 : 0),
  )
  let at = 0
  const entries = sorted.map(([name, { dtype, shape, bytes }]): [string, object] => {
    const begin = at
    at += bytes.length
    return [name, { dtype, shape, data_offsets: [begin, at] }]
  })
  const text = JSON.stringify(Object.fromEntries<object>([['__metadata__', metadata], ...entries]))
  const json = new TextEncoder().encode(text)
  const headerBytes = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(lengthBytes + headerBytes + at)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.fill(0x20, lengthBytes, lengthBytes + headerBytes)
  file.set(json, lengthBytes)
  let to = lengthBytes + headerBytes
  for (const [, { bytes }] of sorted) {
    file.set(bytes, to)
    to += bytes.length
  }
  return file
}

const size = z.int().min(0)
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).optional() })
  .catchall(z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) }))

/**
 * Reads a file. The tensors' bytes are views of it.
 * @throws RangeError that names `caller` and says what is wrong: not a safetensors file, cut, or with a header that does not fit its data.
 */
export function decodeSafetensors(caller: string, file: Uint8Array): TensorFile {
  const { header, dataAt } = readHeader(caller, file)
  const { __metadata__: metadata = {}, ...entries } = header
  const data = file.subarray(dataAt)
  const sorted = Object.entries(entries).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  )
  let end = 0
  const tensors = new Map<string, FileTensor>()
  for (const [name, { dtype, shape, data_offsets: offsets }] of sorted) {
    if (offsets[0] !== end || offsets[1] < end) {
      throw new RangeError(
        `${caller}: file must hold its tensors one after another, got offsets [${offsets.join(', ')}] of "${name}" after byte ` +
          `${end} of the data`,
      )
    }
    end = offsets[1]
    tensors.set(name, { dtype, shape, bytes: data.subarray(...offsets) })
  }
  if (end > data.length) {
    throw new RangeError(
      `${caller}: file must have the ${dataAt + end} bytes that its header tells of, got ${file.length}: it is cut`,
    )
  }
  if (end < data.length) {
    throw new RangeError(
      `${caller}: file must end with its last tensor, after ${dataAt + end} bytes, got ${file.length}: something was appended`,
    )
  }
  return { metadata, tensors }
}

function readHeader(
  caller: string,
  file: Uint8Array,
): { readonly header: z.infer<typeof headerSchema>; readonly dataAt: number } {
  const rule = `${caller}: file must be the bytes of a safetensors file`
  if (file.length < lengthBytes) {
    throw new RangeError(`${rule}, got ${file.length} bytes: it is empty or cut`)
  }
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)
  const begins = file.length === lengthBytes || file[lengthBytes] === 0x7b
  if (length > maxHeaderBytes || !begins) {
    throw new RangeError(`${rule}, got ${file.length} bytes of something else`)
  }
  const dataAt = lengthBytes + Number(length)
  if (dataAt > file.length) {
    throw new RangeError(
      `${rule}, got ${file.length} bytes, fewer than the ${dataAt} of its header: it is cut`,
    )
  }
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(lengthBytes, dataAt))
    return { header: headerSchema.parse(JSON.parse(json)), dataAt }
  } catch (error) {
    throw new RangeError(`${rule}, got a header that does not describe tensors`, { cause: error })
  }
}
