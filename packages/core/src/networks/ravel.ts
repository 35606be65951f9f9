import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { foldIn, key as seedKey, type Key } from '../keys/index.ts'
import { assertSameStructure, leaves, mapTree, unflatten, type Tree } from '../tree.ts'
import type { Network } from './network.ts'
import { tidy } from '../tidy.ts'

/** A bijection between trees of tensors of fixed shapes and flat vectors. */
export interface Raveler<P extends Tree<Tensor>> {
  /** Length of the vector. */
  readonly size: number
  /** The leaves as parts of the vector [size], by one `tf.split`. */
  unravel(vector: Tensor1D): P
  /** All leaves in one vector [size], in the order of the tree. */
  ravel(params: P): Tensor1D
}

/** Parameters as one flat vector, so that optimisers and Polyak averaging are a few operations on whole vectors. */
export interface RaveledParams<P extends Tree<Tensor>> extends Raveler<P> {
  /** All parameters in one vector, drawn from a key. The caller's to dispose. */
  init(key: Key): Tensor1D
}

/** A network whose parameters are one flat vector. */
export interface RaveledNetwork<P extends Tree<Tensor>> extends Network<Tensor1D>, Raveler<P> {}

/** Several networks that read the same input, with the parameters of all in one flat vector. */
export interface RaveledNetworks<P extends Readonly<Record<string, Tree<Tensor>>>> extends RaveledParams<P> {
  /** The outputs of all networks for one input [B, inputs], by name. */
  apply(vector: Tensor1D, input: Tensor): { readonly [K in keyof P]: Tensor2D }
}

/**
 * The parameters that `init` makes, in one flat vector: for what is no {@link Network}, as samplers and flows.
 *
 *     const flat = ravelParams(sampler.init)
 *     sampler.sample(flat.unravel(vector), observation, noise)
 */
export function ravelParams<P extends Tree<Tensor>>(init: (key: Key) => P): RaveledParams<P> {
  const raveler = createRaveler(() => init(seedKey(0)))
  return { ...raveler, init: (key) => tidy(() => raveler.ravel(init(key))) }
}

/**
 * The same network with all of its parameters in one flat vector; `init` gives the values that the network's own `init` gives.
 * Applying it takes one `tf.split` and a reshape per matrix.
 */
export function ravel<P extends Tree<Tensor>>(network: Network<P>): RaveledNetwork<P> {
  const params = ravelParams(network.init)
  return { ...params, apply: (vector, input) => tidy(() => network.apply(params.unravel(vector), input)) }
}

/**
 * Networks over one input with all parameters in one flat vector: twin critics take one `tf.split` together. Each starts from its own key, `foldIn(key, name)`.
 *
 *     const critic = ravelAll({ q1: mlp(sizes), q2: mlp(sizes) })
 *     const { q1, q2 } = critic.apply(critic.init(key(1)), input)
 */
export function ravelAll<P extends Readonly<Record<string, Tree<Tensor>>>>(networks: {
  readonly [K in keyof P]: Network<P[K]>
}): RaveledNetworks<P> {
  const names = Object.keys(networks) as (keyof P & string)[]
  const initAll = (key: Key): P =>
    Object.fromEntries(names.map((name) => [name, networks[name].init(foldIn(key, name))])) as unknown as P
  const raveled = ravelParams(initAll)
  return {
    ...raveled,
    apply: (vector, input) =>
      tidy(() => {
        const params = raveled.unravel(vector)
        return Object.fromEntries(names.map((name) => [name, networks[name].apply(params[name], input)]))
      }) as { [K in keyof P]: Tensor2D },
  }
}

/** The bijection for trees of the structure and shapes of one example, which is disposed again. */
function createRaveler<P extends Tree<Tensor>>(makeExample: () => P): Raveler<P> {
  const { structure, shapes, sizes } = tidy(() => {
    const example: Tree<Tensor> = makeExample()
    const tensors = leaves(example)
    return {
      structure: mapTree<Tree<Tensor>, Tensor, true>(example, () => true),
      shapes: tensors.map(({ shape }) => shape),
      sizes: tensors.map((leaf) => leaf.size),
    }
  })
  const size = sizes.reduce((sum, n) => sum + n, 0)
  return {
    size,
    unravel: (vector) => {
      if (vector.rank !== 1 || vector.size !== size) {
        throw new RangeError(`unravel: vector must have shape [${size}], got [${vector.shape.join(', ')}]`)
      }
      return tidy(() => {
        // The gradient of a split into one part fails in tfjs.
        const parts = sizes.length === 1 ? [tf.clone(vector)] : tf.split(vector, sizes)
        return unflatten(
          structure,
          parts.map((part, i) => (shapes[i].length === 1 ? part : part.reshape(shapes[i]))),
        )
      }) as P
    },
    ravel: (params) => {
      assertSameStructure('ravel', params, structure)
      return tidy(() => tf.concat1d(leaves<Tensor>(params).map((leaf, i) => flatten(leaf, shapes[i]))))
    },
  }
}

function flatten(leaf: Tensor, shape: readonly number[]): Tensor1D {
  if (leaf.shape.join() !== shape.join()) {
    throw new RangeError(
      `ravel: leaves must keep their shapes, got [${leaf.shape.join(', ')}] for [${shape.join(', ')}]`,
    )
  }
  return leaf.rank === 1 ? (leaf as Tensor1D) : leaf.reshape([leaf.size])
}
