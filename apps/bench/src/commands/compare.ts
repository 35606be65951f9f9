import type { Command } from 'commander'

/** `bench compare`: two folders of results side by side. */
export function addCompare(bench: Command): void {
  bench
    .command('compare')
    .description('two folders of results side by side, with the differences that are significant')
    .argument('<a>', 'folder of results')
    .argument('<b>', 'folder of results')
    .option('--html <file>', 'also write a page with tables and learning curves')
    .option('--json', 'as JSON')
    .action(async (a: string, b: string, { html, json }: { html?: string; json?: boolean }) => {
      const { loadSuites } = await import('../suites/index.ts')
      const { readResultsFolder } = await import('../report/resultsFolder.ts')
      const { compareFolders } = await import('../report/comparison.ts')
      const { comparisonText } = await import('../report/comparisonText.ts')
      const { renderComparison } = await import('../report/comparisonPage.ts')
      const { writeWholeFile } = await import('@maxent/train/node')
      const { quietTfjs } = await import('../quietTfjs.ts')
      quietTfjs()
      const suites = await loadSuites()
      const comparison = compareFolders(
        await readResultsFolder(a, suites),
        await readResultsFolder(b, suites),
      )
      if (html !== undefined) {
        await writeWholeFile(html, renderComparison(comparison))
        console.error(`Comparison: ${html}`)
      }
      if (json !== true) return console.log(comparisonText(comparison))
      const { folders, tested, notes } = comparison
      const shared = comparison.suites.map(({ suite, profile, verdicts, scalars }) => ({
        id: suite.id,
        profile,
        verdicts,
        scalars,
      }))
      console.log(JSON.stringify({ folders, tested, notes, suites: shared }))
    })
}
