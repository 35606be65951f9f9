import type { Command } from 'commander'
import type { Described } from '../registry/described.ts'
import { textTable } from '../terminal/table.ts'

/** `bench algos`: every algorithm with its config fields, and those of the loop. */
export function addAlgos(bench: Command): void {
  bench
    .command('algos')
    .description('every algorithm: package and config fields with rule, default and meaning')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { describeAlgorithms, loop } = await import('../registry/described.ts')
      console.log(
        json ? JSON.stringify(describeAlgorithms()) : [...describeAlgorithms(), loop].map(page).join('\n\n'),
      )
    })
}

function page({ id, package: name, description, config, presets }: Described): string {
  const rows = config.map((field) => [
    `  --set ${field.name}=${settingText(field.default)}`,
    field.rule,
    field.when === undefined ? field.doc : `(where ${field.when}) ${field.doc}`,
  ])
  const settings = textTable([['  SETTING=DEFAULT', 'RULE', 'MEANING'], ...rows])
  const named = presets.map((preset) => [`  --preset ${preset.name}`, preset.env ?? '', preset.source])
  const list = named.length === 0 ? '' : `\n${textTable([['  PRESET', 'ENVIRONMENT', 'SOURCE'], ...named])}`
  return `${id} (${name}): ${description}\n${settings}${list}`
}

/** A value as `--set` takes it. */
function settingText(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
