import * as tf from '@tensorflow/tfjs'
import { leaves, leafPaths, type Tree } from '@maxent/core/tree'
import type { DType } from '../types.ts'

/** Shape and type of a leaf. A class, since the functions over trees take plain records for nodes. */
export class LeafSpec {
  readonly shape: readonly number[]
  readonly dtype: DType

  constructor(shape: readonly number[], dtype: DType) {
    this.shape = shape
    this.dtype = dtype
  }
}

/** A function's result, split. */
export interface Result {
  /** The new state; `undefined` where the function returned none. */
  readonly state: Tree<tf.Tensor> | undefined
  readonly outputs: Readonly<Record<string, Tree<tf.Tensor>>>
}

/**
 * Checks what a function of a program returned.
 * @throws TypeError where it is not a record of trees of tensors; RangeError where its state differs from the program's in structure, shape
 * or dtype.
 */
export function checkResult(caller: string, result: unknown, state: Tree<LeafSpec>): Result {
  if (result instanceof Promise) {
    throw new TypeError(
      `${caller}: the function must return its result at once, got a promise, remove async and await`,
    )
  }
  if (typeof result !== 'object' || result === null || Array.isArray(result) || result instanceof tf.Tensor) {
    throw new TypeError(
      `${caller}: the result must be a record of trees of tensors, got ${describe(result)}, return { name: tensor }`,
    )
  }
  const { state: newState, ...outputs } = result as Record<string, Tree<tf.Tensor>>
  for (const [key, tree] of Object.entries(outputs)) checkLeaves(caller, tree, key)
  if (newState !== undefined) {
    checkLeaves(caller, newState, 'state')
    checkState(caller, newState, state)
  }
  return { state: newState, outputs }
}

function checkLeaves(caller: string, tree: Tree<tf.Tensor>, root: string): void {
  const paths = leafPaths(tree)
  leaves<unknown>(tree).forEach((leaf, i) => {
    if (leaf instanceof tf.Tensor) return
    const path = paths[i] === '' ? root : `${root}/${paths[i]}`
    throw new TypeError(
      `${caller}: result "${path}" must be a tensor, got ${describe(leaf)}, wrap numbers in tf.scalar`,
    )
  })
}

function checkState(caller: string, newState: Tree<tf.Tensor>, state: Tree<LeafSpec>): void {
  const [paths, newPaths] = [leafPaths(state), leafPaths(newState)]
  const specs = leaves<LeafSpec>(state)
  const tensors = leaves<tf.Tensor>(newState)
  for (let i = 0; i < Math.max(paths.length, newPaths.length); i++) {
    if (paths[i] !== newPaths[i]) {
      const name = (path: string | undefined): string =>
        path === undefined ? 'no further leaf' : `leaf "${path}"`
      throw new RangeError(
        `${caller}: the returned state must have the structure of the program's state, got ${name(newPaths[i])} where it has ${name(paths[i])}, ` +
          `keep the keys and their order`,
      )
    }
    const { shape, dtype } = specs[i]
    if (tensors[i].dtype !== dtype || tensors[i].shape.join() !== shape.join()) {
      throw new RangeError(
        `${caller}: returned state "${paths[i]}" must be ${dtype} [${shape.join()}] as before the call, ` +
          `got ${tensors[i].dtype} [${tensors[i].shape.join()}], reshape or cast it`,
      )
    }
  }
}

function describe(value: unknown): string {
  if (value instanceof tf.Tensor) return 'a tensor'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return `an object of type ${value.constructor.name}`
  return typeof value === 'number' ? `number ${value}` : typeof value
}
