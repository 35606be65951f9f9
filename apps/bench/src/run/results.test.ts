import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { cellResult } from './cellResult.testData.ts'
import type { CellResult } from './cellResult.ts'
import { expandGrid, type Cell } from './grid.ts'
import { cellFile, cellFolder, checkResultsFolder, findCells, unfinishedCells, writeCell } from './results.ts'
import { madeUpSuite } from './suite.testData.ts'

const root = mkdtempSync(join(tmpdir(), 'results-'))
afterAll(() => rmSync(root, { recursive: true }))
let out = ''
beforeEach(() => {
  out = mkdtempSync(join(root, 'out-'))
})

const profile = { minutes: 1, seeds: 2, scale: 'small' }
const grid = (revision: number): readonly Cell[] =>
  expandGrid(madeUpSuite(), { profile, revision: { '@maxent/sac': revision } })

function resultOf({ arm, seed, settings, identity, revision }: Cell): CellResult {
  return cellResult({ arm: arm.id, seed, settings, identity, revision })
}

it('gives back what was written, and tells what is missing', async () => {
  const cells = grid(1)
  expect(await findCells(out, cells)).toEqual({ current: [], stale: [], missing: cells, damaged: [] })
  for (const cell of cells.slice(0, 3)) await writeCell(out, cell, resultOf(cell))
  expect(await findCells(out, cells)).toEqual({
    current: cells.slice(0, 3).map(resultOf),
    stale: [],
    missing: cells.slice(3),
    damaged: [],
  })
  expect(readdirSync(join(out, 'made-up'))).toHaveLength(3)
  expect(readFileSync(cellFile(out, cells[0]), 'utf8').split('\n')[1]).toBe('"format": 1,')
})

it('keeps cells of another revision apart, whether it is older or newer', async () => {
  const [before, now] = [grid(1), grid(2)]
  await writeCell(out, before[0], resultOf(before[0]))
  await writeCell(out, now[1], resultOf(now[1]))
  const found = await findCells(out, now)
  expect(found.current).toEqual([resultOf(now[1])])
  expect(found.stale).toEqual([resultOf(before[0])])
  expect(found.missing).toEqual([now[0], ...now.slice(2)])
  expect((await findCells(out, before)).stale).toEqual([resultOf(now[1])])
})

it('leaves cells of other settings alone', async () => {
  const [cell] = grid(1)
  await writeCell(out, cell, resultOf(cell))
  const { grid: arms } = madeUpSuite()
  const changed = madeUpSuite({ grid: arms.map((arm) => ({ ...arm, settings: { level: 2 } })) })
  const found = await findCells(out, expandGrid(changed, { profile, revision: { '@maxent/sac': 1 } }))
  expect([found.current, found.stale]).toEqual([[], []])
})

it('names a damaged file, and counts its cell as missing', async () => {
  const [cell, ...others] = grid(1)
  await writeCell(out, cell, resultOf(cell))
  const file = cellFile(out, cell)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 200))
  const { current, missing, damaged } = await findCells(out, [cell, ...others])
  expect(current).toEqual([])
  expect(missing).toHaveLength(4)
  expect(damaged).toEqual([{ file, reason: expect.stringContaining('must be JSON') as string }])
})

it('finds the cells that were begun', async () => {
  const cells = grid(1)
  expect(await unfinishedCells(out, cells)).toEqual([])
  mkdirSync(cellFolder(out, cells[2]), { recursive: true })
  expect(await unfinishedCells(out, cells)).toEqual([cells[2]])
})

it('refuses a folder that holds something else, and a file', async () => {
  await checkResultsFolder(join(out, 'new'), ['made-up'])
  mkdirSync(join(out, 'made-up'))
  writeFileSync(join(out, 'summary.json'), '[]')
  await checkResultsFolder(out, ['made-up'])
  writeFileSync(join(out, 'thesis.docx'), '')
  await expect(checkResultsFolder(out, ['made-up'])).rejects.toThrow(
    /run: --out must be a folder of results, or a new one, got .*, which holds "thesis.docx", name another folder/,
  )
  await expect(checkResultsFolder(join(out, 'thesis.docx'), [])).rejects.toThrow(
    /--out must be a folder, got the file/,
  )
})
