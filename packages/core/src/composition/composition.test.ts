import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import {
  checkConstituents,
  compositionRule,
  compositionWeights,
  joinedVectors,
  learnedVector,
  readConstituents,
  weightedSum,
} from './index.ts'
import type { ConstituentTask } from './index.ts'

describe('compositionRule', () => {
  const read = (options: object): object => compositionRule('composeSql', options, ['config'])

  it('is the mean when absent, and what is given', () => {
    expect(read({ config: { hidden: [4] } })).toEqual({ kind: 'mean' })
    expect(read({ rule: { weights: [1, 0] } })).toEqual({ kind: 'mean', weights: [1, 0] })
    expect(read({ rule: { kind: 'sum' } })).toEqual({ kind: 'sum' })
  })

  it.each<[string, object]>([
    ["rule must be a record whose kind is one of 'mean', 'sum', got 'mean'", { rule: 'mean' }],
    ["rule.kind must be one of 'mean', 'sum', got 'average'", { rule: { kind: 'average' } }],
    ['rule.weights must be a list, each entry a finite number', { rule: { weights: Float32Array.of(1) } }],
    ['rule.weights must be a list, each entry a finite number', { rule: { weights: null } }],
    ['rule.weights[1] must be a finite number, got NaN', { rule: { weights: [1, NaN] } }],
    ["rule.weight must be a known field, got [1], did you mean 'weights'?", { rule: { weight: [1] } }],
    ['weights must be a known field, got [1], known are rule, config', { weights: [1] }],
  ])('says that %s', (message, options) => {
    expect(() => read(options)).toThrow(`composeSql: ${message}`)
  })
})

describe('compositionWeights', () => {
  it('are equal and of sum one for a mean, and ones for a sum', () => {
    expect(compositionWeights('f', { kind: 'mean' }, 4)).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(compositionWeights('f', { kind: 'sum' }, 3)).toEqual([1, 1, 1])
  })

  it('are those given', () => {
    expect(compositionWeights('f', { kind: 'mean', weights: [0.2, 0.8] }, 2)).toEqual([0.2, 0.8])
    expect(compositionWeights('f', { kind: 'sum', weights: [0, 3] }, 2)).toEqual([0, 3])
  })

  it.each([[[1, 1]], [[0.5]], [[-0.5, 1.5]], [[NaN, 1]], [[Infinity, 0]], [[0.5, 0.4999]], [[1e-9, 1]]])(
    'of a mean refuse %j',
    (weights) => {
      expect(() => compositionWeights('composeSql', { kind: 'mean', weights }, 2)).toThrow(
        "composeSql: weights must be 2 numbers, each 0 or from 0.000001 to 1000000, of sum 1 under the rule 'mean', got",
      )
    },
  )

  it.each([[[0, 0]], [[1, 1, 1]], [[-1, 3]], [[Infinity, 1]], [[1e20, 1]], [[1e-46, 1e-46]]])(
    'of a sum refuse %j',
    (weights) => {
      expect(() => compositionWeights('composeSql', { kind: 'sum', weights }, 2)).toThrow(
        "composeSql: weights must be 2 numbers, each 0 or from 0.000001 to 1000000, above 0 in sum under the rule 'sum', got",
      )
    },
  )
})

it('weightedSum is what it says', () => {
  const sum = weightedSum([tf.tensor1d([1, 2]), tf.tensor1d([10, 20]), tf.tensor1d([4, 4])], [2, 0.5, 0])
  expect([...sum.dataSync()]).toEqual([7, 14])
})

