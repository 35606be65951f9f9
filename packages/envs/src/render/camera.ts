/** A point in the world, in metres. */
export type Point3 = readonly [number, number, number]

/** Angles and lens of a camera, as MuJoCo names them. */
interface View {
  /** Degrees about the vertical: 0 looks along x, 90 along y. Default 90. */
  readonly azimuth?: number
  /** Degrees above the horizon that it looks to; negative looks down. Within ±90. Default −20. */
  readonly elevation?: number
  /** Metres from the point that it looks at, positive. Default: what shows the body in full. */
  readonly distance?: number
  /** Vertical field of view in degrees, above 0 and below 180. Default 45, as MuJoCo's. */
  readonly fieldOfView?: number
}

/** A camera that stays where it is, looking at a point. */
export interface FreeCamera extends View {
  /** Tells it from a tracking camera. */
  readonly kind: 'free'
  /** In metres. */
  readonly lookAt: Point3
}

/** A camera that moves along with a part of the model. */
export interface TrackingCamera extends View {
  /** Tells it from a free camera. */
  readonly kind: 'track'
  /** The name of the part in the model. Default: the middle of the creature, moving along with its root. */
  readonly body?: string
}

/** Where a picture is taken from. */
export type Camera = FreeCamera | TrackingCamera

/** A camera in place: where it stands, and three directions at right angles, of length 1. */
export interface Lens {
  readonly origin: Point3
  readonly forward: Point3
  readonly right: Point3
  readonly up: Point3
  /** From where it stands to what it looks at, m. */
  readonly distance: number
  /** Half the height of what it sees at a distance of 1. */
  readonly halfHeight: number
}

const DEGREE = Math.PI / 180

/**
 * Puts a camera at a distance from the point that it looks at.
 *
 * @throws RangeError when an angle or a distance is none.
 */
export function aim(view: View, lookAt: Point3, usualDistance: number): Lens {
  const { azimuth = 90, elevation = -20, distance = usualDistance, fieldOfView = 45 } = view
  const rules: readonly (readonly [string, unknown, boolean, string])[] = [
    ['azimuth', azimuth, Number.isFinite(azimuth), 'finite'],
    ['elevation', elevation, Math.abs(elevation) <= 90, 'within ±90'],
    ['distance', distance, distance > 0 && Number.isFinite(distance), 'positive'],
    ['fieldOfView', fieldOfView, fieldOfView > 0 && fieldOfView < 180, 'above 0 and below 180'],
    ['lookAt', lookAt, lookAt.length === 3 && lookAt.every(Number.isFinite), 'three finite numbers'],
  ]
  for (const [name, value, holds, rule] of rules) {
    if (!holds) throw new RangeError(`render: camera.${name} must be ${rule}, got ${JSON.stringify(value)}`)
  }
  const [cosA, sinA] = [Math.cos(azimuth * DEGREE), Math.sin(azimuth * DEGREE)]
  const [cosE, sinE] = [Math.cos(elevation * DEGREE), Math.sin(elevation * DEGREE)]
  const forward: Point3 = [cosA * cosE, sinA * cosE, sinE]
  return {
    origin: [
      lookAt[0] - distance * forward[0],
      lookAt[1] - distance * forward[1],
      lookAt[2] - distance * forward[2],
    ],
    forward,
    right: [sinA, -cosA, 0],
    up: [-cosA * sinE, -sinA * sinE, cosE],
    distance,
    halfHeight: Math.tan((fieldOfView * DEGREE) / 2),
  }
}

/** Directions of length 1 through the middles of the pixels, row after row from the top. */
export function rays({ forward, right, up, halfHeight }: Lens, width: number, height: number): Float64Array {
  const out = new Float64Array(3 * width * height)
  const pixel = (2 * halfHeight) / height
  let k = 0
  for (let row = 0; row < height; row++) {
    const y = (height / 2 - row - 0.5) * pixel
    for (let column = 0; column < width; column++, k += 3) {
      const x = (column + 0.5 - width / 2) * pixel
      const scale = 1 / Math.sqrt(1 + x * x + y * y)
      for (let i = 0; i < 3; i++) out[k + i] = scale * (forward[i] + x * right[i] + y * up[i])
    }
  }
  return out
}
