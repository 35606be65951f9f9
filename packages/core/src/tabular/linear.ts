/** Dense linear systems by LU with partial pivoting (Golub & Van Loan, Matrix Computations, algorithm 3.4.1). */

export interface Factors {
  readonly size: number
  /** L below the diagonal, U on and above it. [n·n], by rows */
  readonly lu: Float64Array
  /** The row of the system that stands in each row of the factors. [n] */
  readonly order: Int32Array
}

/**
 * Factors a square matrix, which it overwrites.
 * @throws RangeError when the matrix is singular.
 */
export function factor(matrix: Float64Array, size: number): Factors {
  const order = Int32Array.from({ length: size }, (_, i) => i)
  for (let k = 0; k < size; k++) {
    let pivot = k
    for (let i = k + 1; i < size; i++)
      if (Math.abs(matrix[i * size + k]) > Math.abs(matrix[pivot * size + k])) pivot = i
    if (!(Math.abs(matrix[pivot * size + k]) > 0)) {
      throw new RangeError(`factor: matrix must be regular, got no pivot in column ${k}`)
    }
    if (pivot !== k) {
      for (let j = 0; j < size; j++) {
        const held = matrix[k * size + j]
        matrix[k * size + j] = matrix[pivot * size + j]
        matrix[pivot * size + j] = held
      }
      const held = order[k]
      order[k] = order[pivot]
      order[pivot] = held
    }
    for (let i = k + 1; i < size; i++) {
      const multiple = matrix[i * size + k] / matrix[k * size + k]
      if (multiple === 0) continue
      matrix[i * size + k] = multiple
      for (let j = k + 1; j < size; j++) matrix[i * size + j] -= multiple * matrix[k * size + j]
    }
  }
  return { size, lu: matrix, order }
}

/** Solves the factored system for one right-hand side [n]. */
export function solve({ size, lu, order }: Factors, rhs: Float64Array): Float64Array {
  const x = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let sum = rhs[order[i]]
    for (let j = 0; j < i; j++) sum -= lu[i * size + j] * x[j]
    x[i] = sum
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]
    for (let j = i + 1; j < size; j++) sum -= lu[i * size + j] * x[j]
    x[i] = sum / lu[i * size + i]
  }
  return x
}
