import { listEnvs } from '@maxent/envs'

/** Rows of the README's table of what training and tests draw their tasks from: the distribution, where. */
export function taskTable(): string[][] {
  const rows = new Map<string, string[]>()
  for (const { id, distribution } of listEnvs()) {
    rows.set(distribution, [...(rows.get(distribution) ?? []), `\`${id}\``])
  }
  return [['tasks', 'where'], ...[...rows].map(([distribution, ids]) => [distribution, ids.join(', ')])]
}
