/**
 * Checks that weights over tasks are convex: non-negative, of sum one. Hunt, footnote 2: only then does every mixed task have the
 * temperature of its parts, as 1·H·w = H needs Σw = 1.
 * @throws RangeError when they are not.
 */
export function checkConvex(caller: string, weights: readonly number[], count: number): void {
  const sum = weights.reduce((total, w) => total + w, 0)
  if (weights.length !== count || weights.some((w) => !(w >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new RangeError(
      `${caller}: weights must be ${count} non-negative numbers of sum 1, got [${weights.join(', ')}], divide them and alpha by their sum`,
    )
  }
}
