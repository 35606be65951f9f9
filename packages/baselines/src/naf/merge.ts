import { checkFinite } from '@maxent/core'

/** −½·(a − mean)ᵀ P (a − mean) for A action dimensions. */
export interface Quadratic {
  /** μ, length A. */
  readonly mean: readonly number[]
  /** P, symmetric and positive semi-definite, A rows of A. */
  readonly precision: readonly (readonly number[])[]
}

/**
 * The sum of quadratic advantages, up to a constant: P = Σ Pᵢ and μ = P⁻¹ Σ Pᵢ μᵢ. So policies of NAF are composed in closed form, as in
 * table 6.1 of Haarnoja 2018 (thesis).
 *
 * Where P is singular every μ + n with P n = 0 is a best action: the one nearest to the mean of the μᵢ is given.
 * @throws RangeError when there is no quadratic, sizes differ, or a number is not finite.
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
  // P (μ − middle) = Σ Pᵢ (μᵢ − middle), which lies in the range of P.
  const right = indices.map((i) =>
    sum((quadratic) =>
      indices.reduce((s, j) => s + quadratic.precision[i][j] * (quadratic.mean[j] - middle[j]), 0),
    ),
  )
  const offset = solveSemiDefinite(precision, right)
  return { mean: middle.map((m, i) => m + offset[i]), precision }
}

/**
 * The least x with P x = b, for a positive semi-definite P whose range b lies in: conjugate gradients from zero, which never leave that
 * range. Enough rounds for rounding errors as well.
 */
function solveSemiDefinite(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * b[i], 0)
  let solution = right.map(() => 0)
  let residual = [...right]
  let direction = [...right]
  const goal = 1e-28 * dot(right, right)
  for (let round = 0; round < 10 * right.length && dot(residual, residual) > goal; round++) {
    const moved = matrix.map((row) => dot(row, direction))
    const curvature = dot(direction, moved)
    if (!(curvature > 0)) break
    const before = dot(residual, residual)
    const step = before / curvature
    solution = solution.map((x, i) => x + step * direction[i])
    residual = residual.map((r, i) => r - step * moved[i])
    const share = dot(residual, residual) / before
    direction = direction.map((d, i) => residual[i] + share * d)
  }
  return solution
}
