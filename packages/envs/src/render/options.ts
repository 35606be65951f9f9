import type { Camera } from './camera.ts'

/** How a picture is taken. */
export interface RenderOptions {
  /** Pixels; integers from 1 to 4096. Default 320 by 240. */
  readonly width?: number
  /** Pixels, as `width`. */
  readonly height?: number
  /** Where it is seen from. Default: a camera that follows the body. Environments in a plane have none: they show all of it from above. */
  readonly camera?: Camera
  /** Every pixel is the mean of this many by this many, an integer from 1 to 4. Default 1. */
  readonly samples?: number
}

/** The size of a picture in samples, and how many make a pixel along each axis. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly samples: number
}

const LARGEST = 4096
const MOST_SAMPLES = 4

/** @throws RangeError when the size or the number of samples is none. */
export function frame({ width = 320, height = 240, samples = 1 }: RenderOptions): Frame {
  for (const [name, value, most] of [
    ['width', width, LARGEST],
    ['height', height, LARGEST],
    ['samples', samples, MOST_SAMPLES],
  ] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new RangeError(`render: ${name} must be an integer from 1 to ${most}, got ${value}`)
    }
  }
  return { width, height, samples }
}

/**
 * Means of the samples of each pixel, as bytes. Samples are three numbers from 0 to 1 each, row after row.
 */
export function resolve(samples: Float32Array, { width, height, samples: side }: Frame): Uint8Array {
  const data = new Uint8Array(3 * width * height)
  const scale = 255 / (side * side)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0]
      for (let v = 0; v < side; v++) {
        let i = 3 * ((y * side + v) * width * side + x * side)
        for (let u = 0; u < side; u++) {
          r += samples[i++]
          g += samples[i++]
          b += samples[i++]
        }
      }
      const out = 3 * (y * width + x)
      data[out] = Math.round(scale * r)
      data[out + 1] = Math.round(scale * g)
      data[out + 2] = Math.round(scale * b)
    }
  }
  return data
}
