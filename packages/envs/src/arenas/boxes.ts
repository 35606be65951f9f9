import type { Key } from '@maxent/core/keys'
import { foldIn, uniform } from '@maxent/core/keys'
import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import { element } from '../mujoco/xml.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import type { Bearing } from '../tasks/bearing.ts'
import type { Point } from './walls.ts'

const SIDE: Chosen<number> = chosen(
  'side of a box, m',
  0.5,
  'as high as the torsos of the bodies that push it, and higher than the wheel of the ball; the papers give none',
)
export const MASS: Chosen<number> = chosen(
  'mass of a box, kg',
  5,
  'less than half of the lightest body that pushes it, the ant of 12 kg',
)
export const HEAVY: Chosen<number> = chosen(
  'mass of a heavy box, kg',
  15,
  'three times the usual one, and more than the ant',
)
const FRICTION: Chosen<readonly number[]> = chosen(
  'friction of a box: sliding, twisting, rolling',
  [0.5, 0.005, 0.0001],
  'that of the ball against everything, whatever the body and its floor; the rest is MuJoCo’s',
)
const SHOWN: Chosen<string> = chosen(
  'corners of a box that are shown',
  'all but two opposite ones of the eight',
  'the papers show six without saying which; these tell place and turn alike from every side',
)
/** What every task with boxes declares. */
export const boxesChosen: readonly Chosen[] = [SIDE, MASS, FRICTION, SHOWN]

const HALF = SIDE.value / 2
/** Radius of the upright cylinder about a box, m. */
const AROUND = HALF * Math.SQRT2

/** layout: numbers of a free joint: a place and a quaternion, and their velocities; corners shown, and coordinates of each. */
const FREE = { positions: 7, velocities: 6 }
const CORNERS = [
  [1, 1, -1],
  [1, -1, 1],
  [1, -1, -1],
  [-1, 1, 1],
  [-1, 1, -1],
  [-1, -1, 1],
] as const
/** layout: numbers of the group `boxes` per box. */
export const BOX_SIZE: number = 3 * CORNERS.length

/** source: none, colours have no part in the physics. */
const COLORS = [
  [0.8, 0.6, 0.25, 1],
  [0.35, 0.5, 0.75, 1],
]

/** The name of a box and of its geom. */
export const boxName = (box: number): string => `box${box}`

/** Boxes that are free to move: the last of the objects of an arena. */
export function boxElements(count: number, mass: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    element('body', { name: boxName(i), pos: [0, 0, HALF] }, [
      element('freejoint', { name: boxName(i) }),
      element('geom', {
        name: boxName(i),
        type: 'box',
        size: [HALF, HALF, HALF],
        mass,
        friction: FRICTION.value,
        // layout: its friction holds against any other.
        priority: 1,
        rgba: COLORS[i % COLORS.length],
      }),
    ]),
  )
}

/** The boxes of a simulation whose last coordinates are theirs. Nothing is allocated in a step. */
export interface Boxes {
  /** Puts one on the floor at rest, turned by `yaw`. */
  place(box: number, place: Point, yaw: number): void
  /** Distance of the middle of one from a place of the plane, m. */
  distance(box: number, x: number, y: number): number
  /** Writes the corners shown, box by box: how far ahead, how far to the left, and how far up from the root. */
  see(bearing: Bearing, out: Float32Array): void
}

