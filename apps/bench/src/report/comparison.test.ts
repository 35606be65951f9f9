import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JSDOM } from 'jsdom'
import { afterAll, describe, expect, it } from 'vitest'
import type { CellResult } from '../run/cellResult.ts'
import { welchDifference } from '../statistics/tests.ts'
import { compareFolders, type Comparison } from './comparison.ts'
import { renderComparison } from './comparisonPage.ts'
import { comparisonText } from './comparisonText.ts'
import { readResultsFolder, type ResultsFolder } from './resultsFolder.ts'
import { syntheticSuite, writeSyntheticCells } from './syntheticResults.testData.ts'

const suite = syntheticSuite('made-up', { arms: 3, seeds: 5, points: 5 })
const other = syntheticSuite('elsewhere', { arms: 1, seeds: 1, points: 5 })
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function read(change: (cell: CellResult) => CellResult, suites = [suite]): Promise<ResultsFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'compare-'))
  folders.push(folder)
  for (const one of suites) await writeSyntheticCells(folder, one, { points: 5, change })
  return readResultsFolder(folder, Object.fromEntries(suites.map((one) => [one.id, one])))
}

const shifted =
  (arm: string, by: number) =>
  (cell: CellResult): CellResult =>
    cell.arm === arm ? { ...cell, scalars: { ...cell.scalars, return: cell.scalars.return + by } } : cell

const returns = ({ suites }: Comparison): Comparison['suites'][number]['scalars'] =>
  suites[0].scalars.filter(({ scalar }) => scalar === 'return')

describe('two folders', () => {
  it('with the same results differ in nothing', async () => {
    const same = await read((cell) => cell)
    const comparison = compareFolders(same, same)
    expect(comparison.tested).toBe(6)
    for (const { difference } of comparison.suites[0].scalars)
      expect(difference).toMatchObject({ value: 0, probability: 0.5, pValue: 1, significant: false })
  })

  it('have the arm marked that differs, and no other', async () => {
    const comparison = compareFolders(await read((cell) => cell), await read(shifted('arm-1', 200)))
    expect(returns(comparison).map(({ difference }) => difference?.significant)).toEqual([false, true, false])
    const [, marked] = returns(comparison)
    expect(marked.difference).toMatchObject({ value: expect.closeTo(200) as number, probability: 1 })
    expect(comparisonText(comparison)).toMatch(
      /discount 0\.91 +return +\S+ \(5\) +\S+ \(5\) +200 \[\S+, \S+\] +1\.00 .*\*$/m,
    )
    expect(comparisonText(comparison)).toContain(
      "6 differences were tested by Welch's test and corrected together by Holm's method",
    )
  })

  it('have p-values that count how many differences were tested', async () => {
    const [a, b] = [await read((cell) => cell), await read(shifted('arm-1', 35))]
    const values = (folder: ResultsFolder): number[] =>
      folder.suites[0].cells.filter(({ arm }) => arm === 'arm-1').map(({ scalars }) => scalars.return)
    const { pValue } = welchDifference(values(b), values(a))
    // All others are exactly equal, with p = 1: Holm multiplies the smallest by the number of tests.
    expect(returns(compareFolders(a, b))[1].difference?.pValue).toBeCloseTo(Math.min(1, 6 * pValue), 10)
  })

  it('are compared across learning revisions, which is said', async () => {
    const before = await read((cell) => ({ ...cell, revision: { '@maxent/sac': 0 } }))
    const comparison = compareFolders(before, await read((cell) => cell))
    expect(returns(comparison)[0].a.seeds).toBe(5)
    expect(comparison.suites[0].verdicts).toEqual(['inconclusive', 'holds'])
    expect(comparison.notes.join()).toContain('15 cells in')
    expect(comparison.notes.join()).toContain('are of another learning revision')
  })

  it('are not tested where a side has one seed, and what one lacks is named', async () => {
    const single = { ...suite, profiles: { quick: { minutes: 1, seeds: 1, scale: 'made up' } } }
    const comparison = compareFolders(
      await read((cell) => cell, [single]),
      await read((cell) => cell, [single, other]),
    )
    expect(comparison.tested).toBe(0)
    const text = comparisonText(comparison)
    expect(text).toContain('not tested')
    expect(text).toContain('No difference was tested: that takes two seeds on either side.')
    expect(text).toMatch(/elsewhere, quick: only in /)
  })

  it('stand side by side on a page that needs nothing beside it', async () => {
    const comparison = compareFolders(await read((cell) => cell), await read(shifted('arm-0', 90)))
    const markup = renderComparison(comparison)
    const { document } = new JSDOM(markup).window
    expect(document.querySelectorAll('[src], [href]')).toHaveLength(0)
    expect(document.querySelectorAll('section table tr')).toHaveLength(7)
    expect(
      [...document.querySelectorAll('.legend li')].slice(0, 2).map(({ textContent }) => textContent.trim()),
    ).toEqual(['A: discount 0.90 (5 seeds)', 'B: discount 0.90 (5 seeds)'])
  })
})
