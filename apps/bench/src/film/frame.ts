/** Where a body is in the plane, in metres and radians; angles turn about the axis to the left, so that positive ones lower the nose. */
export interface Frame {
  readonly x: number
  readonly z: number
  readonly angle: number
}

/** A point of a body's frame, ahead and up, in the world. */
export function toWorld(
  { x, z, angle }: Frame,
  [u, w]: readonly [number, number],
): readonly [number, number] {
  return [x + u * Math.cos(angle) + w * Math.sin(angle), z - u * Math.sin(angle) + w * Math.cos(angle)]
}
