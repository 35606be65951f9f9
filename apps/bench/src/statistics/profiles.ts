import { checkScores, type Scores } from './scores.ts'
import { meanOf } from './samples.ts'

/**
 * The performance profile, or score distribution: for each threshold the share of runs above it, over all runs of all tasks.
 * Agarwal et al. 2021, equation 2.
 */
export function performanceProfile(scores: Scores, thresholds: readonly number[]): number[] {
  checkScores('performanceProfile', scores)
  return sharesAbove(scores.flat(), thresholds)
}

/** The same of the tasks' means over runs: for each threshold the share of tasks above it. */
export function averagePerformanceProfile(scores: Scores, thresholds: readonly number[]): number[] {
  checkScores('averagePerformanceProfile', scores)
  return sharesAbove(scores.map(meanOf), thresholds)
}

function sharesAbove(values: readonly number[], thresholds: readonly number[]): number[] {
  return thresholds.map((threshold) => values.filter((value) => value > threshold).length / values.length)
}
