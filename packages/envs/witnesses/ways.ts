import type { Point, Route } from './routes.ts'

/** Below the block, and round it. */
export const BELOW: readonly Point[] = [
  [1, -3.5],
  [5.5, -3.8],
  [8, -2],
  [8, 0],
]
/** Round the end of the wall within the bend. */
export const ROUND: readonly Point[] = [
  [3.2, 0],
  [4.2, 2.5],
  [2.5, 5],
  [0, 5],
]
/** Along a hallway. */
export const ALONG: readonly Point[] = [[100, 0]]

/** To the middle of the cross, and on to the goal: it is seen from the start so far ahead and so far to the left. */
export const throughCross: Route = ({ pose: [x, y, cosine, sine], target: [ahead, left] }) => [
  [6, 0],
  [x + cosine * ahead - sine * left, y + sine * ahead + cosine * left],
]

/** To the square that pays more; to the red one when both pay alike. */
export const toSquare: Route = ({ task: [red, green] }) => [[red >= green ? -3 : 3, 0]]
