import { expect, it } from 'vitest'
import { cellResult } from '../run/cellResult.testData.ts'
import type { PublishedPlot } from '../suites/suite.ts'
import { publishedTable } from './publishedTable.ts'

const plot: PublishedPlot = {
  kind: 'published',
  title: 'Returns',
  arms: ['a'],
  curve: 'return',
  steps: [50_000, 100_000],
  protocol: 'deterministic',
  published: [
    {
      label: 'Another',
      source: 'a page',
      environments: '-v3',
      seeds: 10,
      protocol: 'best of all',
      returns: { hopper: { 50_000: { mean: 851, std: 373 } } },
    },
  ],
}

it('sets what was returned here beside what is published, step by step, with both protocols', () => {
  const cells = [100, 200, 300].map((value, i) =>
    cellResult({ seed: i + 1, curves: { return: { steps: [50_000], values: [value] } } }),
  )
  const text = publishedTable(plot, [{ label: 'Hopper', env: 'hopper', cells }]).markup.replaceAll(
    /\s+/g,
    ' ',
  )
  expect(text).toContain('<td>here</td> <td>3</td> <td>200 [')
  expect(text).toContain('<td>Another</td> <td>10</td> <td>851 ± 373</td><td></td>')
  expect(text).toContain('deterministic')
  expect(text).toContain('best of all')
  expect(text).toContain('-v3')
})

it('has no row for a task that nobody published', () => {
  const text = publishedTable(plot, [{ label: 'Ball', env: 'ball', cells: [] }]).markup
  expect(text).toContain('Ball')
  expect(text).not.toContain('<td>Another</td>')
})
