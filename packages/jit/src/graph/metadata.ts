import { METADATA } from './onnx.ts'
import { delimitedFields } from './protobuf.ts'

const text = new TextDecoder()

/**
 * The texts that an ONNX file carries, by name.
 * @throws RangeError where the bytes are no ONNX file.
 */
export function readMetadata(file: Uint8Array): Readonly<Record<string, string>> {
  const entries = delimitedFields(file)
    .filter(({ field }) => field === METADATA)
    .map(({ content }): [string, string] => {
      const parts = delimitedFields(content)
      const part = (field: number): string =>
        text.decode(parts.find((entry) => entry.field === field)?.content)
      return [part(1), part(2)]
    })
  return Object.fromEntries(entries)
}
