/**
 * Threefry2x32 with 20 rounds: a keyed bijection on 64-bit blocks, made of additions, rotations and exclusive ors.
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405.
 *
 * It is also the generator of JAX's keys. A block depends on (key, counter) only, so streams need no state, can be split, and have
 * the same bits in every JavaScript engine.
 */

/** Two uint32. Keys are values: deriving one never changes another. */
export type Key = readonly [number, number]

/** The constant that closes the key schedule (Skein's C240, low half). */
const PARITY = 0x1bd11bda

/** Words made at a time: a piece that stays in the processor's first cache. */
export const CHUNK = 1024

/** Where {@link fillChunk} writes; to be read before the next call. */
export const chunk: Int32Array = new Int32Array(CHUNK)

const block = new Int32Array(2)

/** The arguments of {@link run}, as int32: compiled code must never meet a number of another representation there. */
const input = new Int32Array(4)

/** The block of one counter under one key. */
export function threefry2x32(key: Key, counter: Key): Key {
  input[0] = key[0]
  input[1] = key[1]
  input[2] = counter[0]
  input[3] = counter[1]
  run(block, 2)
  return [block[0] >>> 0, block[1] >>> 0]
}

/** Writes `words` words to {@link chunk}: the blocks of the counters (`first`, 0), (`first` + 1, 0), and so on. */
export function fillChunk(key: Key, first: number, words: number): void {
  input[0] = key[0]
  input[1] = key[1]
  input[2] = first
  input[3] = 0
  run(chunk, words)
}

/** Unrolled: this loop is the cost of every random number. */
function run(out: Int32Array, words: number): void {
  const k0 = input[0]
  const k1 = input[1]
  const k2 = PARITY ^ k0 ^ k1
  const lane = (input[3] + k1) | 0
  let counter = input[2]
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
