import type { Color, Image } from './image.ts'
import type { RenderOptions } from './options.ts'
import { frame, resolve } from './options.ts'

type Place = readonly [number, number]

/** Something flat. Later shapes cover earlier ones. */
export type Shape =
  | { readonly kind: 'disc'; readonly at: Place; readonly radius: number; readonly color: Color }
  | {
      readonly kind: 'ring'
      readonly at: Place
      readonly radius: number
      readonly width: number
      readonly color: Color
    }
  | {
      readonly kind: 'line'
      readonly from: Place
      readonly to: Place
      readonly width: number
      readonly color: Color
    }
  | { readonly kind: 'box'; readonly low: Place; readonly high: Place; readonly color: Color }

/** What lies in a plane: x to the right, y up. */
export interface Drawing {
  /** Corners of what must be visible. */
  readonly low: Place
  readonly high: Place
  readonly background: Color
  readonly shapes: readonly Shape[]
}

/**
 * A picture of a plane from above, as large as fits, in the middle.
 *
 * @throws RangeError when a camera is given, and when the size is none.
 */
export function drawPlane({ low, high, background, shapes }: Drawing, options: RenderOptions): Image {
  if (options.camera !== undefined) {
    throw new RangeError(
      'render: camera must be left out for an environment in a plane, got one, which it cannot use',
    )
  }
  const target = frame(options)
  const [columns, rows] = [target.width * target.samples, target.height * target.samples]
  const pixel = Math.max((high[0] - low[0]) / columns, (high[1] - low[1]) / rows)
  const [middleX, middleY] = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]
  const samples = new Float32Array(3 * columns * rows)
  for (let row = 0; row < rows; row++) {
    const y = middleY + (rows / 2 - row - 0.5) * pixel
    for (let column = 0; column < columns; column++) {
      const x = middleX + (column + 0.5 - columns / 2) * pixel
      const shape = shapes.findLast((candidate) => covers(candidate, x, y))
      samples.set(shape?.color ?? background, 3 * (row * columns + column))
    }
  }
  return { width: target.width, height: target.height, data: resolve(samples, target) }
}

function covers(shape: Shape, x: number, y: number): boolean {
  switch (shape.kind) {
    case 'disc':
      return Math.hypot(x - shape.at[0], y - shape.at[1]) <= shape.radius
    case 'ring':
      return Math.abs(Math.hypot(x - shape.at[0], y - shape.at[1]) - shape.radius) <= shape.width / 2
    case 'line': {
      const [dx, dy] = [shape.to[0] - shape.from[0], shape.to[1] - shape.from[1]]
      const [px, py] = [x - shape.from[0], y - shape.from[1]]
      const length2 = dx * dx + dy * dy
      const along = length2 === 0 ? 0 : Math.min(Math.max((px * dx + py * dy) / length2, 0), 1)
      return Math.hypot(px - along * dx, py - along * dy) <= shape.width / 2
    }
    case 'box':
      return x >= shape.low[0] && x <= shape.high[0] && y >= shape.low[1] && y <= shape.high[1]
  }
}
