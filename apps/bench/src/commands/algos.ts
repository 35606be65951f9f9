import { describeConfig, type ConfigField } from '@maxent/core'
import type { Command } from 'commander'
import { algorithms } from '../registry/algorithms.ts'
import { textTable } from '../terminal/table.ts'

/** `bench algos`: every algorithm with its config fields. */
export function addAlgos(bench: Command): void {
  bench
    .command('algos')
    .description('every algorithm: package and config fields with rule, default and meaning')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      const all = describeAlgorithms()
      console.log(json ? JSON.stringify(all) : all.map(page).join('\n\n'))
    })
}

interface AlgorithmDescription {
  readonly id: string
  readonly package: string
  readonly description: string
  readonly config: readonly ConfigField[]
}

function describeAlgorithms(): AlgorithmDescription[] {
  return Object.entries(algorithms).map(([id, { package: name, description, rules }]) => ({
    id,
    package: name,
    description,
    config: describeConfig(rules.schema, rules.defaults),
  }))
}

function page({ id, package: name, description, config }: AlgorithmDescription): string {
  const rows = config.map((field) => [
    `  --set ${field.name}=${field.default === undefined ? '' : JSON.stringify(field.default)}`,
    field.rule,
    field.when === undefined ? field.doc : `(where ${field.when}) ${field.doc}`,
  ])
  return `${id} (${name}): ${description}\n${textTable([['  SETTING=DEFAULT', 'RULE', 'MEANING'], ...rows])}`
}
