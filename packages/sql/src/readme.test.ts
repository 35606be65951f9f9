import { readFileSync } from 'node:fs'
import { describeConfig, key } from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise, twoGroups } from '../../baselines/fixtures/transitions.ts'
import { sqlDefaults, sqlSchema } from './config.ts'
import { sql } from './sql.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
function section(name: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  return readme.slice(readme.indexOf(open) + open.length, readme.indexOf(close)).trim()
}

/** The config table as the schema and the defaults have it. */
function configTable(): string {
  const rows = describeConfig(sqlSchema, sqlDefaults).map(({ name, doc, rule, when, ...field }) => {
    const value = 'default' in field ? `\`${literal(field.default)}\`` : ''
    const condition = when === undefined ? '' : ` (where ${when})`
    return `| \`${name}\` | ${value} | ${rule} | ${doc}${condition} |`
  })
  return ['| field | default | must be | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function literal(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map(literal).join(', ')}]`
    : typeof value === 'string'
      ? `'${value}'`
      : String(value)
}

describe('README', () => {
  it('lists the fields, defaults and meanings of the config', () => {
    const plain = (table: string): string => table.replace(/ *\| */g, '|').replace(/-+/g, '-')
    expect(plain(section('config'))).toBe(plain(configTable()))
  })

  it('defines the metrics that updates return, and no others', () => {
    const defined = [...section('metrics').matchAll(/^\| `(\w+)`/gm)].map((match) => match[1])
    const algorithm = sql(twoGroups, { batchSize: 4, hidden: [4], diagnosticsEvery: 1 })
    const noise = makeNoise(algorithm.noise.update)
    const measured = algorithm.schedule?.[0].update(algorithm.init(key(0)), makeBatch(twoGroups, 4), noise)
    expect(defined.sort()).toEqual(Object.keys(measured?.metrics ?? {}).sort())
  })
})
