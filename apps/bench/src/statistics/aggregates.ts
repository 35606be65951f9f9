import { checkScores, type Scores } from './scores.ts'
import { meanOf, medianOf, sorted } from './samples.ts'

/** One number for the scores of an algorithm. */
export type Aggregate = (scores: Scores) => number

/**
 * The interquartile mean: the mean of the middle half of all runs on all tasks. floor(n / 4) scores are left out at either end.
 * Agarwal et al. 2021, section 4.3.
 */
export function interquartileMean(scores: Scores): number {
  checkScores('interquartileMean', scores)
  const all = sorted(scores.length === 1 ? scores[0] : scores.flat())
  const cut = Math.floor(all.length / 4)
  let sum = 0
  for (let i = cut; i < all.length - cut; i++) sum += all[i]
  return sum / (all.length - 2 * cut)
}

/** The mean over tasks of the mean over runs. */
export function meanScore(scores: Scores): number {
  checkScores('meanScore', scores)
  return meanOf(scores.map(meanOf))
}

/** The median over tasks of the mean over runs: for a single task its mean. */
export function medianScore(scores: Scores): number {
  checkScores('medianScore', scores)
  return medianOf(scores.map(meanOf))
}

/**
 * The mean amount by which runs miss `target`; what they have above it counts for nothing. Scores must be normalised for tasks to be
 * comparable; the target is then 1. Agarwal et al. 2021, section 4.3.
 */
export function optimalityGap(scores: Scores, target = 1): number {
  checkScores('optimalityGap', scores)
  return target - meanOf(scores.flat().map((score) => Math.min(score, target)))
}
