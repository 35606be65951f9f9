/** Numbers from keys. Value i of every stream depends on (key, i) only: the first n values of a longer draw are the draw of n values. */
import { checkInteger, describeValue } from '../check.ts'
import { exp, log } from './arithmetic.ts'
import { CHUNK, chunk, fillChunk, type Key } from './threefry.ts'
import { refusedNormal, retryWords, tables } from './ziggurat.ts'

/** Fills `out` with uniforms on [0, 1): the upper 24 bits of a word, so that each is exact in float32 and 1 never occurs. */
export function fillUniform(key: Key, out: Float32Array): void {
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = Math.min(CHUNK, out.length - start)
    fillChunk(key, start >>> 1, count)
    for (let i = 0; i < count; i++) out[start + i] = (chunk[i] >>> 8) * 2 ** -24
  }
}

/** Places in the chunk of the values that the first test of the ziggurat refused. */
const refused = new Int32Array(CHUNK)

/** Fills `out` with standard normals, by the ziggurat. Refused values wait for a second pass, which keeps the first one free of branches. */
export function fillNormal(key: Key, out: Float32Array): void {
  const { scale, inside } = tables
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = Math.min(CHUNK, out.length - start)
    fillChunk(key, start >>> 1, count)
    let waiting = 0
    for (let i = 0; i < count; i++) {
      const word = chunk[i]
      const layer = word & 0xff
      const x = ((word >> 8) + 0.5) * scale[layer]
      out[start + i] = x
      refused[waiting] = i
      if (!(Math.abs(x) < inside[layer])) waiting++
    }
    for (let j = 0; j < waiting; j++) {
      const i = refused[j]
      out[start + i] = refusedNormal(key, start + i, chunk[i])
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
    const count = Math.min(CHUNK, out.length - start)
    fillChunk(key, start >>> 1, count)
    for (let i = 0; i < count; i++) {
      const word = chunk[i]
      out[start + i] = isRefused(word, high)
        ? refusedInteger(key, start + i, high)
        : productHigh(word >>> 0, high)
    }
  }
}

/** The law of {@link fillGeometric}. */
export interface GeometricLaw {
  /** The integers are below it, 1 <= high <= 2^31. */
  readonly high: number
  /** How fast they become rarer, in [0, 1]; 0 makes all equally likely. */
  readonly rate: number
}

/**
 * Fills `out` with integers k on [0, high), each as likely as exp(−rate k) says: by inversion, the integer part of an exponential that is cut
 * off at `high`, from 48 random bits.
 * @throws RangeError when `high` or `rate` is outside.
 */
export function fillGeometric(key: Key, out: Int32Array, { high, rate }: GeometricLaw): void {
  const caller = 'fillGeometric'
  checkInteger({ caller, name: 'high', value: high, min: 1, max: 2 ** 31 })
  if (!(rate >= 0 && rate <= 1))
    throw new RangeError(`${caller}: rate must be in [0, 1], got ${describeValue(rate)}`)
  if (rate === 0) {
    fillIntegers(key, out, high)
    return
  }
  const uniforms = new Float32Array(2 * out.length)
  fillUniform(key, uniforms)
  // What lies beyond 27 decays has a share of less than 2^-38: no draw comes there.
  const inside = 1 - exp(-Math.min(rate * high, 40))
  for (let i = 0; i < out.length; i++) {
    const u = uniforms[2 * i] + uniforms[2 * i + 1] * 2 ** -24
    out[i] = Math.min(high - 1, Math.floor(-log(Math.max(1 - u * inside, 2 ** -39)) / rate))
  }
}

/**
 * The result is the high half of the 64-bit product of a word and `high`. The words that would make some results more likely than others
 * have a low half below 2^32 mod `high`. Lemire 2019, "Fast random integer generation in an interval", doi:10.1145/3230636.
 */
function isRefused(word: number, high: number): boolean {
  const lowHalf = Math.imul(word, high) >>> 0
  return lowHalf < high && lowHalf < 2 ** 32 % high
}

/** Value `index` of a stream of integers whose first word was refused, from words of its own. */
function refusedInteger(key: Key, index: number, high: number): number {
  const next = retryWords(key, index)
  for (;;) {
    const word = next()
    if (!isRefused(word, high)) return productHigh(word >>> 0, high)
  }
}

/** floor(a b / 2^32) for a < 2^32 and b <= 2^32, exactly: in two products below 2^48, which doubles hold. */
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
    const count = Math.min(CHUNK, n - start)
    fillChunk(key, start >>> 1, count)
    for (let i = 0; i < count; i++) {
      const at = start + i
      const left = n - at
      const from =
        at + (isRefused(chunk[i], left) ? refusedInteger(key, at, left) : productHigh(chunk[i] >>> 0, left))
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
