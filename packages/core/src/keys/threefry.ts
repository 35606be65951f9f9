/**
 * Threefry2x32 with 20 rounds: a keyed bijection on 64-bit blocks, made of additions, rotations and exclusive ors.
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405.
 *
 * It is also the generator of JAX's keys. A block depends on (key, counter) only, so streams need no state, can be split, and have
 * the same bits in every JavaScript engine.
 */

/** Two uint32. Keys are values: deriving one never changes another. */
export type Key = readonly [number, number]

/** Which blocks to write: those of the counters (first, lane), (first + 1, lane), ..., `words` words in all (an even number). */
export interface BlockRange {
  readonly first: number
  readonly lane: number
  readonly words: number
}

/** The constant that closes the key schedule (Skein's C240, low half). */
const PARITY = 0x1bd11bda

const block = new Int32Array(2)

/** The block of one counter under one key. */
export function threefry2x32(key: Key, counter: Key): Key {
  fillBlocks(key, { first: counter[0], lane: counter[1], words: 2 }, block)
  return [block[0] >>> 0, block[1] >>> 0]
}

/** Writes the blocks of consecutive counters, two words each. Unrolled: this loop is the cost of every random number. */
export function fillBlocks(key: Key, range: BlockRange, out: Int32Array): void {
  const k0 = key[0] | 0
  const k1 = key[1] | 0
  const k2 = PARITY ^ k0 ^ k1
  const words = range.words
  const lane = (range.lane + k1) | 0
  let counter = range.first | 0
  for (let i = 0; i < words; i += 2) {
    let x0 = (counter + k0) | 0
    let x1 = lane
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k1) | 0
    x1 = (x1 + k2 + 1) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    x0 = (x0 + k2) | 0
    x1 = (x1 + k0 + 2) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k0) | 0
    x1 = (x1 + k1 + 3) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    x0 = (x0 + k1) | 0
    x1 = (x1 + k2 + 4) | 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    x0 = (x0 + k2) | 0
    x1 = (x1 + k0 + 5) | 0
    out[i] = x0
    out[i + 1] = x1
    counter = (counter + 1) | 0
  }
}
