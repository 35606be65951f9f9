import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { leaves, mapTree, unflatten, type Tree } from '../tree.ts'
import { registerComparisonGradients } from '../comparisonGradients.ts'
import { tidy } from '../tidy.ts'

/** What a differentiated function gives: the scalar, and tensors that come along without a gradient (`aux`). */
export interface Objective {
  /** What is differentiated. */
  readonly value: Scalar
  /** What comes along, without a gradient. */
  readonly aux?: Tree<Tensor>
}

/** The objective of {@link valueAndGrad} with the gradient of its value for every leaf of the parameters. */
export interface ValueAndGrad<P, R extends Objective> {
  /** The objective's value. */
  readonly value: Scalar
  /** The objective's `aux`. */
  readonly aux: R['aux']
  /** In the structure of the parameters; exactly zero for leaves that the value does not depend on. */
  readonly grads: P
}

/**
 * The function that gives the value of `f` and its gradient with respect to the tree of parameters.
 *
 * Only what reaches the value through the argument of `f` is differentiated: a tensor that `f` captures is a constant, even when it is
 * also a leaf of the argument.
 * @throws RangeError when the value is not a scalar.
 */
export function valueAndGrad<P extends Tree<Tensor>, R extends Objective>(
  f: (params: P) => R,
): (params: P) => ValueAndGrad<P, R> {
  registerComparisonGradients()
  return (params) =>
    tidy(() => {
      const inputs = leaves<Tensor>(params).map((leaf) => tf.clone(leaf))
      const kept: Tensor[] = []
      try {
        // The tape's own scope frees all but the value, so what comes along is kept here and handed to the caller's scope below.
        let aux: Tree<Tensor> | undefined
        const forward = (): Scalar => {
          const objective = f(unflatten(params, inputs) as P)
          checkScalar(objective.value)
          if (objective.aux !== undefined)
            aux = mapTree<Tree<Tensor>, Tensor, Tensor>(objective.aux, (leaf) => keep(leaf, kept))
          return objective.value
        }
        // Typed for a non-empty list, but leaves without a path to the value come back as null.
        const { value, grads } = tf.engine().gradients(forward, inputs, undefined, true)
        const filled = (grads as (Tensor | null | undefined)[]).map(
          (grad, i) => grad ?? tf.zerosLike(inputs[i]),
        )
        return {
          value,
          aux:
            aux === undefined
              ? undefined
              : mapTree<Tree<Tensor>, Tensor, Tensor>(aux, (leaf) => tf.clone(leaf)),
          grads: unflatten(params, filled),
        }
      } finally {
        tf.dispose(kept)
      }
    }) as unknown as ValueAndGrad<P, R>
}

function keep(leaf: Tensor, kept: Tensor[]): Tensor {
  const copy = tf.keep(tf.clone(leaf))
  kept.push(copy)
  return copy
}

function checkScalar(value: Tensor): void {
  if (value.rank === 0) return
  throw new RangeError(
    `valueAndGrad: value must be a scalar, got shape [${value.shape.join(', ')}], reduce it first`,
  )
}
