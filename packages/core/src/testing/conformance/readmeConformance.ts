import type * as z from 'zod'
import { describeConfig } from '../../config/describe.ts'
import type { AnyAlgorithm } from '../../contracts.ts'
import { foldIn, key } from '../../keys/index.ts'
import { drawUpdateArgs } from './batches.ts'
import { assert, type Check } from './checks.ts'
import { registerChecks } from './register.ts'
import { start } from './run.ts'

/** The page of an algorithm and what it must agree with. */
export interface ReadmeConformanceOptions {
  /** What the group of tests is called. */
  readonly name: string
  /** The page, with a table of the config between `<!-- config -->` and `<!-- /config -->`, and one of the metrics between such marks. */
  readonly readme: string
  /** The rules of the config. */
  readonly schema: z.ZodType
  /** The value of every field that is not given. */
  readonly defaults: object
  /** The algorithm with a small batch: several where they differ in what they measure. */
  make(): readonly AnyAlgorithm[]
}

/** Tests that the tables of an algorithm's README are true. Called at the top of a test file. */
export function readmeConformance(options: ReadmeConformanceOptions): void {
  registerChecks(options.name, readmeChecks(options))
}

/** The properties that {@link readmeConformance} tests. */
export function readmeChecks({ readme, schema, defaults, make }: ReadmeConformanceOptions): readonly Check[] {
  return [
    {
      title: 'lists the fields, defaults, rules and meanings of the config',
      run: () => {
        const [found, wanted] = [rowsOf(part(readme, 'config')), rowsOf(configTable(schema, defaults))]
        const lost = wanted.filter((row) => !found.includes(row))
        assert(
          found.join('\n') === wanted.join('\n'),
          () =>
            `the table of the config must be\n\n${configTable(schema, defaults)}\n\ngot no ${lost.join(', nor ') || 'such order'}`,
        )
      },
    },
    {
      title: 'defines the metrics that updates return, and no others',
      run: () => {
        const defined = [...part(readme, 'metrics').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
        const returned = [...new Set(make().flatMap(metricsOf))]
        assert(
          defined.toSorted().join() === returned.toSorted().join(),
          () => `the table of metrics must define ${returned.join(', ')}, got ${defined.join(', ')}`,
        )
      },
    },
  ]
}

/** What stands between a page's marks. */
function part(readme: string, name: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [readme.indexOf(open), readme.indexOf(close)]
  assert(from >= 0 && to > from, () => `the page must have ${open} and ${close} around a table, got none`)
  return readme.slice(from + open.length, to).trim()
}

/** Without the padding that a formatter gives. */
function rowsOf(table: string): string[] {
  return table.split('\n').map((row) => row.replace(/ *\| */g, '|').replace(/-+/g, '-'))
}

function configTable(schema: z.ZodType, defaults: object): string {
  const rows = describeConfig(schema, defaults).map(({ name, doc, rule, when, ...field }) => {
    const value = field.default === undefined ? '' : `\`${literal(field.default)}\``
    const condition = when === undefined ? '' : ` (where ${when})`
    return `| \`${name}\` | ${value} | ${rule} | ${doc}${condition} |`
  })
  return ['| field | default | must be | meaning |', '| - | - | - | - |', ...rows].join('\n')
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** The names of what the updates of a schedule measure. */
function metricsOf(algorithm: AnyAlgorithm): readonly string[] {
  const run = start(algorithm as never, 1)
  const names = (algorithm.schedule ?? [algorithm]).flatMap((_, i) =>
    Object.keys(run.step(drawUpdateArgs(algorithm as never, foldIn(key(1), i)))),
  )
  run.dispose()
  return names
}
