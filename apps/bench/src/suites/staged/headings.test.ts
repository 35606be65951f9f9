import { describe, expect, it } from 'vitest'
import { drawnPaths, headingEntropy, mostEntropy } from './headings.ts'
import type { Rollout } from './rollouts.ts'

/** A straight episode of 2 m from (3, 1), heading `turn` degrees from a start that heads `start` degrees. */
function straight(turn: number, start = 0): Rollout {
  const [radians, startHeading] = [(turn + start) * (Math.PI / 180), start * (Math.PI / 180)]
  const place = (far: number): readonly [number, number] => [
    3 + far * Math.cos(radians),
    1 + far * Math.sin(radians),
  ]
  const path = [place(0), place(1), place(2)]
  return { steps: 20, meanReward: 0, discountedReturn: 0, info: {}, path, startHeading }
}

const around = Array.from({ length: 12 }, (_, i) => 30 * i)

describe('the entropy of headings', () => {
  it('is log 12 where every direction is as likely, and 0 where one is taken', () => {
    expect(headingEntropy(around.map((turn) => straight(turn)))).toBeCloseTo(mostEntropy, 12)
    expect(headingEntropy(around.map(() => straight(200)))).toBe(0)
  })

  it('is log 2 for two directions, and does not tell ahead by a little to the left from a little to the right', () => {
    expect(headingEntropy([straight(10), straight(-10), straight(190), straight(170)])).toBeCloseTo(
      Math.log(2),
      12,
    )
  })

  it('counts from the heading at the start: ahead is one direction, however a body stands', () => {
    expect(headingEntropy(around.map((start) => straight(0, start)))).toBe(0)
    expect(headingEntropy(around.map((start) => straight(-start, start)))).toBeCloseTo(mostEntropy, 12)
  })
})

it('paths are drawn from the start, turned so that the body heads along x', () => {
  const { 'path.x': x, 'path.y': y, 'path.lengths': lengths } = drawnPaths([straight(90, 45), straight(0)], 1)
  expect(lengths).toEqual([3])
  for (const [i, place] of [0, 1, 2].entries()) {
    expect(x[i]).toBeCloseTo(0, 12)
    expect(y[i]).toBeCloseTo(place, 12)
  }
})
