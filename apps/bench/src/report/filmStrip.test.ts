import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import type { Film } from '../film/index.ts'
import { filmStrip } from './filmStrip.ts'

/** A rod of a metre that stands at 0, then at 4. */
const film: Film = {
  title: 'a rod',
  lanes: [{ label: 'rod', poses: [[[0, 0, 0, 1]], [[4, 0, 4, 1]]] }],
  dt: 0.1,
  ghostEvery: 1,
  limb: 0.1,
  ground: 0,
  width: 0,
}

function corners(given: Film): readonly (readonly number[])[] {
  const { document } = new JSDOM(filmStrip(given).markup).window
  const points = document.querySelector('polyline.ground')?.getAttribute('points') ?? ''
  return points.split(' ').map((point) => point.split(',').map(Number))
}

describe('the ground of a film', () => {
  it('is a level line from edge to edge, under what stands on it', () => {
    const line = corners(film)
    const [x, y] = [line.map(([at]) => at), line.map(([, at]) => at)]
    expect([Math.min(...x), Math.max(...x)]).toEqual([0, 1000])
    expect(new Set(y).size).toBe(1)
    const { document } = new JSDOM(filmStrip(film).markup).window
    expect(Number(document.querySelector('.body line')?.getAttribute('y1'))).toBeCloseTo(y[0], 1)
  })

  it('goes along its corners, on beyond them at the heights of the first and the last, and stays in the picture', () => {
    const terrain = [
      [1, 0],
      [1, -0.5],
      [2, -0.5],
      [3, -1],
    ] as const
    const line = corners({ ...film, terrain })
    expect(line).toHaveLength(terrain.length + 2)
    expect([line[0][0], line[5][0]]).toEqual([0, 1000])
    expect(line[0][1]).toBe(line[1][1])
    expect(line[5][1]).toBe(line[4][1])
    // A metre is as long down as it is ahead.
    const metre = line[4][0] - line[3][0]
    expect(line[2][1] - line[1][1]).toBeCloseTo(metre / 2, 0)
    const { document } = new JSDOM(filmStrip({ ...film, terrain }).markup).window
    const height = Number(document.querySelector('svg')?.getAttribute('viewBox')?.split(' ')[3])
    expect(line[4][1]).toBeLessThan(height)
  })
})
