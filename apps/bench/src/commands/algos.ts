import { describeConfig, type ConfigField } from '@maxent/core'
import type { Command } from 'commander'
import { algorithms } from '../registry/algorithms.ts'
import { trainRules } from '../run/settings.ts'
import { textTable } from '../terminal/table.ts'

/** `bench algos`: every algorithm with its config fields, and those of the loop. */
export function addAlgos(bench: Command): void {
  bench
    .command('algos')
    .description('every algorithm: package and config fields with rule, default and meaning')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      console.log(
        json ? JSON.stringify(describeAlgorithms()) : [...describeAlgorithms(), loop].map(page).join('\n\n'),
      )
    })
}

interface Described {
  readonly id: string
  readonly package: string
  readonly description: string
  readonly config: readonly ConfigField[]
  readonly presets: readonly { readonly name: string; readonly env?: string; readonly source: string }[]
}

function describeAlgorithms(): Described[] {
  return Object.entries(algorithms).map(([id, { package: name, description, rules, presets = {} }]) => ({
    id,
    package: name,
    description,
    config: describeConfig(rules.schema, rules.defaults),
    presets: Object.entries(presets).map(([preset, { env, source }]) => ({
      name: preset,
      ...(env !== undefined && { env }),
      source,
    })),
  }))
}

/** The loop around every algorithm. */
const loop: Described = {
  id: 'train',
  package: '@maxent/train',
  description: 'the loop around every algorithm',
  // These two have options of their own.
  config: describeConfig(trainRules.schema, trainRules.defaults)
    .filter(({ name }) => name !== 'steps' && name !== 'finalEpisodes')
    .map((field) => ({ ...field, name: `train.${field.name}` })),
  presets: [],
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
