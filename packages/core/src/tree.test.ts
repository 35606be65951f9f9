import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { assertSameStructure, eachLeaf, leafPaths, leaves, mapTree, unflatten, zipTrees } from './tree.ts'

const tree: { critic: Record<string, number>[]; alpha: number } = {
  critic: [{ kernel: 1, bias: 2 }, { kernel: 3 }],
  alpha: 4,
}

describe('leaves and paths', () => {
  it('come depth first, in the order of the keys', () => {
    expect(leaves(tree)).toEqual([1, 2, 3, 4])
    expect(leafPaths(tree)).toEqual(['critic/0/kernel', 'critic/0/bias', 'critic/1/kernel', 'alpha'])
  })

  it('are visited together', () => {
    const seen: [string, number][] = []
    eachLeaf(tree, (leaf, path) => seen.push([path, leaf]))
    expect(seen).toEqual(leafPaths(tree).map((path, i) => [path, i + 1]))
  })

  it('exist in a bare leaf, with an empty path, and not in empty records', () => {
    expect(leaves(7)).toEqual([7])
    expect(leafPaths(7)).toEqual([''])
    expect(leaves({ a: [], b: {} })).toEqual([])
  })

  it('are tensors, typed arrays, null, and records with a numeric shape', () => {
    const values = [
      tf.scalar(1),
      new Float32Array(2),
      null,
      { shape: [2, 3], law: 'normal' },
      { shape: [] },
      new Date(0),
    ]
    expect(leaves(values)).toEqual(values)
    expect(leafPaths({ shape: { width: 1 } })).toEqual(['shape/width'])
  })

  it('are found in records without a prototype', () => {
    const record = Object.setPrototypeOf({ a: 1 }, null) as Record<string, number>
    expect(leaves(record)).toEqual([1])
  })
})

describe('mapTree', () => {
  it('keeps the structure and gives each leaf with its path', () => {
    expect(mapTree(tree, (leaf, path) => `${path}=${leaf}`)).toEqual({
      critic: [{ kernel: 'critic/0/kernel=1', bias: 'critic/0/bias=2' }, { kernel: 'critic/1/kernel=3' }],
      alpha: 'alpha=4',
    })
  })

  it('leaves the tree that it maps alone', () => {
    const before = structuredClone(tree)
    mapTree(tree, (leaf) => leaf + 1)
    expect(tree).toEqual(before)
  })

  it('treats a key called __proto__ as any other', () => {
    const mapped = mapTree(JSON.parse('{"__proto__":1}') as Record<string, number>, (leaf) => leaf + 1)
    expect(Object.entries(mapped)).toEqual([['__proto__', 2]])
  })
})

describe('zipTrees', () => {
  it('joins the leaves of two trees', () => {
    expect(zipTrees({ a: 1, b: [2] }, { a: 'x', b: ['y'] }, (n, s, path) => `${path}${n}${s}`)).toEqual({
      a: 'a1x',
      b: ['b/02y'],
    })
  })

  it('names the first path where the trees part', () => {
    expect(() => zipTrees({ a: 1, b: 2 }, { a: 1, c: 2 }, () => 0)).toThrow(
      new RangeError(
        'zipTrees: trees must have the same structure, got leaf "b" in the first and leaf "c" in the second',
      ),
    )
    expect(() => zipTrees({ a: 1 }, { a: 1, c: 2 }, () => 0)).toThrow(
      /no further leaf in the first and leaf "c"/,
    )
  })
})

describe('assertSameStructure', () => {
  it('speaks for its caller, and not at all when the trees agree', () => {
    assertSameStructure('polyak', tree, mapTree(tree, String))
    expect(() => assertSameStructure('polyak', [1], [1, 2])).toThrow(
      /^polyak: trees must have the same structure/,
    )
  })

  it('holds two trees with other orders of keys for different', () => {
    expect(() => assertSameStructure('f', { a: 1, b: 2 }, { b: 2, a: 1 })).toThrow(RangeError)
  })
})

describe('unflatten', () => {
  it('undoes leaves', () => {
    expect(unflatten(tree, leaves(tree))).toEqual(tree)
  })

  it('wants one value per leaf', () => {
    expect(() => unflatten(tree, [1, 2])).toThrow(
      new RangeError('unflatten: values must have one entry per leaf (4), got 2'),
    )
  })
})
