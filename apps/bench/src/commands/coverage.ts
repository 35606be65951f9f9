import type { Command } from 'commander'
import { count } from './values.ts'

/** `bench coverage`: how often the intervals that decide verdicts hold the truth, as docs/statistics.md prints it. */
export function addCoverage(bench: Command): void {
  bench
    .command('coverage')
    .description('simulates how often the intervals that may decide a verdict hold the truth')
    .option('--data-sets <n>', 'simulated data sets per line', count, 4000)
    .option('--json', 'as JSON')
    .action(async ({ dataSets, json }: { dataSets: number; json?: boolean }) => {
      const { simulateCoverage, coverageTable } = await import('../statistics/coverage.ts')
      const rows = simulateCoverage({ dataSets, seed: 1 })
      console.log(json ? JSON.stringify(rows) : coverageTable(rows))
    })
}