describe('checkConstituents', () => {
  const task: ConstituentTask = {
    spec: { observation: { proprio: 3, goal: 2 }, action: { low: [-1], high: [1] } },
    gamma: 0.99,
    alpha: 0.1,
  }
  const check = (other: Partial<ConstituentTask>): (() => void) => {
    return () => checkConstituents('composeSql', [task, task, { ...task, ...other }])
  }

  it('lets pass what is the same, in whatever order groups are named', () => {
    expect(check({ groups: ['goal', 'proprio'] })).not.toThrow()
    expect(check({ alpha: 0.1 * (1 + 1e-9) })).not.toThrow()
  })

  it.each<[string, Partial<ConstituentTask>]>([
    [
      'have the actions of the first, {"low":[-1],"high":[1]}, got {"low":[-2],"high":[2]}',
      { spec: { ...task.spec, action: { low: [-2], high: [2] } } },
    ],
    [
      'have the observation groups of the first, {"goal":2,"proprio":3}, got {"proprio":3}',
      { spec: { ...task.spec, observation: { proprio: 3 } } },
    ],
    [
      'have the groups that the critics see of the first, (goal, proprio), got (proprio)',
      { groups: ['proprio'] },
    ],
    [
      'have the temperature alpha of the first, 0.1, got 0.2; learn all of them at one temperature',
      { alpha: 0.2 },
    ],
    ['have the discount gamma of the first, 0.99, got 0.9', { gamma: 0.9 }],
  ])('says that the third must %s', (message, other) => {
    expect(check(other)).toThrow(`composeSql: constituents[2] must ${message}`)
  })

  it('lets pass specifications that name the same groups in another order', () => {
    const spec = { ...task.spec, observation: { goal: 2, proprio: 3 } }
    expect(check({ spec })).not.toThrow()
  })
})

describe('readConstituents', () => {
  const spec = { observation: { proprio: 3 }, action: { low: [-1], high: [1] } }
  const one = { spec, config: {}, state: {} }
  const read = (constituents: unknown): readonly string[] =>
    readConstituents('composeSql', constituents as never, (_, owner) => owner)

  it('reads each, and tells its place', () => {
    expect(read([one, one])).toEqual(['constituents[0]', 'constituents[1]'])
  })

  it.each([
    ['must have at least one entry, got none', []],
    ['must be a list, got undefined', undefined],
    ['must be a list, got {"config":{}}', { config: {} }],
    ['[1].spec must be a record, got undefined', [one, undefined]],
    ['[0].spec must be a record, got undefined', [null, one]],
    ['[1].state must be a record, got undefined', [one, { spec, config: {} }]],
    ['[0].config must be a record, got 3', [{ ...one, config: 3 }]],
  ])('says that constituents %s', (message, constituents) => {
    expect(() => read(constituents)).toThrow(
      new RegExp(
        `^composeSql: constituents ?${message.replaceAll(/[[\]{}]/g, '\\$&')}; give what was learned of each task`,
      ),
    )
  })
})

it.each([{}, { observation: { proprio: 3 } }])('readConstituents refuses the spec %j', (spec) => {
  const constituent = { spec, config: {}, state: {} } as never
  expect(() => readConstituents('composeSql', [constituent], () => 0)).toThrow(
    /^composeSql: constituents\[0\]\.spec must have observation and action, got .*; give the spec of its environment$/,
  )
})

it('joinedVectors gives back what it joined', () => {
  for (const vectors of [[[1, 2, 3]], [[1, 2], [3], [4, 5]]]) {
    const { join, split } = joinedVectors(vectors.map((vector) => Float32Array.from(vector)))
    expect(split(join()).map((vector) => [...vector.dataSync()])).toEqual(vectors)
  }
})

describe('learnedVector', () => {
  const wanted = { name: 'critic', owner: 'constituents[0]', size: 2 }
  const leaf = (data: Float32Array): object => ({ shape: [data.length], dtype: 'float32', data })
  const read = (state: object): Float32Array => learnedVector('composeSql', state as never, wanted)

  it('is the data of the leaf', () => {
    expect(read({ critic: leaf(Float32Array.of(1, 2)) })).toEqual(Float32Array.of(1, 2))
  })

  it('refuses numbers that are not finite', () => {
    expect(() => read({ critic: leaf(Float32Array.of(1, NaN)) })).toThrow(
      'composeSql: constituents[0].state.critic must be finite, got NaN at index 1; give the state of a run',
    )
  })

  it.each([
    ['none', {}],
    ['float32 [3]', { critic: leaf(new Float32Array(3)) }],
    ['int32 [2]', { critic: { shape: [2], dtype: 'int32', data: new Int32Array(2) } }],
    ['none', { critic: { q1: leaf(new Float32Array(2)) } }],
  ])('refuses %s', (found, state) => {
    expect(() => read(state)).toThrow(
      `composeSql: constituents[0].state.critic must be float32 [2], got ${found}; give the state of a run`,
    )
  })
})
