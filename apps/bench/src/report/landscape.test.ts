import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import type { LandscapePlot } from '../suites/suite.ts'
import { landscapeFigure } from './landscape.ts'

const plot: LandscapePlot = {
  kind: 'landscape',
  title: 'a title',
  arms: ['an arm'],
  panels: [
    { title: 'one <state>', values: 'q', x: 'x', y: 'y' },
    { title: 'not recorded', values: 'other', x: 'x', y: 'y' },
  ],
  x: 'first',
  y: 'second',
}

/** A slope towards the upper left: the first coordinate falls, the second rises. */
const side = 21
const slope = Array.from({ length: side * side }, (_, k) => (k % side) - Math.floor(k / side))
const cells = [cellResult({ samples: { q: slope, x: [-1, 1, 0], y: [1, 0, -0.5] } })]

describe('a landscape', () => {
  const { document } = new JSDOM(landscapeFigure(plot, [{ label: 'arm', cells }]).markup).window

  it('has a panel for each that was recorded, with a dot for each place', () => {
    expect([...document.querySelectorAll('.panels span')].map((span) => span.textContent)).toEqual([
      'one <state>',
    ])
    expect(document.querySelectorAll('svg circle')).toHaveLength(3)
  })

  it('is darkest where the number is largest: at the upper left', () => {
    const [dot] = [...document.querySelectorAll('svg circle')]
    const contours = [...document.querySelectorAll('svg [aria-label="contour"] path')]
    const last = contours.at(-1)?.getAttribute('d') ?? ''
    const [x, y] = /M([\d.]+),([\d.]+)/.exec(last)?.slice(1).map(Number) ?? []
    // Of all places the first lies in that corner.
    expect(Math.abs(x - Number(dot.getAttribute('cx')))).toBeLessThan(90)
    expect(Math.abs(y - Number(dot.getAttribute('cy')))).toBeLessThan(90)
  })

  it('says so where nothing was recorded', () => {
    expect(landscapeFigure(plot, [{ label: 'arm', cells: [] }]).markup).toContain(
      'no finished run recorded these numbers',
    )
  })
})
