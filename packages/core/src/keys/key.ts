import { checkInteger } from '../check.ts'
import { threefry2x32, type Key } from './threefry.ts'

export type { Key } from './threefry.ts'

/**
 * The top byte of a counter's second word says what the block is for, so that numbers drawn from a key and keys derived from it never
 * share a block.
 */
export const lanes = {
  /** Blocks that `fill*` turn into numbers: the counter is the number of the block. */
  draw: 0,
  /** Keys from {@link split}: the counter is the number of the child. */
  split: 0x1000000,
  /** Keys from {@link foldIn} with a number: the counter is the number (53 bits). */
  foldNumber: 0x2000000,
  /** Keys from {@link foldIn} with a string: the counter is a hash of the string. */
  foldString: 0x3000000,
  /** Words for values that a rejection step refused: the counter is (index of the value, attempt). */
  retry: 0x4000000,
} as const

const WORD = 2 ** 32

/** The key of a seed, an integer from 0 to 2^53 - 1. Every seed has its own key. */
export function key(seed: number): Key {
  checkInteger({ caller: 'key', name: 'seed', value: seed, min: 0 })
  return [Math.floor(seed / WORD), seed >>> 0]
}

/** `n` independent keys. Child `i` is the same for every `n > i`. */
export function split(parent: Key, n: number): Key[] {
  checkInteger({ caller: 'split', name: 'n', value: n, min: 0, max: WORD })
  return Array.from({ length: n }, (_, i) => threefry2x32(parent, [i, lanes.split]))
}

/**
 * The key for a purpose (`foldIn(key, 'replay')`) or for a step (`foldIn(key, 128)`), independent of the keys for all others.
 *
 * Numbers are integers from 0 to 2^53 - 1 and never collide. Strings are hashed with `hashPurpose` first: two strings collide with
 * probability 2^-32 when their lengths are equal and not at all when they differ by less than 2^24.
 */
export function foldIn(parent: Key, data: number | string): Key {
  if (typeof data === 'string') return threefry2x32(parent, hashPurpose(data))
  checkInteger({ caller: 'foldIn', name: 'data', value: data, min: 0 })
  return threefry2x32(parent, [data >>> 0, lanes.foldNumber + Math.floor(data / WORD)])
}

/**
 * The counter of a purpose: 32-bit FNV-1a (offset basis 2166136261, prime 16777619) over the UTF-16 code units, low byte first, beside the
 * length modulo 2^24.
 */
export function hashPurpose(purpose: string): Key {
  let hash = 0x811c9dc5
  for (let i = 0; i < purpose.length; i++) {
    const unit = purpose.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return [hash >>> 0, lanes.foldString + (purpose.length & 0xffffff)]
}
