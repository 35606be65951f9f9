/**
 * Scores of one algorithm: a row per task, a number per run. Rows may differ in length, as runs fail.
 *
 * rliable (Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice") holds the transpose, a matrix of
 * runs x tasks.
 */
export type Scores = readonly (readonly number[])[]

/** Learning curves of one algorithm: task, run, point. All have the same points. */
export type Curves = readonly (readonly (readonly number[])[])[]

/** @throws RangeError where a task has no run or a score is not a finite number. */
export function checkScores(caller: string, scores: Scores): void {
  if (scores.length === 0) throw new RangeError(`${caller}: scores must have at least one task, got none`)
  // Plain loops: a bootstrap comes through here for every resample.
  for (let task = 0; task < scores.length; task++) {
    const runs = scores[task]
    if (runs.length === 0)
      throw new RangeError(
        `${caller}: scores must have at least one run per task, got none for task ${task}, leave the task out`,
      )
    for (let run = 0; run < runs.length; run++) {
      if (Number.isFinite(runs[run])) continue
      throw new RangeError(
        `${caller}: scores must be finite, got ${runs[run]} for run ${run} of task ${task}, leave the run out and say so`,
      )
    }
  }
}
