import { describe, expect, it } from 'vitest'
import { goodWidth, threeDecades } from './goodRange.ts'

const places = (values: readonly number[]): Parameters<typeof goodWidth>[0] =>
  values.map((value, decade) => ({ decade, value }))

describe('the width of the good range', () => {
  it('is linear between the values that were tried', () => {
    // From 0 to 10 over a decade: 8 is reached after 0.8 of it. Then level, then down to 6: 8 is left halfway.
    expect(goodWidth(places([0, 10, 10, 6]))).toBeCloseTo(0.2 + 1 + 0.5, 12)
  })

  it('counts good parts that lie apart', () => {
    expect(goodWidth(places([10, 0, 10]))).toBeCloseTo(0.4, 12)
  })

  it('is the whole axis where all is alike, and does not depend on the order', () => {
    expect(goodWidth(places([9, 10, 8.5]))).toBe(2)
    expect(goodWidth([...places([0, 10, 10, 6])].reverse())).toBeCloseTo(1.7, 12)
  })

  it('is zero where nothing is gained, and for a single place', () => {
    expect(goodWidth(places([0, -1, 0]))).toBe(0)
    expect(goodWidth(places([-5, -1, -2]))).toBe(0)
    expect(goodWidth(places([3]))).toBe(0)
  })
})

it('has axes of three decades', () => {
  expect(Math.log10(threeDecades[4] / threeDecades[0])).toBeCloseTo(3, 12)
  expect(threeDecades[2]).toBe(1)
})
