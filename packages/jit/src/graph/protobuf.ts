/**
 * As much of the protobuf wire format as an ONNX file needs: varints, 32-bit floats, and length-delimited fields.
 * Nested messages are lists of chunks, so that large tensors are copied once, when the file is put together.
 */
export type Message = Uint8Array[]

const VARINT = 0
const FIXED64 = 1
const DELIMITED = 2
const FIXED32 = 5

const text = new TextEncoder()

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return bytes
}

const head = (field: number, wire: number): number[] => varint((field << 3) | wire)

/** An integer field; negative numbers take ten bytes, as in protobuf's `int64`. */
export function integer(field: number, value: number | bigint): Message {
  return [Uint8Array.from([...head(field, VARINT), ...varint(value)])]
}

/** A `float` field. */
export function float(field: number, value: number): Message {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return [Uint8Array.from(head(field, FIXED32)), bytes]
}

/** A `bytes` field. The array is not copied before the file is put together. */
export function bytes(field: number, value: Uint8Array): Message {
  return [Uint8Array.from([...head(field, DELIMITED), ...varint(value.length)]), value]
}

/** A `string` field. */
export function string(field: number, value: string): Message {
  return bytes(field, text.encode(value))
}

/** A nested message made of its fields. */
export function message(field: number, fields: readonly Message[]): Message {
  const chunks = fields.flat()
  return [Uint8Array.from([...head(field, DELIMITED), ...varint(lengthOf(chunks))]), ...chunks]
}

/** The bytes of a top-level message. */
export function assemble(fields: readonly Message[]): Uint8Array<ArrayBuffer> {
  const chunks = fields.flat()
  const whole = new Uint8Array(lengthOf(chunks))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** The length-delimited fields of a message, in order; the others are skipped. @throws RangeError where the bytes are no message. */
export function delimitedFields(
  data: Uint8Array,
): { readonly field: number; readonly content: Uint8Array }[] {
  const found: { readonly field: number; readonly content: Uint8Array }[] = []
  let at = 0
  const skip = (count: number): number => {
    at += count
    if (count >= 0 && at <= data.length) return at
    throw new RangeError(`protobuf: fields must end within ${data.length} bytes, got one that ends at ${at}`)
  }
  const readVarint = (): number => {
    let value = 0
    for (let place = 1; ; place *= 128) {
      const byte = data[skip(1) - 1]
      value += (byte & 127) * place
      if (byte < 128) return value
    }
  }
  while (at < data.length) {
    const key = readVarint()
    const wire = key % 8
    if (wire === VARINT) readVarint()
    else if (wire === FIXED32) skip(4)
    else if (wire === FIXED64) skip(8)
    else if (wire === DELIMITED) {
      const length = readVarint()
      const end = skip(length)
      found.push({ field: Math.floor(key / 8), content: data.subarray(end - length, end) })
    } else throw new RangeError(`protobuf: wire type must be 0, 1, 2 or 5, got ${wire}`)
  }
  return found
}

function lengthOf(chunks: Message): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}
