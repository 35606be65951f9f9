import { expect, it } from 'vitest'
import type { Place } from './landscape.ts'
import { shownStates, solveMultiGoal } from './truth.ts'

// Haarnoja 2018 (thesis), figure 3.2, right.
it('has one maximum towards the near goal, four around the middle, and two where two goals are as near', () => {
  const exact = solveMultiGoal({ alpha: 10, gamma: 0.99 })
  expect(exact).toHaveLength(shownStates.length)
  const [left, middle, corner] = exact.map(({ maxima }) => maxima)
  expect(left).toHaveLength(1)
  expect(left[0][0]).toBeLessThan(-0.3)
  expect(left[0][1]).toBeCloseTo(0, 6)
  const direction = ([x, y]: Place): string =>
    Math.abs(x) > Math.abs(y) ? (x > 0 ? 'right' : 'left') : y > 0 ? 'up' : 'down'
  expect(middle.map(direction).sort()).toEqual(['down', 'left', 'right', 'up'])
  expect(corner).toHaveLength(2)
  const [[x, y], other] = corner
  // One is the mirror image of the other.
  expect(other[0]).toBeCloseTo(y, 6)
  expect(other[1]).toBeCloseTo(x, 6)
  for (const { masses } of exact) expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 9)
})
