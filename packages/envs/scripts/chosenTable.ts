import type { Chosen, EnvInfo } from '@maxent/envs'
import { generalChosen, listEnvs } from '@maxent/envs'

/** Rows of the README's table of what no source gives: where, what, value, reason. One row for what environments share. */
export function chosenTable(envs: readonly EnvInfo[] = listEnvs()): string[][] {
  const rows = new Map<string, { readonly entry: Chosen; readonly ids: string[] }>()
  for (const { id, chosen } of envs) {
    for (const entry of chosen) {
      const key = JSON.stringify(entry)
      const row = rows.get(key) ?? { entry, ids: [] }
      row.ids.push(`\`${id}\``)
      rows.set(key, row)
    }
  }
  const cells = ({ name, value, reason }: Chosen): string[] => [
    name,
    typeof value === 'object' ? value.join(', ') : String(value),
    reason,
  ]
  return [
    ['where', 'chosen', 'value', 'reason'],
    ...generalChosen.map((entry) => ['all', ...cells(entry)]),
    ...[...rows.values()].map(({ entry, ids }) => [ids.join(', '), ...cells(entry)]),
  ]
}

/** A table in Markdown. */
export function markdown([head, ...rows]: string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
