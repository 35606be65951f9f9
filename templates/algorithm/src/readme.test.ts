import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describeConfig, drawNoise, key, leaves, mapTree } from '@maxent/core'
import type { TensorSpec, TransitionBatch, Tree } from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { newAlgorithmDefaults, newAlgorithmSchema } from './config.ts'
import { newAlgorithm } from './newAlgorithm.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const rowsOf = (section: string): string[][] => {
  const [open, close] = [`<!-- ${section} -->`, `<!-- /${section} -->`]
  const table = readme.slice(readme.indexOf(open) + open.length, readme.indexOf(close)).trim()
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe('README', () => {
  it('lists the fields, defaults, rules and meanings of the config', () => {
    const fields = describeConfig(newAlgorithmSchema, newAlgorithmDefaults).map((field) => [
      `\`${field.name}\``,
      `\`${JSON.stringify(field.default).replaceAll(',', ', ')}\``,
      field.rule,
      field.doc,
    ])
    expect(rowsOf('config')).toEqual(fields)
  })

  it('defines the metrics that update returns, and no others', () => {
    const algorithm = newAlgorithm(
      { observation: { proprio: 2 }, action: { low: [-1], high: [1] } },
      { batchSize: 2, hidden: [4] },
    )
    const ones = ({ shape }: TensorSpec): Tensor => tf.ones([...shape])
    const batch = mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(algorithm.batch, ones)
    const drawn = leaves<Float32Array>(drawNoise(key(1), algorithm.noise.update))
    const [current, next] = drawn.map((array) => tf.tensor2d(array, [2, 1]))
    const { metrics } = algorithm.update(algorithm.init(key(0)), batch as unknown as TransitionBatch, {
      current,
      next,
    })
    expect(rowsOf('metrics').map(([name]) => name)).toEqual(Object.keys(metrics).map((name) => `\`${name}\``))
  })
})
