import { encode } from 'fast-png'

/** A picture: three bytes per pixel (red, green, blue), row after row from the top. */
export interface Image {
  /** Pixels of a row. */
  readonly width: number
  /** Rows. */
  readonly height: number
  /** [3 · width · height] */
  readonly data: Uint8Array
}

/** Red, green and blue, 0 to 1. */
export type Color = readonly [number, number, number]

/** How a picture is written. */
export interface PngOptions {
  /**
   * With at most this many colours, an integer from 2 to 256: small files. Each channel is rounded as coarsely as that takes.
   * Default: every colour is kept.
   */
  readonly colors?: number
}

/**
 * A picture as a PNG file. With 256 colours or less it has a palette.
 *
 * @throws RangeError for `colors` that is no integer from 2 to 256.
 */
export function encodePng({ width, height, data }: Image, { colors }: PngOptions = {}): Uint8Array {
  if (colors !== undefined && !(Number.isInteger(colors) && colors >= 2 && colors <= 256)) {
    throw new RangeError(`encodePng: colors must be an integer from 2 to 256, got ${colors}`)
  }
  const indexed = index(data, 256)
  if (colors === undefined || (indexed !== undefined && indexed.palette.length <= colors)) {
    return indexed === undefined
      ? encode({ width, height, data, channels: 3, depth: 8 })
      : encode({ width, height, data: indexed.data, channels: 1, depth: 8, palette: indexed.palette })
  }
  // From eight bits per channel down to one level, which is a single colour: some number of levels is coarse enough.
  for (let levels = 64; ; levels = Math.floor(0.8 * levels)) {
    const rounded = index(round(data, levels), colors)
    if (rounded !== undefined) {
      return encode({ width, height, data: rounded.data, channels: 1, depth: 8, palette: rounded.palette })
    }
  }
}

/** Each byte as the nearest of so many levels between 0 and 255. */
function round(data: Uint8Array, levels: number): Uint8Array {
  const step = 255 / Math.max(levels - 1, 1)
  return levels < 2
    ? new Uint8Array(data.length)
    : data.map((byte) => Math.round(Math.round(byte / step) * step))
}

/** Pixels as numbers of colours, or nothing where there are more than `most`. */
function index(data: Uint8Array, most: number): { data: Uint8Array; palette: number[][] } | undefined {
  const numbers = new Map<number, number>()
  const palette: number[][] = []
  const pixels = new Uint8Array(data.length / 3)
  for (let i = 0; i < pixels.length; i++) {
    const [r, g, b] = [data[3 * i], data[3 * i + 1], data[3 * i + 2]]
    const color = (r << 16) | (g << 8) | b
    let number = numbers.get(color)
    if (number === undefined) {
      if (palette.length === most) return undefined
      number = palette.length
      numbers.set(color, number)
      palette.push([r, g, b])
    }
    pixels[i] = number
  }
  return { data: pixels, palette }
}
