/** Numbers from keys. Value i of every stream depends on (key, i) only: the first n values of a longer draw are the draw of n values. */
import { checkInteger } from '../check.ts'
import { fillBlocks, type Key } from './threefry.ts'
import { refusedNormal, retryWords, tables } from './ziggurat.ts'

/** Words are made in pieces that stay in the processor's first cache. */
const CHUNK = 1024
const words = new Int32Array(CHUNK)

/** The words of values `start` to `start + CHUNK` of the stream, as far as `length` needs them. */
function fillChunk(key: Key, start: number, length: number): number {
  const count = Math.min(CHUNK, length - start)
  fillBlocks(key, { first: start >>> 1, lane: 0, words: count + (count & 1) }, words)
  return count
}

/** Fills `out` with uniforms on [0, 1): the upper 24 bits of a word, so that each is exact in float32 and 1 never occurs. */
export function fillUniform(key: Key, out: Float32Array): void {
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = fillChunk(key, start, out.length)
    for (let i = 0; i < count; i++) out[start + i] = (words[i] >>> 8) * 2 ** -24
  }
}

/** Fills `out` with standard normals, by the ziggurat. */
export function fillNormal(key: Key, out: Float32Array): void {
  const { scale, inside } = tables
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = fillChunk(key, start, out.length)
    for (let i = 0; i < count; i++) {
      const word = words[i]
      const layer = word & 0xff
      const x = ((word >> 8) + 0.5) * scale[layer]
      out[start + i] = Math.abs(x) < inside[layer] ? x : refusedNormal(key, start + i, word)
    }
  }
}

/**
 * Fills `out` with integers on [0, high), each equally likely, 1 <= high <= 2^31 (2^32 for a Uint32Array).
 * @throws RangeError when `high` is outside.
 */
export function fillIntegers(key: Key, out: Int32Array | Uint32Array, high: number): void {
  checkInteger({
    caller: 'fillIntegers',
    name: 'high',
    value: high,
    min: 1,
    max: out instanceof Int32Array ? 2 ** 31 : 2 ** 32,
  })
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = fillChunk(key, start, out.length)
    for (let i = 0; i < count; i++) out[start + i] = bounded(words[i], high, () => retryWords(key, start + i))
  }
}

/**
 * The high half of the 64-bit product of a word and `high`, with the few words refused that would make some results more likely.
 * Lemire 2019, "Fast random integer generation in an interval", doi:10.1145/3230636. The product is taken in two 48-bit parts, which
 * doubles hold exactly.
 */
function bounded(word: number, high: number, retry: () => () => number): number {
  const surplus = 2 ** 32 % high
  let next: (() => number) | undefined
  for (;;) {
    const lowHalf = Math.imul(word, high) >>> 0
    if (lowHalf >= surplus) return productHigh(word >>> 0, high)
    next ??= retry()
    word = next()
  }
}

/** floor(a b / 2^32) for a < 2^32 and b <= 2^32, exactly. */
function productHigh(a: number, b: number): number {
  const low = b % 65536
  const high = (b - low) / 65536
  return Math.floor((a * high + Math.floor((a * low) / 65536)) / 65536)
}

/** `n` uniforms on [0, 1). */
export function uniform(key: Key, n: number): Float32Array {
  checkLength('uniform', n)
  const out = new Float32Array(n)
  fillUniform(key, out)
  return out
}

/** `n` standard normals. */
export function normal(key: Key, n: number): Float32Array {
  checkLength('normal', n)
  const out = new Float32Array(n)
  fillNormal(key, out)
  return out
}

/** `n` integers on [0, high). */
export function integers(key: Key, n: number, high: number): Int32Array {
  checkLength('integers', n)
  const out = new Int32Array(n)
  fillIntegers(key, out, high)
  return out
}

/** The numbers 0 to n - 1 in an order drawn uniformly from all n! orders (Fisher & Yates, Durstenfeld's form). */
export function permutation(key: Key, n: number): Int32Array {
  checkLength('permutation', n)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let start = 0; start < n; start += CHUNK) {
    const count = fillChunk(key, start, n)
    for (let i = 0; i < count; i++) {
      const at = start + i
      const from = at + bounded(words[i], n - at, () => retryWords(key, at))
      const value = order[from]
      order[from] = order[at]
      order[at] = value
    }
  }
  return order
}

function checkLength(caller: string, n: number): void {
  checkInteger({ caller, name: 'n', value: n, min: 0, max: 2 ** 31 - 1 })
}
