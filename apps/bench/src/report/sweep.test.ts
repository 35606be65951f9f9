import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import type { CellResult } from '../run/cellResult.ts'
import type { SweepPlot } from '../suites/suite.ts'
import { sweepFigure } from './sweep.ts'

const plot: SweepPlot = {
  kind: 'sweep',
  title: 'a title',
  arms: [],
  setting: 'config.rewardScale',
  x: 'reward scale',
  curve: 'return',
  y: 'return',
}

/** Seeds of one reward scale, with these returns at the end. */
const arm = (
  env: string,
  rewardScale: number,
  returns: readonly number[],
): { label: string; cells: CellResult[] } => ({
  label: 'arm',
  cells: returns.map((value, i) =>
    cellResult({
      seed: i + 1,
      settings: { kind: 'train', env, config: { rewardScale }, train: { steps: 10 } },
      curves: { return: { steps: [5, 9, 10], values: [-99, value, value] } },
    }),
  ),
})

/** Arms of nothing learned, of the suite: what they return. */
const idle = (env: string, id: string, value: number): CellResult =>
  cellResult({ arm: `${env}-${id}`, settings: { kind: 'uniform', env }, scalars: { return: value } })

const heights = (document: Document): readonly (readonly number[])[] =>
  [...document.querySelectorAll('figure > svg [aria-label="line"] path')].map((path) =>
    [...(path.getAttribute('d') ?? '').matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y)),
  )

describe('a sweep', () => {
  const arms = [
    arm('hopper', 10, [40, 60]),
    arm('hopper', 0.1, [0, 20]),
    arm('ant', 10, [1000]),
    arm('ant', 0.1, [500]),
  ]
  const cells = [idle('hopper', 'random', 0), idle('ant', 'random', 0)]
  const { document } = new JSDOM(sweepFigure(plot, arms, cells).markup).window

  it('has a line per environment, and a mark per value', () => {
    expect(document.querySelectorAll('svg [aria-label="line"] path').length).toBeGreaterThanOrEqual(2)
    expect([...document.querySelectorAll('.legend span')].map((span) => span.textContent)).toEqual([
      'hopper',
      'ant',
    ])
    expect(
      document.querySelectorAll(
        'figure > svg [aria-label="dot"] path, figure > svg [aria-label="dot"] circle',
      ),
    ).toHaveLength(4)
  })

  it('stands each on the share of its own best, and goes along the axis from the least', () => {
    const rules = [...document.querySelectorAll('figure > svg [aria-label="rule"] line')]
    const ends = rules.slice(0, 2).map((line) => Number(line.getAttribute('x1')))
    expect(ends[0]).toBeLessThan(ends[1])
    // Of the seeds of one environment alone there is no spread.
    const lengths = rules.map((line) =>
      Math.abs(Number(line.getAttribute('y1')) - Number(line.getAttribute('y2'))),
    )
    expect(lengths[0]).toBeGreaterThan(10)
    expect(lengths.slice(2)).toEqual([0, 0])
  })

  it('draws gains: more is higher where all returns are below zero, from the better of what is not learned', () => {
    const below = [arm('half-cheetah', 0.1, [-200]), arm('half-cheetah', 10, [-50])]
    const floors = [idle('half-cheetah', 'random', -280), idle('half-cheetah', 'still', -250)]
    const [line] = heights(new JSDOM(sweepFigure(plot, below, floors).markup).window.document)
    // SVG counts from above: the second value is the better one.
    expect(line[1]).toBeLessThan(line[0])
    // Gains of 50 and 200: of three environments of the same shares the lines are the same.
    const above = [arm('half-cheetah', 0.1, [300]), arm('half-cheetah', 10, [1200])]
    const [same] = heights(
      new JSDOM(sweepFigure(plot, above, [idle('half-cheetah', 'random', 0)]).markup).window.document,
    )
    expect(line).toEqual(same)
  })

  it('averages the last steps where it is told so, and they are less than the last fifth', () => {
    const rising = (rewardScale: number, before: number): ReturnType<typeof arm> => {
      const { label, cells: made } = arm('hopper', rewardScale, [100])
      const curves = { return: { steps: [5, 9, 10], values: [0, before, 100] } }
      return { label, cells: made.map((cell) => ({ ...cell, curves })) }
    }
    const drawn = (lastSteps: number): readonly number[] => {
      const figure = sweepFigure({ ...plot, lastSteps }, [rising(0.1, 0), rising(10, 100)], cells)
      return heights(new JSDOM(figure.markup).window.document)[0]
    }
    const [last, lastFifth, whole] = [1, 2, 10].map(drawn)
    expect(last[0]).toBe(last[1])
    expect(lastFifth[0]).toBeGreaterThan(lastFifth[1])
    expect(whole).toEqual(lastFifth)
  })

  it('leaves out where nothing is gained, or nothing to measure gains from was run, and says so', () => {
    const { textContent } = new JSDOM(sweepFigure(plot, arms, [idle('hopper', 'random', 0)]).markup).window
      .document.body
    expect(textContent).toContain('Left out: ant, without runs of random actions.')
    expect(
      sweepFigure(plot, arms, [idle('hopper', 'still', 50), idle('ant', 'still', 1_000)]).markup,
    ).toContain('hopper, where nothing is gained; ant, where nothing is gained')
  })

  it('says so where nothing was recorded', () => {
    expect(sweepFigure(plot, [{ label: 'arm', cells: [] }], []).markup).toContain(
      'no finished run recorded this curve',
    )
  })
})
