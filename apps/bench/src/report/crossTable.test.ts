import { JSDOM } from 'jsdom'
import { expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import type { CrossTablePlot } from '../suites/suite.ts'
import { crossTable } from './crossTable.ts'

const plot: CrossTablePlot = {
  kind: 'crossTable',
  title: 'table 6.1',
  arms: ['a', 'b'],
  rows: ['left', 'right', 'nowhere'].map((title) => ({
    title,
    mean: `${title}.distance`,
    deviation: `${title}.sd`,
  })),
  of: 'Distance, m',
}

it('sets learners beside each other, task by task: means over seeds of mean and deviation', () => {
  const arms = [
    {
      label: 'A',
      cells: [
        cellResult({ seed: 1, scalars: { 'left.distance': 0.1, 'left.sd': 0.02, 'right.distance': 1 } }),
        cellResult({ seed: 2, scalars: { 'left.distance': 0.3, 'left.sd': 0.04, 'right.distance': 3 } }),
      ],
    },
    { label: 'B', cells: [cellResult({ seed: 1, scalars: { 'left.distance': 0.7, 'left.sd': 0.5 } })] },
  ]
  const { document } = new JSDOM(crossTable(plot, arms).markup).window
  const rows = [...document.querySelectorAll('tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  )
  expect(rows).toEqual([
    ['task', 'A (2)', 'B (1)'],
    ['left', '0.2 ± 0.03', '0.7 ± 0.5'],
    ['right', '2', ''],
  ])
})

it('says where there is nothing to show', () => {
  expect(crossTable(plot, [{ label: 'A', cells: [] }]).markup).toContain('Not drawn')
})
