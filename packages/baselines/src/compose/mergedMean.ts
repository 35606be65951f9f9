import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes, compositionWeights, tidy } from '@maxent/core'

/** −½·(a − μ)ᵀ L Lᵀ (a − μ) in B states, as the network of NAF gives it. */
export interface QuadraticBatch {
  /** μ(s), [B, A]. */
  readonly mean: Tensor
  /** log of L's diagonal, [B, A]. */
  readonly logDiagonal: Tensor
  /** L's entries below the diagonal, row after row, [B, A(A − 1)/2]. */
  readonly below: Tensor
}

/** A matrix per state, entry by entry: row i, column j is [B, 1]. */
type Entries = readonly (readonly Tensor[])[]

/**
 * The best action for a weighted sum of quadratic advantages, in closed form. Haarnoja 2018 (thesis), section 6.3:
 *
 *     P = Σ wᵢ Pᵢ,        μ = P⁻¹ Σ wᵢ Pᵢ μᵢ
 *
 * by a Cholesky factor of P, written out entry by entry. It may lie outside of the box of actions. The system is solved for the distance from
 * the mean of the μᵢ, so that means that agree come out as they are. Where P is singular but for rounding, directions that it does not tell
 * apart have no best action, and the result is finite all the same, as long as no logarithm on a diagonal is below −30: the metric `singular` of
 * `composeNaf` tells where.
 *
 * Shapes: B states, A action dimensions; the result is [B, A].
 * @throws RangeError when there is no quadratic, a shape differs, or weights are not as many, each 0 or from 10⁻⁶ to 10⁶, and above 0 in sum.
 */
export function mergedMean(quadratics: readonly QuadraticBatch[], weights: readonly number[]): Tensor2D {
  if (quadratics.length === 0)
    throw new RangeError(
      'mergedMean: quadratics must have an entry, got none; give what networks of NAF tell',
    )
  compositionWeights('mergedMean', { kind: 'sum', weights }, quadratics.length)
  return tidy(() => mergedQuadratics(quadratics, weights).mean)
}

/** {@link mergedMean}, and where P is singular in float32: 1, else 0, [B, 1]. */
export function mergedQuadratics(
  quadratics: readonly QuadraticBatch[],
  weights: readonly number[],
): { readonly mean: Tensor2D; readonly singular: Tensor } {
  for (const { mean, logDiagonal, below } of quadratics) {
    const { A } = checkShapes(
      'mergedMean',
      { first: ['B', 'A'], mean: ['B', 'A'], logDiagonal: ['B', 'A'] },
      { first: quadratics[0].mean, mean, logDiagonal },
    )
    checkShapes('mergedMean', { below: [mean.shape[0], (A * (A - 1)) / 2] }, { below })
  }
  return tidy(() => {
    const size = quadratics[0].mean.shape[1] ?? 0
    const indices = Array.from({ length: size }, (_, i) => i)
    const middle = tf.div(sumOf(quadratics.map(({ mean }) => mean)), quadratics.length)
    const parts = quadratics.map(({ mean, ...factor }, k) => ({
      precision: scaled(squareOf(factorOf(factor, size)), weights[k]),
      offset: columnsOf(tf.sub(mean, middle), size),
    }))
    const precision = indices.map((i) => indices.map((j) => sumOf(parts.map((part) => part.precision[i][j]))))
    const right = indices.map((i) =>
      sumOf(parts.flatMap((part) => indices.map((j) => tf.mul(part.precision[i][j], part.offset[j])))),
    )
    const { offset, singular } = solve(precision, right)
    return { mean: tf.add<Tensor2D>(middle, tf.concat(offset as Tensor[], 1)), singular }
  })
}

function columnsOf(matrix: Tensor, count: number): readonly Tensor[] {
  return Array.from({ length: count }, (_, i) => tf.slice(matrix, [0, i], [-1, 1]))
}

/** L, its rows up to the diagonal. */
function factorOf({ logDiagonal, below }: Omit<QuadraticBatch, 'mean'>, size: number): Entries {
  const diagonal = columnsOf(tf.exp(logDiagonal), size)
  const others = columnsOf(below, (size * (size - 1)) / 2)
  return diagonal.map((entry, i) => [...others.slice((i * (i - 1)) / 2, (i * (i + 1)) / 2), entry])
}

/** L·Lᵀ. */
function squareOf(factor: Entries): Entries {
  return factor.map((row) =>
    factor.map((column) => {
      const shared = Math.min(row.length, column.length)
      return sumOf(row.slice(0, shared).map((entry, k) => tf.mul(entry, column[k])))
    }),
  )
}

function scaled(matrix: Entries, weight: number): Entries {
  return matrix.map((row) => row.map((entry) => tf.mul(entry, weight)))
}

/** Share of an entry of P's diagonal below which what elimination leaves of it is a rounding error in float32. */
const SINGULAR = 1e-6

/** x with P·x = b, by P = L·Lᵀ, L·y = b and Lᵀ·x = y; and where a pivot of P is lost in rounding. */
function solve(
  matrix: Entries,
  right: readonly Tensor[],
): { readonly offset: readonly Tensor[]; readonly singular: Tensor } {
  const factor: Tensor[][] = []
  const lost: Tensor[] = []
  for (const [i, row] of matrix.entries()) {
    factor.push([])
    for (let j = 0; j <= i; j++) {
      const left = minus(
        row[j],
        factor[j].slice(0, j).map((entry, k) => tf.mul(entry, factor[i][k])),
      )
      if (i !== j) factor[i].push(tf.div(left, factor[j][j]))
      else {
        const least = tf.mul(row[i], SINGULAR)
        factor[i].push(tf.sqrt(tf.maximum(left, least)))
        // Not above, so that NaN counts as lost.
        lost.push(tf.cast(tf.logicalNot(tf.greater(left, least)), 'float32'))
      }
    }
  }
  const forward: Tensor[] = []
  for (const [i, entry] of right.entries()) {
    const known = forward.map((value, k) => tf.mul(factor[i][k], value))
    forward.push(tf.div(minus(entry, known), factor[i][i]))
  }
  const solution: Tensor[] = []
  for (let i = right.length - 1; i >= 0; i--) {
    const known = solution.map((value, k) => tf.mul(factor[right.length - 1 - k][i], value))
    solution.push(tf.div(minus(forward[i], known), factor[i][i]))
  }
  return { offset: solution.reverse(), singular: tf.max(tf.concat(lost, 1), 1, true) }
}

function minus(from: Tensor, taken: readonly Tensor[]): Tensor {
  return taken.reduce((left, one) => tf.sub(left, one), from)
}

function sumOf(tensors: readonly Tensor[]): Tensor {
  return tensors.reduce((sum, tensor) => tf.add(sum, tensor))
}
