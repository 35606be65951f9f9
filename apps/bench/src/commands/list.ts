import type { Command } from 'commander'
import { suites } from '../registry/suites.ts'
import { textTable } from '../terminal/table.ts'

/** `bench list`: the experiments, ready and planned. */
export function addList(bench: Command): void {
  bench
    .command('list')
    .description('the experiments of the papers: id, figure, claim, and whether the suite is ready')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      console.log(json ? JSON.stringify(suites) : table())
    })
}

function table(): string {
  return textTable([
    ['SUITE', 'PAPER', 'FIGURE', 'STATUS', 'CLAIM'],
    ...suites.map(({ id, paper, figure, status, claim }) => [id, paper, figure, status, claim]),
  ])
}
