import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import type { CurvesPlot, ScatterPlot } from '../suites/suite.ts'
import { curvesFigure, scatterFigure, type FigureArm } from './figures.ts'

const steps = [10, 20, 30]
const arm = (id: string, levels: readonly number[]): FigureArm => ({
  label: id,
  cells: levels.map((level, i) =>
    cellResult({
      arm: id,
      seed: i + 1,
      curves: {
        return: { steps, values: steps.map(() => level) },
        episodeReturn: { steps, values: steps.map(() => level / 2) },
      },
    }),
  ),
})
const plot: CurvesPlot = {
  kind: 'curves',
  title: 'a title',
  arms: ['a', 'b'],
  curve: 'return',
  y: 'return',
}

function draw(given: Partial<CurvesPlot>, arms: readonly FigureArm[]): Document {
  return new JSDOM(curvesFigure({ ...plot, ...given }, arms).markup).window.document
}

const lines = (document: Document): number =>
  document.querySelectorAll('figure > svg [aria-label="line"] path').length
const bands = (document: Document): number =>
  document.querySelectorAll('figure > svg [aria-label="area"] path').length

describe('learning curves', () => {
  const arms = [arm('a', [1, 5, 2]), arm('b', [7, 9])]

  it('are a line and a band per arm', () => {
    for (const over of ['interval', 'range'] as const) {
      const document = draw({ over }, arms)
      expect([lines(document), bands(document)], over).toEqual([2, 2])
    }
  })

  it('are a line per seed and no band where the paper shows single runs, with a legend per arm', () => {
    const document = draw({ over: 'seeds' }, arms)
    expect([lines(document), bands(document)]).toEqual([5, 0])
    expect([...document.querySelectorAll('.legend span')].map((span) => span.textContent)).toEqual([
      'a (3 seeds)',
      'b (2 seeds)',
    ])
  })

  it('are several lines of an arm in one panel, where the plot names several curves', () => {
    const document = draw(
      {
        curve: [
          { name: 'return', title: 'mean action' },
          { name: 'episodeReturn', title: 'sampled actions' },
        ],
        over: 'range',
      },
      [arm('a', [8, 10])],
    )
    expect([lines(document), bands(document)]).toEqual([2, 2])
    expect([...document.querySelectorAll('.legend span')].map((span) => span.textContent)).toEqual([
      'a, mean action (2 seeds)',
      'a, sampled actions (2 seeds)',
    ])
    const starts = [...document.querySelectorAll('figure > svg [aria-label="line"] path')].map((path) =>
      path.getAttribute('d'),
    )
    expect(new Set(starts).size).toBe(2)
  })

  it('show another curve of an arm where the plot says so', () => {
    const heights = (given: Partial<CurvesPlot>): (string | null)[] =>
      [
        ...draw(given, [arm('a', [8]), arm('b', [4])]).querySelectorAll(
          'figure > svg [aria-label="line"] path',
        ),
      ].map((path) => path.getAttribute('d'))
    const [a, b] = heights({ curveOf: { a: 'episodeReturn' } })
    expect(a).toBe(b)
    const [c, d] = heights({})
    expect(c).not.toBe(d)
  })

  it('name the arms that have none', () => {
    expect(draw({}, [arm('a', [1]), arm('b', [])]).body.textContent).toContain('No values: b.')
  })
})

describe('places', () => {
  const cell = cellResult({
    arm: 'a',
    seed: 1,
    samples: { 'left.x': [0, 1, 2], 'left.y': [0, 0, 0], 'right.x': [3], 'right.y': [3] },
  })
  const scatter = (given: Partial<ScatterPlot>): Document =>
    new JSDOM(
      scatterFigure(
        {
          kind: 'scatter',
          title: 'places',
          arms: ['a'],
          x: { name: 'left.x', title: 'x' },
          y: { name: 'left.y', title: 'y' },
          ...given,
        },
        [{ label: 'arm a', cells: [cell] }],
      ).markup,
    ).window.document
  const groups = (document: Document): number[] =>
    [...document.querySelectorAll('figure > svg [aria-label="dot"]')].map(
      (group) => group.querySelectorAll('path, circle').length,
    )
  const labels = (document: Document): (string | null)[] =>
    [...document.querySelectorAll('.legend span')].map((span) => span.textContent)

  it('have a mark per arm, or one per series where the plot names them', () => {
    expect([groups(scatter({})), labels(scatter({}))]).toEqual([[3], ['arm a']])
    const several = scatter({
      series: ['left', 'right', 'missing'].map((name) => ({
        title: `to the ${name}`,
        arm: 'a',
        x: `${name}.x`,
        y: `${name}.y`,
      })),
    })
    expect([groups(several), labels(several)]).toEqual([
      [3, 1],
      ['to the left', 'to the right'],
    ])
  })

  it('lie among the lines that the plot names', () => {
    const document = scatter({ lines: [{ title: 'the goal', from: [-1, -1], to: [-1, 2] }] })
    expect(lines(document)).toBe(1)
    expect(document.body.textContent).toContain('Dashed: the goal.')
  })
})
