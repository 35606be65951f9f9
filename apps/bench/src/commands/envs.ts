import type { EnvInfo } from '@maxent/envs'
import type { Command } from 'commander'
import { textTable } from '../terminal/table.ts'

/** `bench envs`: every environment. */
export function addEnvs(bench: Command): void {
  bench
    .command('envs')
    .description('every environment: id, body, task, observation groups, action size')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { listEnvs } = await import('@maxent/envs')
      const envs = listEnvs()
      console.log(json ? JSON.stringify(envs) : table(envs))
    })
}

function table(envs: readonly EnvInfo[]): string {
  return textTable([
    ['ENVIRONMENT', 'BODY', 'TASK', 'OBSERVATION', 'ACTIONS', 'DESCRIPTION'],
    ...envs.map(({ id, body, task, observation, actionSize, description }) => [
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
