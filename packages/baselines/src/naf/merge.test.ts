import { describe, expect, it } from 'vitest'
import { mergeQuadratics } from './merge.ts'

const close = (got: readonly number[], expected: readonly number[]): void => {
  got.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 9))
}

describe('mergeQuadratics', () => {
  it('gives the hand-worked sum of two', () => {
    const merged = mergeQuadratics([
      { mean: [1, 0], precision: [[2, 0], [0, 1]] },
      { mean: [0, 1], precision: [[2, 1], [1, 3]] },
    ]) // prettier-ignore
    // P = [[4, 1], [1, 4]], P μ = [2 + 1, 0 + 3]
    expect(merged.precision).toEqual([[4, 1], [1, 4]]) // prettier-ignore
    close(merged.mean, [0.6, 0.6])
  })

  it('is the quadratic itself where there is one, however badly scaled', () => {
    const one = { mean: [0.3, -0.7], precision: [[1e6, 0], [0, 1e-6]] } // prettier-ignore
    close(mergeQuadratics([one]).mean, one.mean)
  })

  it('refuses a singular sum, where no action is the best', () => {
    // Neither cares for the second dimension.
    const flat = [[2, 0], [0, 0]] // prettier-ignore
    const singular = (): unknown =>
      mergeQuadratics([
        { mean: [1, 4], precision: flat },
        { mean: [0, -2], precision: flat },
      ])
    expect(singular).toThrow(
      'mergeQuadratics: the sum of the precisions must be positive definite, got a pivot of 0 at index 1; there is no one best action',
    )
    expect(() => mergeQuadratics([{ mean: [3], precision: [[0]] }])).toThrow('positive definite')
    // Both care for one and the same direction alone.
    const ridge = [[1, 1], [1, 1]] // prettier-ignore
    expect(() => mergeQuadratics([{ mean: [1, 0], precision: ridge }, { mean: [0, 1], precision: ridge }])).toThrow('positive definite') // prettier-ignore
  })

  it('refuses nothing, other sizes and numbers that are not finite', () => {
    expect(() => mergeQuadratics([])).toThrow('mergeQuadratics: quadratics must have an entry, got none')
    expect(() => mergeQuadratics([{ mean: [1, 2], precision: [[1]] }])).toThrow('must have the size 2')
    expect(() => mergeQuadratics([{ mean: [NaN], precision: [[1]] }])).toThrow(
      'mergeQuadratics: mean must be finite',
    )
  })
})
