import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describeConfig, drawNoise, key, mapTree } from '@maxent/core'
import type { TensorSpec, TransitionBatch, Tree } from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { sacDefaults, sacSchema } from './config.ts'
import { sac } from './sac.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const section = (name: string): string =>
  readme
    .slice(
      readme.indexOf(`<!-- ${name} -->`) + `<!-- ${name} -->`.length,
      readme.indexOf(`<!-- /${name} -->`),
    )
    .trim()

/** The config table as the schema and the defaults have it. */
function configTable(): string {
  const rows = describeConfig(sacSchema, sacDefaults).map(({ name, doc, rule, when, ...field }) => {
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

  it('defines the metrics that update returns, and no others', () => {
    const defined = [...section('metrics').matchAll(/^\| `(\w+)`/gm)].map((match) => match[1])
    const returned = (['critics', 'valueNetwork'] as const).flatMap((bootstrap) => {
      const algorithm = sac(
        { observation: { proprio: 2 }, action: { low: [-1], high: [1] } },
        { batchSize: 2, hidden: [4], bootstrap },
      )
      const noise = mapTree(drawNoise(key(1), algorithm.noise.update), (array: Float32Array) =>
        tf.tensor2d(array, [2, 1]),
      )
      const batch = mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(algorithm.batch, ({ shape }) =>
        tf.ones([...shape]),
      ) as unknown as TransitionBatch
      return Object.keys(algorithm.update(algorithm.init(key(0)), batch, noise).metrics)
    })
    expect(defined.sort()).toEqual([...new Set(returned)].sort())
  })
})
