import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { foldIn, integers, key, normal, permutation, split, uniform, type Key } from './index.ts'
import { threefry2x32 } from './threefry.ts'

/**
 * The streams, bit for bit, as fixtures/make_keys.py states them independently. Changing what these tests hold breaks the reproducibility of
 * every recorded run: do it only together with a new learning revision of everything that draws numbers.
 */
interface Golden {
  readonly key: readonly (readonly [number, Key])[]
  readonly split: readonly Key[]
  readonly foldIn: readonly (readonly [number | string, Key])[]
  readonly uniform: readonly number[]
  readonly normal: readonly number[]
  readonly normalInTail: readonly (readonly [number, number])[]
  readonly integers: readonly (readonly [number, readonly number[]])[]
  readonly permutation: readonly number[]
  readonly sha256: Readonly<Record<'uniform' | 'normal' | 'integersBelow3x2^29' | 'permutation', string>> & {
    readonly count: number
  }
}

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/keys.json', import.meta.url), 'utf8'),
) as Golden
const k = key(42)
const n = golden.sha256.count

function sha256(array: Float32Array | Int32Array): string {
  return createHash('sha256').update(new Uint8Array(array.buffer)).digest('hex')
}

describe('the bits of the streams', () => {
  it('are threefry2x32-20, by the known answers of the Random123 distribution', () => {
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe])
    expect(threefry2x32([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7])
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0])
  })

  it('hold for keys of seeds, split and folded keys', () => {
    for (const [seed, expected] of golden.key) expect(key(seed)).toEqual(expected)
    expect(split(k, 3)).toEqual(golden.split)
    for (const [data, expected] of golden.foldIn) expect(foldIn(k, data)).toEqual(expected)
  })

  it('hold for the first numbers of every law', () => {
    expect([...uniform(k, 5)]).toEqual(golden.uniform)
    expect([...normal(k, 5)]).toEqual(golden.normal)
    for (const [high, expected] of golden.integers) expect([...integers(k, 8, high)]).toEqual(expected)
    expect([...permutation(k, 10)]).toEqual(golden.permutation)
  })

  it('hold for long streams, refused values and the tails of the ziggurat included', () => {
    const normals = normal(k, n)
    for (const [i, expected] of golden.normalInTail) expect(normals[i]).toBe(expected)
    expect(sha256(normals)).toBe(golden.sha256.normal)
    expect(sha256(uniform(k, n))).toBe(golden.sha256.uniform)
    expect(sha256(integers(k, n, 3 * 2 ** 29))).toBe(golden.sha256['integersBelow3x2^29'])
    expect(sha256(permutation(k, n))).toBe(golden.sha256.permutation)
  })
})
