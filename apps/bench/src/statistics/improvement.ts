import { checkScores, type Scores } from './scores.ts'
import { meanOf } from './samples.ts'

/**
 * The probability of improvement: that a run of X beats a run of Y on the same task, with ties counted half, averaged over tasks.
 *
 *     P(X > Y) = 1/M sum_m U_m / (N_x N_y),   U_m the Mann-Whitney statistic of task m
 *
 * Agarwal et al. 2021, section 4.3.
 * @throws RangeError where the numbers of tasks differ.
 */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  checkScores('probabilityOfImprovement', x)
  checkScores('probabilityOfImprovement', y)
  if (x.length !== y.length)
    throw new RangeError(
      `probabilityOfImprovement: x and y must have the same tasks, got ${x.length} and ${y.length}, leave out those that one lacks`,
    )
  return meanOf(x.map((runs, task) => shareOfWins(runs, y[task])))
}

function shareOfWins(x: readonly number[], y: readonly number[]): number {
  let wins = 0
  for (const a of x) for (const b of y) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (x.length * y.length)
}
