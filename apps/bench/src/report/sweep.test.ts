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

describe('a sweep', () => {
  const arms = [
    arm('hopper', 10, [40, 60]),
    arm('hopper', 0.1, [0, 20]),
    arm('ant', 10, [1000]),
    arm('ant', 0.1, [500]),
  ]
  const { document } = new JSDOM(sweepFigure(plot, arms).markup).window

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

  it('says so where nothing was recorded', () => {
    expect(sweepFigure(plot, [{ label: 'arm', cells: [] }]).markup).toContain(
      'no finished run recorded this curve',
    )
  })
})
