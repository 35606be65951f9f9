import type { Chain } from '../src/bodies/link.ts'
import { cross, frames, minus } from './chain.ts'

/** Solves a linear system, whose matrix is positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]])
  rows.forEach((pivot, i) => {
    for (const row of rows) {
      if (row === pivot) continue
      const factor = row[i] / pivot[i]
      for (let k = i; k < row.length; k++) row[k] -= factor * pivot[k]
    }
  })
  return rows.map((row, i) => row[row.length - 1] / row[i])
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)

/** Keeps rates small where the arm is stretched. */
const DAMPED = 1e-3
/** How fast an arm goes back to its rest where the hand allows it, 1/s. */
const HOME = 0.5

/**
 * Rates of the hinges that move the hand so: three numbers of velocity, and three of rotation where that matters. Damped least squares,
 * with what is left of the freedom for going back to rest.
 */
export function rates(chain: Chain, angles: ArrayLike<number>, wanted: readonly number[]): number[] {
  const { hinges, hand } = frames(chain, angles)
  const columns = hinges.map(({ at, axes }) =>
    [...cross(axes[2], minus(hand.at, at)), ...axes[2]].slice(0, wanted.length),
  )
  const home = chain.rest.map((rest, i) => HOME * (rest - angles[i]))
  const left = wanted.map(
    (x, k) =>
      x -
      dot(
        columns.map((column) => column[k]),
        home,
      ),
  )
  const square = left.map((_, k) =>
    left.map(
      (_, l) =>
        dot(
          columns.map((c) => c[k]),
          columns.map((c) => c[l]),
        ) + (k === l ? DAMPED : 0),
    ),
  )
  const pulls = solve(square, left)
  return home.map((rate, i) => rate + dot(columns[i], pulls))
}
