import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JSDOM } from 'jsdom'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { summarySchema } from '../report/summary.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import { expandGrid } from '../run/grid.ts'
import { writeCell } from '../run/results.ts'
import { revisionOf } from '../run/revision.ts'
import { loadSuites, profileOf } from '../suites/index.ts'
import { createBench } from './bench.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'))
  const { tour } = await loadSuites()
  const revision = await revisionOf(tour.packages)
  for (const cell of expandGrid(tour, { profile: profileOf(tour, 'smoke'), revision })) {
    const { suite, arm, seed, identity, settings } = cell
    const known = { suite, arm: arm.id, seed, identity, settings, revision: cell.revision }
    await writeCell(folder, cell, cellResult({ ...known, scalars: { return: 12 } }))
  }
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const bench = (...args: string[]): Promise<unknown> => createBench().parseAsync(args, { from: 'user' })

describe('bench report', () => {
  it('leaves a page and a summary, and prints the summary', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await bench('report', folder, '--json')
    const summary = summarySchema.parse(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')))
    expect(summary).toMatchObject([{ id: 'tour', profile: 'smoke', verdict: 'inconclusive', seeds: 1 }])
    expect(JSON.parse(print.mock.calls[0]?.[0] as string)).toEqual(summary)
    const page = new JSDOM(await readFile(join(folder, 'report.html'), 'utf8'))
    expect(page.window.document.body.textContent).toContain(`bench run tour --profile smoke --out ${folder}`)
  })

  it('refuses a folder that holds something else', async () => {
    await expect(bench('report', join(folder, 'tour'))).rejects.toThrow(
      /^report: a folder must hold results of bench run, one folder per suite, got .*name another folder$/,
    )
  })
})

describe('bench compare', () => {
  it('shows both folders and leaves a page where one is asked for', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const html = join(folder, 'compared.html')
    await bench('compare', folder, folder, '--html', html)
    expect(print.mock.calls[0]?.[0]).toMatch(
      /tour, smoke: A inconclusive, B inconclusive\n.*\n.*return +12 \(1\) +12 \(1\) +not tested/,
    )
    expect(await readFile(html, 'utf8')).toContain('Two folders of results')
  })
})
