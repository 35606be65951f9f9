import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'

/** A place in the plane, m. */
export type Point = readonly [number, number]

/** A wall from above: the middle of a rectangle and half of its sides, m. */
export interface Wall {
  readonly middle: Point
  readonly half: Point
}

/** source: the released mazes of latent space policies: boxes 2 m high whose middle is 0.5 m above the ground. */
const MIDDLE_HEIGHT = 0.5
const HALF_HEIGHT = 1

export const THICKNESS: Chosen<number> = chosen(
  'thickness of walls, m',
  1,
  'that of the released mazes of latent space policies',
)

/** source: none, colours have no part in the physics. */
const COLOR = [0.55, 0.5, 0.45, 1]

/** The wall between two corners. */
export function wall([x0, y0]: Point, [x1, y1]: Point): Wall {
  return { middle: [(x0 + x1) / 2, (y0 + y1) / 2], half: [Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2] }
}

/** Walls as boxes of the world, which touch what their surface lets them touch. */
export function wallElements(walls: readonly Wall[], contact: Attributes): string[] {
  return walls.map(({ middle, half }, i) =>
    element('geom', {
      name: `wall${i}`,
      type: 'box',
      pos: [...middle, MIDDLE_HEIGHT],
      size: [...half, HALF_HEIGHT],
      rgba: COLOR,
      ...contact,
    }),
  )
}

/** Distance from a point to a wall, m; 0 inside. */
export function distanceToWall([x, y]: Point, { middle, half }: Wall): number {
  const dx = Math.max(Math.abs(x - middle[0]) - half[0], 0)
  const dy = Math.max(Math.abs(y - middle[1]) - half[1], 0)
  return Math.hypot(dx, dy)
}
