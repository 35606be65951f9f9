import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import type { CellResult } from '../run/cellResult.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import type { BandRowsPlot, PathsPlot } from '../suites/suite.ts'
import { bandRowsFigure } from './bandRows.ts'
import type { FigureArm } from './figures.ts'
import { pathsFigure } from './paths.ts'

const bands: BandRowsPlot = {
  kind: 'bandRows',
  title: 'a title <1>',
  arms: ['a', 'b'],
  low: 'least',
  high: 'most',
  y: 'x, m',
  levels: [{ label: 'line', value: 3 }],
}
const paths: PathsPlot = { kind: 'paths', title: 'paths', arms: ['a', 'b'], samples: 'path', x: 'x', y: 'y' }

function cell(seed: number, high: number): CellResult {
  const steps = [100, 200, 300]
  return cellResult({
    seed,
    curves: { least: { steps, values: [0, 0, 0] }, most: { steps, values: [1, 2, high] } },
    samples: { 'path.x': [0, 1, 2, 0, -5], 'path.y': [0, 1, 1, 0, 0], 'path.lengths': [3, 2] },
  })
}
const arms: readonly FigureArm[] = [
  { label: 'one', cells: [cell(1, 4), cell(2, 2), cell(10, 2)] },
  { label: 'other', cells: [cell(1, 1)] },
]
const parse = (markup: string): Document => new JSDOM(markup).window.document

describe('bands, one row per seed', () => {
  const document = parse(bandRowsFigure(bands, arms).markup)

  it('have a band for every seed of every arm, the seeds in their order', () => {
    expect(document.querySelectorAll('[aria-label="area"] path')).toHaveLength(4)
    const labels = [...document.querySelectorAll('[aria-label="fy-axis tick label"] text')].map(
      ({ textContent }) => textContent,
    )
    expect(labels).toEqual(['1', '2', '10'])
  })

  it('say what the dashed level is', () => {
    expect(document.querySelector('.description')?.textContent).toContain('Dashed, line: 3.')
    expect(document.querySelector('figcaption')?.textContent).toBe('a title <1>')
  })

  it('say so where nothing was recorded', () => {
    expect(bandRowsFigure(bands, [{ label: 'one', cells: [cellResult()] }]).markup).toContain('Not drawn')
  })
})

describe('paths', () => {
  it('have a line for every episode, in the panel of its arm and seed, to one scale both ways', () => {
    const document = parse(pathsFigure(paths, arms).markup)
    const lines = [...document.querySelectorAll('[aria-label="line"] path')].map((path) =>
      path.getAttribute('d'),
    )
    expect(lines).toHaveLength(8)
    const places = (lines[0] ?? '').match(/-?[\d.]+/g)?.map(Number) ?? []
    // (0, 0), (1, 1), (2, 1): as far to the right as up, and up is up.
    expect(places[2] - places[0]).toBeCloseTo(places[1] - places[3], 1)
    expect(places[2]).toBeGreaterThan(places[0])
  })

  it('have a column for every kind of path of an arm, and what stands in the plane in every panel', () => {
    const several: PathsPlot = {
      ...paths,
      samples: [
        { name: 'path', title: 'first' },
        { name: 'other', title: 'second' },
      ],
      lines: [{ title: 'a wall', from: [9, 0], to: [9, 1] }],
    }
    const both = cellResult({
      samples: { ...cell(1, 1).samples, 'other.x': [0, 1], 'other.y': [0, 1], 'other.lengths': [2] },
    })
    const document = parse(pathsFigure(several, [{ label: 'one', cells: [both] }]).markup)
    const titles = (of: Document): readonly (string | null)[] =>
      [...of.querySelectorAll('[aria-label="fx-axis tick label"] text')].map(({ textContent }) => textContent)
    expect(titles(document)).toEqual(['first', 'second'])
    // Two paths and one, and the wall in both panels.
    expect(document.querySelectorAll('[aria-label="line"] path')).toHaveLength(5)
    expect(document.querySelector('.description')?.textContent).toContain('Broad: a wall.')
    const wide = parse(
      pathsFigure(
        several,
        [1, 2].map((i) => ({ label: `arm ${i}`, cells: [both] })),
      ).markup,
    )
    expect(titles(wide)).toEqual(['arm 1, first', 'arm 1, second', 'arm 2, first', 'arm 2, second'])
  })

  it('say so where nothing was recorded', () => {
    expect(pathsFigure(paths, [{ label: 'one', cells: [cellResult()] }]).markup).toContain('Not drawn')
  })
})
