import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { describe, expectTypeOf, it } from 'vitest'
import type { NoiseSpec, TensorSpec } from './contracts.ts'
import { leaves, mapTree, zipTrees, type LeafOf, type MapTree, type Tree } from './tree.ts'

type Layer = { readonly kernel: Tensor2D; readonly bias: Tensor1D }
type State = { readonly layers: readonly Layer[]; readonly pair: readonly [Scalar, Layer] }

interface Declared {
  kernel: Tensor
  bias: Tensor
}

declare const state: State
declare const declared: Declared
declare const tensors: Tree<Tensor>
declare const noise: { readonly policy: NoiseSpec; readonly others: readonly NoiseSpec[] }

describe('Tree', () => {
  it('takes records, lists and bare leaves', () => {
    expectTypeOf<State>().toExtend<Tree<Tensor>>()
    expectTypeOf<Tensor>().toExtend<Tree<Tensor>>()
    expectTypeOf<{ a: number }>().not.toExtend<Tree<Tensor>>()
    expectTypeOf<{ a: TensorSpec }>().toExtend<Tree<TensorSpec>>()
  })
})

describe('LeafOf', () => {
  it('finds the leaves of structures, interfaces and open trees', () => {
    expectTypeOf<LeafOf<State>>().toEqualTypeOf<Tensor2D | Tensor1D | Scalar>()
    expectTypeOf<LeafOf<Declared>>().toEqualTypeOf<Tensor>()
    expectTypeOf<LeafOf<Tree<Tensor>>>().toEqualTypeOf<Tensor>()
    expectTypeOf<LeafOf<{ a: Tree<Tensor>; b: Scalar }>>().toEqualTypeOf<Tensor>()
    expectTypeOf<LeafOf<typeof noise>>().toEqualTypeOf<NoiseSpec>()
    expectTypeOf<LeafOf<{ a: Float32Array; b: [number, string] }>>().toEqualTypeOf<
      Float32Array | number | string
    >()
  })

  it('is what leaves gives', () => {
    expectTypeOf(leaves(declared)).toEqualTypeOf<Tensor[]>()
    expectTypeOf(leaves<Tensor>(tensors)).toEqualTypeOf<Tensor[]>()
  })
})

describe('mapTree', () => {
  it('keeps the structure and infers the leaves', () => {
    expectTypeOf(mapTree(state, () => 1)).toEqualTypeOf<{
      readonly layers: readonly { readonly kernel: number; readonly bias: number }[]
      readonly pair: readonly [number, { readonly kernel: number; readonly bias: number }]
    }>()
    expectTypeOf(mapTree(noise, ({ law }) => law).policy).toEqualTypeOf<'normal' | 'uniform'>()
    expectTypeOf(mapTree(declared, (leaf) => leaf.size)).toEqualTypeOf<{
      readonly kernel: number
      readonly bias: number
    }>()
  })

  it('gives an open tree for an open tree', () => {
    expectTypeOf(mapTree(tensors, (leaf) => leaf.size)).toEqualTypeOf<Tree<number>>()
    expectTypeOf<MapTree<Tree<Tensor>, Tensor, string>>().toEqualTypeOf<Tree<string>>()
  })

  it('takes its types by name where inference cannot help', () => {
    expectTypeOf(mapTree<Tree<Tensor>, Tensor, number>(tensors, (leaf) => leaf.size)).toEqualTypeOf<
      Tree<number>
    >()
  })

  it('refuses a function of other leaves', () => {
    // @ts-expect-error the leaves are tensors
    mapTree(declared, (leaf: string) => leaf.length)
  })
})

describe('zipTrees', () => {
  it('has the structure of its first tree', () => {
    const sizes = zipTrees(declared, declared, (a, b) => a.size + b.size)
    expectTypeOf(sizes).toEqualTypeOf<{ readonly kernel: number; readonly bias: number }>()
    expectTypeOf(zipTrees<Tensor, Tensor, Tensor>(tensors, tensors, (a) => a)).toEqualTypeOf<Tree<Tensor>>()
  })
})
