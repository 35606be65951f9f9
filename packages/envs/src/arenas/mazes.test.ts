import { describe, expect, it } from 'vitest'
import { chosen } from '../chosen.ts'
import type { Maze } from './mazes.ts'
import {
  blockedDistance,
  blockedMaze,
  crossMaze,
  hallway,
  narrowHallway,
  uMaze,
  wideHallway,
} from './mazes.ts'
import type { Point, Wall } from './walls.ts'
import { distanceToWall } from './walls.ts'

const STEP = 0.125
/** A body of hardly any size. */
const THIN = 1e-3
const EXTENT = 20

/** Every place that a disc can be moved to from the origin, on a grid. */
function reached(walls: readonly Wall[], radius: number): Point[] {
  const cells = 2 * Math.round(EXTENT / STEP) + 1
  const place = (cell: number): Point => [
    (cell % cells) * STEP - EXTENT,
    Math.floor(cell / cells) * STEP - EXTENT,
  ]
  const origin = ((cells - 1) / 2) * cells + (cells - 1) / 2
  const fits = (cell: number): boolean => walls.every((wall) => distanceToWall(place(cell), wall) >= radius)
  const seen = new Set(fits(origin) ? [origin] : [])
  for (const cell of seen) {
    for (const next of [cell + 1, cell - 1, cell + cells, cell - cells]) {
      const [x, y] = place(next)
      if (seen.has(next) || Math.max(Math.abs(x), Math.abs(y)) >= EXTENT) continue
      if (fits(next)) seen.add(next)
    }
  }
  return [...seen].map(place)
}

const apart = ([x, y]: Point, [u, v]: Point): number => Math.hypot(x - u, y - v)
const nearest = (places: readonly Point[], goal: Point): number =>
  Math.min(...places.map((place) => apart(place, goal)))

describe.each([
  ['cross', crossMaze],
  ['blocked', blockedMaze],
  ['u', uMaze],
] as const)('the %s maze', (_, maze: Maze) => {
  it('is closed, and lets a body a little smaller than its room through to every goal', () => {
    const places = reached(maze.walls, maze.room - STEP)
    for (const [x, y] of places) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(15)
    for (const goal of maze.goals) expect(nearest(places, goal)).toBeLessThan(1)
  })

  it('holds a larger body back', () => {
    const places = reached(maze.walls, maze.room + STEP)
    for (const goal of maze.goals) expect(nearest(places, goal)).toBeGreaterThan(1)
  })
})

describe('the blocked maze', () => {
  const [goal] = blockedMaze.goals
  /** With the lower passage closed too, at its near end. */
  const upper = [...blockedMaze.walls, { middle: [2.5, -4], half: [0.5, 2] } as const]

  it('leads to the target below only, and above to within the threshold of figure 3.5b', () => {
    const places = reached(upper, THIN)
    expect(nearest(places, goal)).toBeGreaterThan(blockedDistance)
    expect(nearest(places, goal)).toBeLessThan(blockedDistance + 2 * STEP)
    expect(blockedDistance).toBeCloseTo(Math.hypot(3, 2), 12)
  })

  it('looks alike above and below but for the barrier', () => {
    const mirrored = ({ middle: [x, y], half }: Wall): string => JSON.stringify({ middle: [x, -y + 0], half })
    const all = blockedMaze.walls.map(({ middle, half }) => JSON.stringify({ middle, half }))
    expect(blockedMaze.walls.filter((wall) => !all.includes(mirrored(wall)))).toEqual([
      { middle: [5.5, 4], half: [0.5, 2] },
    ])
  })
})

describe('hallways', () => {
  it('let a body move along x as far as it likes, and not aside', () => {
    for (const maze of [wideHallway, narrowHallway]) {
      const places = reached(maze.walls, THIN)
      expect(Math.max(...places.map(([x]) => x))).toBeGreaterThan(EXTENT - 2 * STEP)
      expect(Math.max(...places.map(([, y]) => Math.abs(y)))).toBeCloseTo(maze.room - STEP, 5)
    }
  })

  it.each([0, -1, NaN, Infinity])('cannot be %d wide', (width) => {
    expect(() => hallway('none', chosen('width', width, 'a test'))).toThrow(
      new RangeError(`hallway: width must be positive, got ${width}, take one wider than the body`),
    )
  })
})

it('the cross has the corridors that the released walls leave free', () => {
  const places = reached(crossMaze.walls, THIN)
  const [x, y] = [places.map(([u]) => u), places.map(([, v]) => Math.abs(v))]
  expect([Math.min(...x), Math.max(...x), Math.max(...y)]).toEqual([-1.5 + STEP, 13 - STEP, 7 - STEP])
  for (const [u, v] of places) expect(Math.abs(v) < 2 || (u > 4 && u < 8)).toBe(true)
})
