/**
 * The ziggurat for the standard normal: the area under the bell curve cut into 256 layers of equal area, so that a value costs one
 * table look-up, one product and one comparison, 98.7 % of the time.
 * Marsaglia & Tsang 2000, "The ziggurat method for generating random variables", doi:10.18637/jss.v005.i08.
 */
import { exp, log, sqrt } from './arithmetic.ts'
import { lanes } from './key.ts'
import { threefry2x32, type Key } from './threefry.ts'

const LAYERS = 256
/** Where the tail begins: the right edge of the lowest layer. */
export const TAIL = 3.6541528853610088
/** The area of each layer, the lowest with the tail: r f(r) + integral of f from r. */
export const AREA = 0.004928673233974658
/** The 24 highest bits of a word, as a signed integer plus one half, lie strictly between -2^23 and 2^23. */
const STEPS = 2 ** 23

interface Tables {
  /** Right edge of layer i; edge[0] is the edge that the lowest layer would have as a rectangle, edge[256] is 0. */
  readonly edge: Float64Array
  /** Height of the curve at edge i: exp(-edge[i]^2 / 2), and 1 at i = 256. */
  readonly height: Float64Array
  /** edge[i] / 2^23: turns the integer part of a word into a position in layer i. */
  readonly scale: Float64Array
  /** edge[i + 1]: positions below it lie under the curve for sure. */
  readonly inside: Float64Array
}

/** Made when the module loads, with arithmetic that is the same in every engine. */
export const tables: Tables = /* @__PURE__ */ makeTables()

function makeTables(): Tables {
  const edge = new Float64Array(LAYERS + 1)
  const height = new Float64Array(LAYERS + 1)
  edge[1] = TAIL
  height[1] = exp(-0.5 * TAIL * TAIL)
  edge[0] = AREA / height[1]
  for (let i = 2; i < LAYERS; i++) {
    height[i] = height[i - 1] + AREA / edge[i - 1]
    edge[i] = sqrt(-2 * log(height[i]))
  }
  height[LAYERS] = 1
  return {
    edge,
    height,
    scale: edge.map((x) => x / STEPS),
    inside: edge.map((_, i) => (i < LAYERS ? edge[i + 1] : 0)),
  }
}

/**
 * Value `index` of the stream of `key`, whose first word fell outside the rectangle that is surely under the curve. Further words come from
 * a counter of the value's own, so no value depends on how many words another one took.
 */
export function refusedNormal(key: Key, index: number, word: number): number {
  const next = retryWords(key, index)
  for (;;) {
    const layer = word & 0xff
    const x = ((word >> 8) + 0.5) * tables.scale[layer]
    if (Math.abs(x) < tables.inside[layer]) return x
    if (layer === 0) return x > 0 ? tail(next) : -tail(next)
    const y = tables.height[layer] + unit(next()) * (tables.height[layer + 1] - tables.height[layer])
    if (y < exp(-0.5 * x * x)) return x
    word = next()
  }
}

/** A normal given that it exceeds TAIL. Marsaglia 1964, "Generating a variable from the tail of the normal distribution". */
function tail(next: () => number): number {
  for (;;) {
    const beyond = -log(unit(next())) / TAIL
    if (-2 * log(unit(next())) > beyond * beyond) return TAIL + beyond
  }
}

/** Fresh words for value `index`, without end. */
export function retryWords(key: Key, index: number): () => number {
  let drawn = 0
  let block: Key = [0, 0]
  return () => {
    if ((drawn & 1) === 0) block = threefry2x32(key, [index, lanes.retry + (drawn >> 1)])
    return block[drawn++ & 1] | 0
  }
}

/** A word as a number strictly between 0 and 1. */
function unit(word: number): number {
  return ((word >>> 0) + 0.5) / 2 ** 32
}
