import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

/** `bench results-table`: writes the table of the README from the committed results. */
export function addResultsTable(bench: Command): void {
  bench
    .command('results-table')
    .description('write the results table of the README from the committed results')
    .action(async () => {
      const { writeWholeFile } = await import('@maxent/train/node')
      const { committedResults } = await import('../run/results.ts')
      const { resultsTable, withResults } = await import('../report/resultsTable.ts')
      const { summarySchema } = await import('../report/summary.ts')
      const path = fileURLToPath(new URL('../../../../README.md', import.meta.url))
      const summary = summarySchema.parse(
        JSON.parse(await readFile(join(committedResults, 'summary.json'), 'utf8')),
      )
      await writeWholeFile(path, withResults(await readFile(path, 'utf8'), resultsTable(summary)))
      console.log(path)
    })
}
