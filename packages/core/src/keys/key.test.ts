import { describe, expect, it } from 'vitest'
import { foldIn, key, split, uniform, type Key } from './index.ts'

const name = (k: Key): string => k.join(',')

function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - 0.5) * (b[i] - 0.5)
  return (sum / a.length) * 12
}

describe('key', () => {
  it('is its own for every seed, also beyond 32 bits', () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]
    expect(new Set(seeds.map((seed) => name(key(seed)))).size).toBe(seeds.length)
  })

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])('refuses the seed %s', (seed) => {
    expect(() => key(seed)).toThrow(
      new RangeError(`key: seed must be an integer in [0, 9007199254740991], got ${seed}`),
    )
  })

  it('refuses a seed that is not a number', () => {
    expect(() => key('1' as unknown as number)).toThrow(TypeError)
  })
})

describe('split', () => {
  it('gives the same child however many are asked for', () => {
    expect(split(key(1), 100).slice(0, 3)).toEqual(split(key(1), 3))
    expect(split(key(1), 0)).toEqual([])
  })

  it('never gives the same key twice, over two generations and beside folded keys', () => {
    const children = split(key(7), 100)
    const all = [
      ...children,
      ...children.flatMap((child) => split(child, 200)),
      ...Array.from({ length: 5000 }, (_, i) => foldIn(key(7), i)),
      ...Array.from({ length: 5000 }, (_, i) => foldIn(key(7), `purpose ${i}`)),
    ]
    expect(new Set(all.map(name)).size).toBe(all.length)
  })

  it('gives streams that are uncorrelated with each other and with the parent', () => {
    const n = 100_000
    const streams = [key(3), ...split(key(3), 4), foldIn(key(3), 0), foldIn(key(3), 'act')].map((k) =>
      uniform(k, n),
    )
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(5 / Math.sqrt(n))
    }
  })

  it('refuses a number of keys that is none', () => {
    expect(() => split(key(1), -1)).toThrow('split: n must be an integer in [0, 4294967296], got -1')
  })
})

describe('foldIn', () => {
  it('does not change its parent and depends on all of it', () => {
    const parent = key(5)
    foldIn(parent, 'replay')
    expect(parent).toEqual(key(5))
    expect(foldIn([1, 0], 3)).not.toEqual(foldIn([0, 1], 3))
  })

  it('tells numbers from the strings that spell them, and lengths from hashes', () => {
    const keys = [1, '1', '01', '', '\0', '\0\0', 'ab', 'ba', 'å', 'a\u030a'].map((data) =>
      name(foldIn(key(1), data)),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('gives neighbouring steps unrelated keys', () => {
    const bits = new Array<number>(64).fill(0)
    const steps = 4000
    for (let i = 0; i < steps; i++) {
      const [a, b] = [foldIn(key(1), i), foldIn(key(1), i + 1)]
      for (let bit = 0; bit < 64; bit++) {
        bits[bit] += ((a[bit >> 5] ^ b[bit >> 5]) >>> (bit & 31)) & 1
      }
    }
    for (const flips of bits) expect(Math.abs(flips - steps / 2)).toBeLessThan(5 * Math.sqrt(steps / 4))
  })

  it.each([-1, 1.5, NaN])('refuses the number %s', (data) => {
    expect(() => foldIn(key(1), data)).toThrow(/^foldIn: data must be an integer in/)
  })
})
