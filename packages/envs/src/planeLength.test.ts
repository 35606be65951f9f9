import { expect, it } from 'vitest'
import { key, normal } from '@maxent/core/keys'
import { planeLength } from './planeLength.ts'

it('is the length of a vector in the plane, whatever its size', () => {
  expect(planeLength(3, -4)).toBe(5)
  expect(planeLength(0, -0)).toBe(0)
  expect(planeLength(-Infinity, 2)).toBe(Infinity)
  expect(planeLength(NaN, 0)).toBeNaN()
  expect(planeLength(0, NaN)).toBeNaN()
  expect(planeLength(3e300, 4e300)).toBeCloseTo(5e300, -286)
  expect(planeLength(5e-324, 0)).toBe(5e-324)
})

it('has the bits of Math.hypot', () => {
  const draws = normal(key(1), 30_000)
  for (let i = 0; i < draws.length; i += 3) {
    const [x, y] = [draws[i] * 10 ** (20 * draws[i + 2]), draws[i + 1] * 10 ** (19 * draws[i + 2])]
    expect(planeLength(x, y)).toBe(Math.hypot(x, y))
  }
})
