import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { invocation } from '../invocation.ts'
import { quoted } from './values.ts'

/** `bench report`: the results of a folder as a page and as a summary. */
export function addReport(bench: Command): void {
  bench
    .command('report')
    .description('report.html and summary.json of a folder of results: verdicts, figures, tables, settings')
    .argument('[dir]', 'folder of results (default: those that are committed)')
    .option('--json', 'end with one line of JSON, the summary')
    .action(async (dir: string | undefined, { json }: { json?: boolean }) => {
      const { committedResults } = await import('../run/results.ts')
      const { loadSuites } = await import('../suites/index.ts')
      const { readResultsFolder } = await import('../report/resultsFolder.ts')
      const { renderResults } = await import('../report/resultsPage.ts')
      const { keepSummary } = await import('../run/runSuites.ts')
      const { writeWholeFile } = await import('@maxent/train/node')
      const { quietTfjs } = await import('../quietTfjs.ts')
      quietTfjs()
      const folder = dir ?? (relative('.', committedResults) || '.')
      const results = await readResultsFolder(folder, await loadSuites())
      for (const { file, reason } of results.damaged)
        console.error(`${file} holds no complete cell and is passed over: ${reason}`)
      for (const { suite, stale } of results.suites)
        if (stale.length > 0)
          console.error(
            `${suite.id}: ${stale.length} cells are of another learning revision; they enter no verdict`,
          )
      const summary = results.suites.map((suite) => suite.summary)
      await keepSummary(folder, summary)
      const page = join(folder, 'report.html')
      const command = ({ suite, profile }: (typeof results.suites)[number]): string =>
        `${invocation} run ${suite.id} --profile ${profile} --out ${quoted(folder)}`
      await writeWholeFile(page, renderResults(results, { writtenAt: new Date(), command }))
      console.error(`Report: ${page}`)
      if (json === true) console.log(JSON.stringify(summary))
    })
}
