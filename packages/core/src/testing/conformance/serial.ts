import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { DType } from '../../contracts.ts'
import { leafPaths, leaves, unflatten, type Tree } from '../../tree.ts'
import type { HostData } from './batches.ts'

interface SerialTensor {
  readonly path: string
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: string
}

/** A tree as plain data that JSON can hold. */
export function serialize(tree: Tree<Tensor>): SerialTensor[] {
  const paths = leafPaths(tree)
  return leaves<Tensor>(tree).map((leaf, i) => ({
    path: paths[i],
    shape: leaf.shape,
    dtype: leaf.dtype as DType,
    data: base64(leaf.dataSync()),
  }))
}

/** The tree of a text, in the structure of another. */
export function parse<State extends Tree<Tensor>>(text: string, like: State): State {
  const tensors = (JSON.parse(text) as SerialTensor[]).map(({ shape, dtype, data }) => {
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'))
    const values =
      dtype === 'bool'
        ? bytes
        : dtype === 'int32'
          ? new Int32Array(bytes.buffer)
          : new Float32Array(bytes.buffer)
    return tf.tensor(values, [...shape], dtype)
  })
  return unflatten(like, tensors) as State
}

/** All bytes of a tree with their paths, as text: equal for equal bits only. */
export function bytesOf(tree: Tree<Tensor>): string {
  return JSON.stringify(serialize(tree))
}

/** Paths, types and shapes of a tree, as text. */
export function shapesOf(tree: Tree<Tensor>): string {
  return serialize(tree)
    .map(({ path, shape, dtype }) => `${path} ${dtype}[${shape.join(', ')}]`)
    .join('; ')
}

function base64(values: HostData): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
}
