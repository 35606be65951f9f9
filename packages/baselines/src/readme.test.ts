import { readFileSync } from 'node:fs'
import { describeConfig, key, mapTree } from '@maxent/core'
import type { AnyAlgorithm, TensorSpec, Tree } from '@maxent/core'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { makeNoise } from '../fixtures/transitions.ts'
import * as baselines from './index.ts'

interface Page {
  readonly folder: string
  readonly schema: z.ZodObject<z.ZodRawShape>
  readonly defaults: object
  readonly make: () => AnyAlgorithm
}

const spec = { observation: { proprio: 2 }, action: { low: [-1], high: [1] } }
const small = { batchSize: 2, hidden: [4] }
const pages: readonly Page[] = [
  {
    folder: 'td3',
    schema: baselines.td3Schema,
    defaults: baselines.td3Defaults,
    make: () => baselines.td3(spec, small),
  },
  {
    folder: 'ddpg',
    schema: baselines.ddpgSchema,
    defaults: baselines.ddpgDefaults,
    make: () => baselines.ddpg(spec, small),
  },
  {
    folder: 'naf',
    schema: baselines.nafSchema,
    defaults: baselines.nafDefaults,
    make: () => baselines.naf(spec, small),
  },
  {
    folder: 'ppo',
    schema: baselines.ppoSchema,
    defaults: baselines.ppoDefaults,
    make: () => baselines.ppo(spec, small),
  },
  {
    folder: 'trust-pcl',
    schema: baselines.trustPclSchema,
    defaults: baselines.trustPclDefaults,
    make: () => baselines.trustPcl(spec, { ...small, length: 2 }),
  },
]

function section(readme: string, name: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  return readme.slice(readme.indexOf(open) + open.length, readme.indexOf(close)).trim()
}

/** The config table as the schema and the defaults have it. */
function configTable({ schema, defaults }: Page): string {
  const rows = describeConfig(schema, defaults).map(({ name, doc, rule, when, ...field }) => {
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

describe.each(pages)('README of $folder', (page) => {
  const readme = readFileSync(new URL(`${page.folder}/README.md`, import.meta.url), 'utf8')

  it('lists the fields, defaults and meanings of the config', () => {
    const plain = (table: string): string => table.replace(/ *\| */g, '|').replace(/-+/g, '-')
    expect(plain(section(readme, 'config'))).toBe(plain(configTable(page)))
  })

  it('defines the metrics that update returns, and no others', () => {
    const defined = [...section(readme, 'metrics').matchAll(/^\| `(\w+)`/gm)].map((match) => match[1])
    const algorithm = page.make()
    const batch = mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(algorithm.batch, ({ shape }) =>
      tf.ones([...shape]),
    )
    const { metrics } = algorithm.update(algorithm.init(key(0)), batch, makeNoise(algorithm.noise.update))
    expect(defined.sort()).toEqual(Object.keys(metrics).sort())
  })
})
