import type { Command } from 'commander'
import { coreTime } from '../report/numbers.ts'
import type { Listed } from '../suites/index.ts'
import { textTable } from '../terminal/table.ts'

/** `bench list`: the experiments, ready and planned. */
export function addList(bench: Command): void {
  bench
    .command('list')
    .description('the experiments of the papers: id, figure, claim, and whether the suite is ready')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { listSuites } = await import('../suites/index.ts')
      const suites = await listSuites()
      console.log(json ? JSON.stringify(suites) : table(suites))
    })
}

function table(suites: readonly Listed[]): string {
  return textTable([
    ['SUITE', 'PAPER', 'FIGURE', 'STATUS', 'TIME OF ONE CORE', 'CLAIM'],
    ...suites.map(({ id, paper, figure, status, profiles, claim }) => [
      id,
      paper,
      figure,
      status,
      Object.entries(profiles)
        .map(([name, minutes]) => `${name} ${coreTime(minutes)}`)
        .join(', '),
      claim,
    ]),
  ])
}
