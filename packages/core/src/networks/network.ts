import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import type { Key } from '../keys/index.ts'
import type { Tree } from '../tree.ts'

/** A network as a pair of pure functions over a tree of parameters. */
export interface Network<P extends Tree<Tensor> = Tree<Tensor>> {
  /** Parameters drawn from a key. The tensors are the caller's to dispose. */
  init(key: Key): P
  /** The output [B, outputs] for an input [B, inputs]. */
  apply(params: P, input: Tensor): Tensor2D
}
