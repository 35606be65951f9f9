import { describe, expect, it } from 'vitest'
import {
  binMasses,
  binShares,
  cellMasses,
  displacement,
  maxima,
  middles,
  totalVariation,
  type Place,
} from './landscape.ts'

const side = 41
const of = (f: (x: number, y: number) => number): { side: number; values: number[] } => ({
  side,
  values: middles(side).map(([x, y]) => f(x, y)),
})

describe('maxima', () => {
  it('are the hills of a landscape, also at the edge of the box', () => {
    const hills = of((x, y) => -Math.min((x - 0.5) ** 2 + y ** 2, (x + 1) ** 2 + (y + 1) ** 2))
    const found = maxima(hills, 0.25)
    expect(found).toHaveLength(2)
    expect(
      displacement(found, [
        [0.5, 0],
        [-1, -1],
      ]),
    ).toBeLessThan(2 / side)
  })

  it('do not count ripples narrower than the radius', () => {
    const rippled = of((x, y) => -(x ** 2) - y ** 2 + 0.02 * Math.cos(40 * x))
    expect(maxima(rippled, 0.25)).toHaveLength(1)
    expect(maxima(rippled, 0.06).length).toBeGreaterThan(1)
  })

  it('are none where all is level', () => {
    expect(
      maxima(
        of(() => 1),
        0.25,
      ),
    ).toEqual([])
  })
})

describe('displacement', () => {
  const wanted: readonly Place[] = [
    [0, 0],
    [1, 0],
  ]

  it('is that of the place that is furthest off', () => {
    expect(
      displacement(
        [
          [1, 0.2],
          [0.1, 0],
        ],
        wanted,
      ),
    ).toBeCloseTo(0.2)
  })

  it('takes every place once, and has none for another number of places', () => {
    expect(
      displacement(
        [
          [0, 0],
          [0, 0.1],
        ],
        wanted,
      ),
    ).toBeCloseTo(Math.hypot(1, 0.1))
    expect(displacement([[0, 0]], wanted)).toBe(Infinity)
  })
})

describe('masses', () => {
  it('of cells and squares are those of the density', () => {
    const tilted = of((x) => x)
    const cells = cellMasses(tilted)
    expect(cells.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12)
    const fine = { side: 40, values: middles(40).map(([x]) => x) }
    const halves = binMasses(fine, 2)
    // ∫₀¹ eˣ / ∫₋₁¹ eˣ, half of it in each of the upper squares.
    const upper = (Math.E - 1) / (Math.E - 1 / Math.E)
    expect(halves[2]).toBeCloseTo(upper / 2, 3)
    expect(halves[3]).toBeCloseTo(upper / 2, 3)
  })

  it('do not overflow', () => {
    expect(cellMasses({ side: 1, values: [1e4] })).toEqual(Float64Array.of(1))
  })

  it('of samples at the bounds belong to the squares inside', () => {
    expect(
      binShares(
        [
          [-1, -1],
          [1, 1],
        ],
        2,
      ),
    ).toEqual(Float64Array.of(0.5, 0, 0, 0.5))
  })
})

it('total variation is 0 between equals and 1 between strangers', () => {
  expect(totalVariation([0.5, 0.5], [0.5, 0.5])).toBe(0)
  expect(totalVariation([1, 0], [0, 1])).toBe(1)
  expect(totalVariation([0.75, 0.25], [0.25, 0.75])).toBe(0.5)
})
