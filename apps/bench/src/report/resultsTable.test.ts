import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCellResult } from '../run/cellResult.ts'
import { committedResults, findCells, planCells, readCells } from '../run/results.ts'
import { revisionOf } from '../run/revision.ts'
import { summarise } from '../run/summarise.ts'
import { loadSuites, profileOf } from '../suites/index.ts'
import { resultsSection, resultsTable, withResults } from './resultsTable.ts'
import { summarySchema } from './summary.ts'

const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
const summary = summarySchema.parse(JSON.parse(readFileSync(join(committedResults, 'summary.json'), 'utf8')))

describe('the committed results', () => {
  it('are cells that can be read, in the folder of their suite', () => {
    const folders = readdirSync(committedResults, { withFileTypes: true })
    for (const { name } of folders.filter((entry) => entry.isDirectory() && entry.name !== 'work')) {
      for (const file of readdirSync(join(committedResults, name))) {
        const { suite, commit } = parseCellResult(readFileSync(join(committedResults, name, file), 'utf8'))
        expect(suite, file).toBe(name)
        expect(commit, `${file} must come from a commit`).toMatch(/^[0-9a-f]{12}$/)
      }
    }
  })

  it('give the verdicts of the committed summary', async () => {
    const suites = await loadSuites()
    for (const entry of summary) {
      const suite = suites[entry.id]
      const revision = await revisionOf(suite.packages)
      const { results } = await readCells(committedResults, entry.id)
      const cells = planCells(suite, { profile: profileOf(suite, entry.profile), revision }, results)
      const found = await findCells(committedResults, cells)
      expect(summarise(suite, { profile: entry.profile, revision, found }), entry.id).toEqual(entry)
    }
  })

  it('are those of the README: bench results-table writes it', () => {
    const plain = (table: string): string => table.replace(/ *\| */g, '|').replace(/-{3,}/g, '---')
    expect(plain(resultsSection(readme))).toBe(plain(resultsTable(summary)))
  })
})

it('replaces what stands between the marks, and nothing else', () => {
  const page = 'before\n<!-- results -->\n\nold\n\n<!-- /results -->\nafter'
  expect(withResults(page, 'new')).toBe('before\n<!-- results -->\n\nnew\n\n<!-- /results -->\nafter')
  expect(() => withResults('no marks', 'new')).toThrow('readme must hold <!-- results -->')
})
