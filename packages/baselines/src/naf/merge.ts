import { checkFinite } from '@maxent/core'

/** −½·(a − mean)ᵀ P (a − mean) for A action dimensions. */
export interface Quadratic {
  /** μ, length A. */
  readonly mean: readonly number[]
  /** P, symmetric and positive semi-definite, A rows of A. */
  readonly precision: readonly (readonly number[])[]
}

/**
 * The sum of quadratic advantages, up to a constant: P = Σ Pᵢ and μ = P⁻¹ Σ Pᵢ μᵢ. So policies of NAF are composed in closed form,
 * which section 6.3 of Haarnoja 2018 (thesis) says there is, and does not write down.
 *
 * @throws RangeError when there is no quadratic, sizes differ, a number is not finite, or P is singular: where P n = 0 every μ + n is as good.
 */
export function mergeQuadratics(quadratics: readonly Quadratic[]): Quadratic {
  if (quadratics.length === 0)
    throw new RangeError('mergeQuadratics: quadratics must have an entry, got none')
  const size = quadratics[0].mean.length
  for (const { mean, precision } of quadratics) {
    const shape = [mean.length, precision.length, ...precision.map((row) => row.length)]
    if (shape.some((n) => n !== size)) {
      throw new RangeError(
        `mergeQuadratics: means and precisions must have the size ${size} of the first, got ${shape.join(', ')}`,
      )
    }
    checkFinite('mergeQuadratics', 'mean', mean)
    checkFinite('mergeQuadratics', 'precision', precision.flat())
  }
  const indices = Array.from({ length: size }, (_, i) => i)
  const sum = (f: (quadratic: Quadratic) => number): number =>
    quadratics.reduce((total, quadratic) => total + f(quadratic), 0)
  const precision = indices.map((i) => indices.map((j) => sum((quadratic) => quadratic.precision[i][j])))
  const middle = indices.map((i) => sum(({ mean }) => mean[i]) / quadratics.length)
  // P (μ − middle) = Σ Pᵢ (μᵢ − middle): means that agree come out as they are.
  const right = indices.map((i) =>
    sum((quadratic) =>
      indices.reduce((s, j) => s + quadratic.precision[i][j] * (quadratic.mean[j] - middle[j]), 0),
    ),
  )
  const offset = solve(precision, right)
  return { mean: middle.map((m, i) => m + offset[i]), precision }
}

/** Share of an entry of P's diagonal below which what elimination leaves of it is a rounding error. */
const SINGULAR = 1e-12

/** x with P·x = b for a positive definite P, by elimination on the diagonal. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]])
  const size = right.length
  for (const [i, pivot] of rows.entries()) {
    if (!(pivot[i] > SINGULAR * matrix[i][i])) {
      throw new RangeError(
        `mergeQuadratics: the sum of the precisions must be positive definite, got a pivot of ${pivot[i]} at index ${i}; ` +
          'there is no one best action: add a quadratic that tells these actions apart',
      )
    }
    for (const [k, row] of rows.entries()) {
      if (k === i) continue
      const share = row[i] / pivot[i]
      for (let j = i; j <= size; j++) row[j] -= share * pivot[j]
    }
  }
  return rows.map((row, i) => row[size] / row[i])
}
