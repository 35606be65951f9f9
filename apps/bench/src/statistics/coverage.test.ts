import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { coverageTable, simulateCoverage } from './coverage.ts'

const rows = simulateCoverage({ dataSets: 250, seed: 2 })

it('finds the coverage that docs/statistics.md prints, within Monte Carlo error', () => {
  const page = readFileSync(new URL('../../../../docs/statistics.md', import.meta.url), 'utf8')
  const printed = new Map(
    [...page.matchAll(/^\| (.+?) +\| (normal|skewed) +\|(.*)\|$/gm)].flatMap(([, interval, law, cells]) =>
      cells
        .split('|')
        .map((cell, i) => [`${interval} ${law} ${[3, 5, 10][i]}`, parseFloat(cell) / 100] as const),
    ),
  )
  expect(printed.size).toBe(rows.length)
  for (const { interval, law, runs, coverage } of rows) {
    const expected = printed.get(`${interval} ${law} ${runs}`) ?? NaN
    const error = Math.sqrt((expected * (1 - expected)) / 250)
    expect(Math.abs(coverage - expected), `${interval}, ${law}, ${runs} runs`).toBeLessThan(4 * error + 0.001)
  }
})

it("covers exactly where theory says so: Student's interval of normal data", () => {
  for (const { coverage } of rows.filter(
    ({ interval, law }) => interval === 'mean, Student' && law === 'normal',
  ))
    expect(Math.abs(coverage - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 250))
})

it('repeats with its seed, and prints a line per interval and law', () => {
  const few = simulateCoverage({ dataSets: 3, seed: 1 })
  expect(simulateCoverage({ dataSets: 3, seed: 1 })).toEqual(few)
  expect(coverageTable(few).split('\n')).toHaveLength(2 + few.length / 3)
})

it('refuses to simulate nothing', () => {
  expect(() => simulateCoverage({ dataSets: 0, seed: 1 })).toThrow(
    'dataSets must be an integer from 1, got 0',
  )
})
