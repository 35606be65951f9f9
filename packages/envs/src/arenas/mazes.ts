import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Point, Wall } from './walls.ts'
import { THICKNESS, wall } from './walls.ts'

/** A floor with walls, where a body starts at the origin. */
export interface Maze {
  /** As in the ids of environments. */
  readonly name: string
  /** Boxes that nothing gets through, m. */
  readonly walls: readonly Wall[]
  /** Radius of the largest disc that gets from the origin to within 1 m of every goal, m: a body must be smaller. */
  readonly room: number
  /** Where a body may be sent. */
  readonly goals: readonly Point[]
  /** What of it no source gives. */
  readonly chosen: readonly Chosen[]
}

/** source: the released cross-shaped maze of latent space policies: middles and half sides of its walls, corridors of 4 m. */
const CROSS_WALLS: readonly Wall[] = [
  { middle: [1, -2.5], half: [3, 0.5] },
  { middle: [-2, 0], half: [0.5, 3] },
  { middle: [1, 2.5], half: [3, 0.5] },
  { middle: [3.5, 5], half: [0.5, 3] },
  { middle: [6, 7.5], half: [3, 0.5] },
  { middle: [8.5, 5], half: [0.5, 3] },
  { middle: [11, -2.5], half: [3, 0.5] },
  { middle: [13.5, 0], half: [0.5, 3] },
  { middle: [11, 2.5], half: [3, 0.5] },
  { middle: [3.5, -5], half: [0.5, 3] },
  { middle: [6, -7.5], half: [3, 0.5] },
  { middle: [8.5, -5], half: [0.5, 3] },
]
const CROSS_GOALS: readonly Point[] = [
  [6, -6],
  [6, 6],
  [12, 0],
]
/** The wall behind the start. */
const CROSS_ROOM = 1.5

/** A cross of corridors: the body starts in the left arm, a goal lies in each of the others. */
export const crossMaze: Maze = {
  name: 'cross',
  walls: CROSS_WALLS,
  room: CROSS_ROOM,
  goals: CROSS_GOALS,
  chosen: [],
}

const WIDTH = chosen(
  'width of the passages of mazes, m',
  4,
  'that of the released mazes of latent space policies; the ant is 2.4 m wide with its legs stretched out',
)
const BLOCK = chosen(
  'side of the block between the passages of the blocked maze, m',
  4,
  "the way round to the threshold is about 9 m, which rllab's ant makes at 1 m/s in the 10 s of 500 steps",
)
const BARRIER = chosen(
  'barrier of the upper passage',
  'at its far end',
  'the passages must look alike at first, so that both have to be tried',
)
const BEND = chosen(
  'length of the wall within the bend of the U-shaped maze, m',
  4,
  "the way to the target is about 11 m, which rllab's ant makes at 1.2 m/s in the 10 s of 500 steps",
)
const HALL_LENGTH = chosen(
  'length of a hallway, m',
  400,
  'no body reaches its end from the middle in 500 steps below 8 m/s',
)

/** Half the passage: walls keep this distance from the middle line of a passage. */
const H = WIDTH.value / 2
const T = THICKNESS.value
const RIGHT = H + BLOCK.value
const FAR = RIGHT + WIDTH.value
const TOP = H + WIDTH.value

/**
 * A block stands between the start and the target, and one may pass above or below it; the upper passage is closed at its far end
 * (thesis 3.4). From the closed passage the target is at least {@link blockedDistance} away.
 */
export const blockedMaze: Maze = {
  name: 'blocked',
  walls: [
    wall([-H - T, -TOP - T], [-H, TOP + T]),
    wall([FAR, -TOP - T], [FAR + T, TOP + T]),
    wall([-H, TOP], [FAR, TOP + T]),
    wall([-H, -TOP - T], [FAR, -TOP]),
    wall([H, -H], [RIGHT, H]),
    wall([RIGHT - T, H], [RIGHT, TOP]),
  ],
  room: H,
  goals: [[FAR - H, 0]],
  chosen: [WIDTH, THICKNESS, BLOCK, BARRIER],
}

/** The least distance to the target of the blocked maze that the upper passage allows, m: the threshold of thesis fig. 3.5b. */
export const blockedDistance: number = Math.hypot(FAR - H - (RIGHT - T), H)

/** Two passages joined by a bend; the target lies at the other end (thesis 3.4, fig. 3.7d). */
export const uMaze: Maze = {
  name: 'u',
  walls: [
    wall([-H - T, -H - T], [-H, TOP + T + T]),
    wall([BEND.value - H + WIDTH.value, -H - T], [BEND.value - H + WIDTH.value + T, TOP + T + T]),
    wall([-H, -H - T], [BEND.value - H + WIDTH.value, -H]),
    wall([-H, TOP + T], [BEND.value - H + WIDTH.value, TOP + T + T]),
    wall([-H, H], [BEND.value - H, H + T]),
  ],
  room: H,
  goals: [[0, WIDTH.value + T]],
  chosen: [WIDTH, THICKNESS, BEND],
}

/**
 * Two walls along x, without end for a body that starts in the middle (thesis 3.4, fig. 3.7b, c).
 *
 * @throws RangeError for a width that is not positive.
 */
export function hallway(name: string, width: Chosen<number>): Maze {
  if (!(width.value > 0 && Number.isFinite(width.value))) {
    throw new RangeError(`hallway: width must be positive, got ${width.value}, take one wider than the body`)
  }
  const side = width.value / 2
  const end = HALL_LENGTH.value / 2
  return {
    name,
    walls: [wall([-end, side], [end, side + T]), wall([-end, -side - T], [end, -side])],
    room: side,
    goals: [],
    chosen: [width, THICKNESS, HALL_LENGTH],
  }
}

export const wideHallway: Maze = hallway(
  'wide',
  chosen('width of the wide hallway, m', 8, 'twice the passages of the mazes: walls are met now and then'),
)
export const narrowHallway: Maze = hallway(
  'narrow',
  chosen('width of the narrow hallway, m', 3, 'an ant of 2.4 m fits, and its walls guide it'),
)
