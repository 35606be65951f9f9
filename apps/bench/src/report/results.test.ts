import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JSDOM } from 'jsdom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Suite } from '../suites/suite.ts'
import { readResultsFolder, type ResultsFolder } from './resultsFolder.ts'
import { renderResults } from './resultsPage.ts'
import { syntheticSuite, writeSyntheticCells } from './syntheticResults.testData.ts'

const folders: string[] = []

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'results-'))
  folders.push(folder)
  return folder
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

const options = {
  writtenAt: new Date('2026-11-21T10:00:00Z'),
  command: () => 'bench run made-up --profile quick',
}

const text = (element: Element | null): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim()

describe('a folder of results', () => {
  const suite = syntheticSuite('made-up', { arms: 3, seeds: 5, points: 400 })
  let results: ResultsFolder
  let document: Document
  let markup: string

  beforeAll(async () => {
    const folder = await newFolder()
    await writeSyntheticCells(folder, suite, {
      points: 400,
      change: (cell) => (cell.arm === 'arm-1' && cell.seed === 2 ? { ...cell, damagedLines: 3 } : cell),
    })
    await writeFile(join(folder, 'made-up', 'cut.json'), '{"format": 1, "suite"')
    results = await readResultsFolder(folder, { 'made-up': suite })
    markup = renderResults(results, options)
    document = new JSDOM(markup).window.document
  })

  it('shows the profile that was run and no other, verdict table first', () => {
    expect(results.suites.map(({ profile }) => profile)).toEqual(['quick'])
    const [table] = document.querySelectorAll('table')
    expect(table.className).toBe('verdicts')
    expect(text(table)).toContain('✓ holds fails 5')
  })

  it('needs nothing beside it: no reference leaves the file', () => {
    const references = [...document.querySelectorAll('[src], [href]')].map(
      (element) => element.getAttribute('href') ?? 'src',
    )
    expect(references.filter((reference) => !reference.startsWith('#'))).toEqual([])
    expect(references).toEqual(['#made-up-quick'])
    expect(document.getElementById('made-up-quick')).not.toBeNull()
    expect(markup).not.toMatch(/url\(|@import/)
  })

  it('draws every plot of the suite, told apart by dashes and symbols and not by hue alone', () => {
    const titles = [...document.querySelectorAll('figcaption')].map((caption) => text(caption))
    expect(titles).toEqual(
      ['Return', 'Temperature', 'Returns at the end', 'Return and temperature', 'After learning'].concat([
        'Swinging: Five seconds, a picture each half second',
      ]),
    )
    const figure = document.querySelector('figure svg[aria-label="Return"]')
    const lines = [...(figure?.querySelectorAll('g[aria-label="line"]') ?? [])]
    expect(new Set(lines.map((line) => line.getAttribute('stroke-dasharray'))).size).toBe(3)
    const swatches = [...document.querySelectorAll('.legend')[0].querySelectorAll('g[aria-label="line"]')]
    expect(swatches.map((line) => line.getAttribute('stroke-dasharray'))).toEqual(
      lines.map((line) => line.getAttribute('stroke-dasharray')),
    )
    expect(text(document.querySelector('svg[aria-label="Returns at the end"]'))).toContain('discount 0.90')
    const symbols = [...document.querySelectorAll('.legend')[0].querySelectorAll('g[aria-label="dot"] > *')]
    expect(new Set(symbols.map((symbol) => symbol.getAttribute('d'))).size).toBe(3)
    expect(figure?.querySelectorAll('g[aria-label="area"]')).toHaveLength(3)
  })

  it('thins long curves and says so', () => {
    expect(text(document.querySelector('figure .description'))).toContain('mean of 3 successive values')
    const path = document.querySelector('figure svg[aria-label="Return"] g[aria-label="line"] path')
    expect(path?.getAttribute('d')?.split('L')).toHaveLength(Math.ceil(400 / 3))
  })

  it('gives both intervals and the number of seeds of every arm', () => {
    const row = [...document.querySelectorAll('figure tr')].find((tr) => text(tr).startsWith('discount 0.92'))
    expect(text(row ?? null)).toMatch(/^discount 0\.92 5 [\d.]+ \[[\d.]+, [\d.]+\][\d.]+ \[[\d.]+, [\d.]+\]/)
  })

  it('states settings, differences, machine, commit, revision and command', () => {
    const section = text(document.getElementById('made-up-quick'))
    for (const part of [
      'config.gamma = 0.91',
      'config.batchSize: 256 here, 128 in the paper',
      'nothing here was ever run',
      'Machine: Test CPU <9000>, 2 cores, linux x64',
      'Commit 0123456789ab+ (+: with changes that were not committed)',
      'Learning revision @maxent/sac ',
      'bench run made-up --profile quick',
      'at reduced scale: least return',
    ])
      expect(section).toContain(part)
  })

  it('names damaged files and counts the damaged lines of records', () => {
    expect(results.damaged.map(({ file }) => file.endsWith('made-up/cut.json'))).toEqual([true])
    expect(text(document.body)).toMatch(
      /made-up\/cut\.json holds no complete cell and was passed over: parseCellResult: source must be JSON/,
    )
    expect(text(document.body)).toContain('arm-1, seed 2: 3 damaged lines of its record were skipped')
  })
})

describe('results of other revisions and settings', () => {
  const suite = syntheticSuite('made-up', { arms: 2, seeds: 5, points: 10 })

  it('are kept, explained, and judged by nobody', async () => {
    const folder = await newFolder()
    await writeSyntheticCells(folder, suite, {
      points: 10,
      change: (cell) => (cell.seed === 3 ? { ...cell, revision: { '@maxent/sac': 999 } } : cell),
    })
    const results = await readResultsFolder(folder, { 'made-up': suite })
    const [{ summary, stale }] = results.suites
    expect(stale).toHaveLength(2)
    expect(summary).toMatchObject({
      verdict: 'inconclusive',
      seeds: 4,
      cells: { current: 8, stale: 2, missing: 2 },
    })
    expect(renderResults(results, options)).toContain(
      '2 finished cells are of another learning revision (@maxent/sac 999): @maxent/sac learn otherwise since then',
    )
  })

  it('of profiles that share them are shown once, as the profile that is most complete', async () => {
    const folder = await newFolder()
    const { quick } = suite.profiles
    const standard = { minutes: 9, seeds: 9, scale: 'more seeds' }
    const sharing = { ...suite, profiles: { standard, ...(quick === undefined ? {} : { quick }) } }
    await writeSyntheticCells(folder, sharing, { points: 10 })
    const read = async (): Promise<string[]> =>
      (await readResultsFolder(folder, { 'made-up': sharing })).suites.map(({ profile }) => profile)
    expect(await read()).toEqual(['quick'])
    const [{ summary }] = (await readResultsFolder(folder, { 'made-up': sharing })).suites
    await writeFile(join(folder, 'summary.json'), JSON.stringify([{ ...summary, profile: 'standard' }]))
    expect(await read()).toEqual(['standard'])
  })

  it('kept by another suite are judged by both, and counted once', async () => {
    const folder = await newFolder()
    const { quick } = suite.profiles
    const [first, ...others] = suite.grid
    const profiles = { quick: { minutes: 1, scale: 'made up', ...quick, seeds: 5, cellsOf: 'made-up' } }
    const control = { ...suite.control, roles: suite.verdict.roles }
    const reader: Suite = { ...suite, id: 'reader', grid: others, control, plots: [], profiles }
    await writeSyntheticCells(folder, suite, { points: 10 })
    await writeFile(join(folder, 'made-up', 'broken.json'), '{')
    const read = await readResultsFolder(folder, { 'made-up': suite, reader })
    expect(read.suites.map(({ suite: { id }, cells }) => [id, cells.length])).toEqual([
      ['made-up', 10],
      ['reader', 5],
    ])
    const cells = read.suites[1].cells.map(({ arm }) => arm)
    expect(cells).not.toContain(first.id)
    expect(read.suites[1].summary.cells).toEqual({ current: 5, stale: 0, missing: 0 })
    expect(read.unknown).toEqual({})
    expect(read.damaged).toHaveLength(1)
  })

  it('that no profile has today are counted', async () => {
    const folder = await newFolder()
    await writeSyntheticCells(folder, suite, {
      points: 10,
      change: (cell) =>
        cell.seed === 1 ? { ...cell, settings: { ...cell.settings, env: 'elsewhere' } } : cell,
    })
    const results = await readResultsFolder(folder, { 'made-up': suite })
    expect(results.unknown).toEqual({ 'made-up': 2 })
    expect(renderResults(results, options)).toContain(
      'made-up: 2 cells have settings that no profile has today',
    )
  })
})

it('draws the film of the recording that a plot names, and none where no cell has it', async () => {
  const suite = syntheticSuite('made-up', { arms: 1, seeds: 1, points: 10 })
  const film = {
    kind: 'film',
    title: 'The other film',
    arms: ['arm-0'],
    env: 'pendulum',
    recording: 'other',
  } as const
  const drawn = async (names: readonly string[]): Promise<boolean> => {
    const folder = await newFolder()
    await writeSyntheticCells(folder, suite, {
      points: 10,
      change: (cell) => ({
        ...cell,
        recordings: Object.fromEntries(
          names.map((name) => [name, { observations: [[1, 0, 0]], info: [{}] }]),
        ),
      }),
    })
    const results = await readResultsFolder(folder, { 'made-up': { ...suite, plots: [film] } })
    return renderResults(results, options).includes('The other film')
  }
  expect(await drawn(['final', 'other'])).toBe(true)
  expect(await drawn(['final'])).toBe(false)
})

describe('folders without results', () => {
  it('are refused with what they hold', async () => {
    const folder = await newFolder()
    await expect(readResultsFolder(join(folder, 'none'), {})).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('which does not exist, bench run makes one') as string,
    })
    await mkdir(join(folder, 'photos'))
    await writeFile(join(folder, 'taxes.txt'), '')
    const suites = { 'made-up': syntheticSuite('made-up', { arms: 1, seeds: 1, points: 1 }) }
    await expect(readResultsFolder(folder, suites)).rejects.toThrow(
      'which holds "photos", "taxes.txt", name another folder',
    )
    await expect(readResultsFolder(join(folder, 'taxes.txt'), suites)).rejects.toThrow('which is a file')
  })
})

it('builds 200 cells of 1,000 points within 20 seconds and 5 MB', async () => {
  const suites = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [
      `made-up-${i}`,
      syntheticSuite(`made-up-${i}`, { arms: 4, seeds: 5, points: 1_000 }),
    ]),
  )
  const folder = await newFolder()
  for (const suite of Object.values(suites)) await writeSyntheticCells(folder, suite, { points: 1_000 })
  const cpu = process.cpuUsage()
  const markup = renderResults(await readResultsFolder(folder, suites), options)
  const seconds = process.cpuUsage(cpu).user / 1e6
  expect(seconds).toBeLessThan(20)
  expect(Buffer.byteLength(markup)).toBeLessThan(5e6)
})
