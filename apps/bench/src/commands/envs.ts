import { listEnvs } from '@maxent/envs'
import type { Command } from 'commander'
import { textTable } from '../terminal/table.ts'

/** `bench envs`: every environment. */
export function addEnvs(bench: Command): void {
  bench
    .command('envs')
    .description('every environment: id, body, task, observation groups, action size')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      console.log(json ? JSON.stringify(listEnvs()) : table())
    })
}

function table(): string {
  return textTable([
    ['ENVIRONMENT', 'BODY', 'TASK', 'OBSERVATION', 'ACTIONS', 'DESCRIPTION'],
    ...listEnvs().map(({ id, body, task, observation, actionSize, description }) => [
      id,
      body,
      task,
      Object.entries(observation)
        .map(([group, length]) => `${group} ${length}`)
        .join(', '),
      String(actionSize),
      description,
    ]),
  ])
}
