import type { Point3 } from './camera.ts'
import type { Color } from './image.ts'

/** The colour above, and that of the horizon, in which the floor vanishes. */
export const ZENITH: Color = [0.35, 0.55, 0.85]
export const HORIZON: Color = [0.82, 0.88, 0.94]
/** Squares of a floor without a colour, and their side in metres. */
export const SQUARES: readonly [Color, Color] = [
  [0.42, 0.46, 0.5],
  [0.52, 0.56, 0.6],
]
export const SIDE = 1
/** Towards the sun, of length 1. */
export const SUN: Point3 = [-0.36, -0.48, 0.8]
/** Shares of the light that comes from everywhere, from the sun and from the camera. */
export const AMBIENT = 0.45
export const SUNLIGHT = 0.5
export const HEADLIGHT = 0.25
