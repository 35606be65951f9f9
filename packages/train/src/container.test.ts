import { describe, expect, test } from 'vitest'
import { decodeContainer, encodeContainer, type Container, type StoredTensor } from './container.ts'

const arrays = new Map<string, StoredTensor>([
  ['policy/kernel', { dtype: 'float32', shape: [3], data: Float32Array.of(1.5, -0, 3e-45) }],
  ['env/state', { dtype: 'float64', shape: [2], data: Float64Array.of(Math.PI, NaN) }],
  ['steps', { dtype: 'int32', shape: [], data: Int32Array.of(-7) }],
  ['flags', { dtype: 'bool', shape: [5], data: Uint8Array.of(1, 0, 1, 1, 0) }],
  ['none', { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) }],
])
const container: Container = { meta: { step: 12, name: 'α', list: [1, null] }, arrays }

describe('a container', () => {
  test('gives back what was put in, bit for bit', async () => {
    const bytes = await encodeContainer(container)
    expect(bytes.length % 8).toBe(0)
    expect(await decodeContainer(bytes)).toEqual(container)
    // Also where the bytes begin at an odd place of a larger buffer.
    const shifted = new Uint8Array(bytes.length + 3).subarray(3)
    shifted.set(bytes)
    expect(await decodeContainer(shifted)).toEqual(container)
    // And where they are a Node Buffer, whose slices are views.
    expect(await decodeContainer(Buffer.from(bytes))).toEqual(container)
  })

  test('is the same bytes for the same content', async () => {
    expect(await encodeContainer(container)).toEqual(await encodeContainer({ ...container }))
  })

  test('notices every changed byte', async () => {
    const bytes = await encodeContainer(container)
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice()
      damaged[at] ^= 0x10
      await expect(decodeContainer(damaged)).rejects.toThrow(RangeError)
    }
  })

  test('notices every cut', async () => {
    const bytes = await encodeContainer(container)
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(decodeContainer(bytes.subarray(0, length))).rejects.toThrow(/the file is cut/)
    }
  })

  test('refuses other files', async () => {
    await expect(decodeContainer(new Uint8Array(100))).rejects.toThrow(
      'decodeContainer: bytes must begin with MAXENT and format 1, got other bytes',
    )
  })
})