/** Takes hold of them. */
export function takeBoxes(simulation: Simulation, count: number): Boxes {
  const first = simulation.qpos.length - FREE.positions * count
  const firstVelocity = simulation.qvel.length - FREE.velocities * count
  const at = (box: number): number => first + FREE.positions * box
  return {
    place: (box, [x, y], yaw) => {
      const from = firstVelocity + FREE.velocities * box
      simulation.qpos.set([x, y, HALF, Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)], at(box))
      simulation.qvel.fill(0, from, from + FREE.velocities)
    },
    distance: (box, x, y) => {
      const { qpos } = simulation
      const dx = qpos[at(box)] - x
      const dy = qpos[at(box) + 1] - y
      return Math.sqrt(dx * dx + dy * dy)
    },
    see: ({ pose, position }, out) => {
      const { qpos } = simulation
      for (let box = 0; box < count; box++) {
        const a = at(box)
        const turn = a + 3
        const w = qpos[turn]
        const i = qpos[turn + 1]
        const j = qpos[turn + 2]
        const k = qpos[turn + 3]
        for (let corner = 0; corner < CORNERS.length; corner++) {
          const u = HALF * CORNERS[corner][0]
          const v = HALF * CORNERS[corner][1]
          const h = HALF * CORNERS[corner][2]
          // The rotation of the quaternion, applied to the corner.
          const dx =
            qpos[a] -
            position[0] +
            (1 - 2 * (j * j + k * k)) * u +
            2 * (i * j - w * k) * v +
            2 * (i * k + w * j) * h
          const dy =
            qpos[a + 1] -
            position[1] +
            2 * (i * j + w * k) * u +
            (1 - 2 * (i * i + k * k)) * v +
            2 * (j * k - w * i) * h
          const dz =
            qpos[a + 2] -
            position[2] +
            2 * (i * k - w * j) * u +
            2 * (j * k + w * i) * v +
            (1 - 2 * (i * i + j * j)) * h
          const to = BOX_SIZE * box + 3 * corner
          out[to] = pose[2] * dx + pose[3] * dy
          out[to + 1] = pose[2] * dy - pose[3] * dx
          out[to + 2] = dz
        }
      }
    },
  }
}

/** What lies in a square at the start of an episode. */
export interface Layout {
  readonly body: Point
  readonly boxes: readonly Point[]
  readonly targets: readonly Point[]
}

/** What a layout must keep to. */
export interface LayoutRules {
  /** Side of the square, m. */
  readonly side: number
  /** Radius of the upright cylinder that holds the body, m. */
  readonly bodyRadius: number
  readonly boxes: number
  readonly targets: number
  /** Boxes lie farther than this from targets, m. */
  readonly boxToTarget: number
  /** The body stands farther than this from targets, m. */
  readonly bodyToTarget: number
}

/** Uniform in a square around the middle. */
export function drawPlace(key: Key, side: number): Point {
  const [x, y] = uniform(key, 2)
  return [side * (x - 0.5), side * (y - 0.5)]
}

/** Whether a body and a box stand apart. */
export const isClear = ([x, y]: Point, [u, v]: Point, bodyRadius: number): boolean =>
  Math.hypot(x - u, y - v) > bodyRadius + AROUND

/**
 * Checks that boxes find a place beside the body.
 *
 * @throws RangeError when the body is too large.
 */
export function checkRoom(
  task: string,
  body: string,
  { side, bodyRadius }: Pick<LayoutRules, 'side' | 'bodyRadius'>,
): void {
  // With the body in the middle of one side, a box has room at the opposite one.
  if (bodyRadius + AROUND < side) return
  throw new RangeError(
    `${task}: body must be smaller than a radius of ${(side - AROUND).toFixed(2)} m, got "${body}" of ${bodyRadius.toFixed(2)} m, take a smaller body`,
  )
}

/** Uniform over all layouts in which nothing overlaps and nothing is done yet: places are drawn until they are such. */
export function drawLayout(key: Key, rules: LayoutRules): Layout {
  const { side, bodyRadius, boxes: boxCount, targets: targetCount, boxToTarget, bodyToTarget } = rules
  const apart = ([x, y]: Point, [u, v]: Point): number => Math.hypot(x - u, y - v)
  for (let attempt = 0; ; attempt++) {
    const own = foldIn(key, attempt)
    const body = drawPlace(foldIn(own, 'body'), side)
    const boxes = Array.from({ length: boxCount }, (_, i) => drawPlace(foldIn(foldIn(own, 'box'), i), side))
    const targets = Array.from({ length: targetCount }, (_, i) =>
      drawPlace(foldIn(foldIn(own, 'target'), i), side),
    )
    if (
      boxes.every(
        (box, i) =>
          isClear(body, box, bodyRadius) && boxes.every((other, j) => j <= i || isClear(box, other, AROUND)),
      ) &&
      targets.every(
        (target) =>
          apart(target, body) > bodyToTarget && boxes.every((box) => apart(target, box) > boxToTarget),
      )
    ) {
      return { body, boxes, targets }
    }
  }
}
