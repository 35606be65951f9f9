import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger } from '../check.ts'
import { foldIn, type Key } from '../keys/index.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { mapTree, type Tree } from '../tree.ts'

/** What a bijection makes of B points. */
export interface Transformed {
  /** [B, D] */
  readonly result: Tensor2D
  /** log |det| of the direction taken, [B]. */
  readonly logDet: Tensor
}

/** A bijection of R^D for every condition. */
export interface ConditionalFlow<P extends Tree<Tensor> = Tree<Tensor>> {
  /** D */
  readonly size: number
  /** C, the size of a condition. */
  readonly condition: number
  /** Parameters drawn from a key. The tensors are the caller's to dispose. */
  init(key: Key): P
  /** f(h; s) for latents h [B, D] and conditions s [B, C]. */
  forward(params: P, h: Tensor, condition: Tensor): Transformed
  /** The h with f(h; s) = x. */
  inverse(params: P, x: Tensor, condition: Tensor): Transformed
}

/** Which levels of a stack learn. */
export interface StackOptions {
  /** How many of the lowest levels have constant parameters; none when absent. */
  readonly frozen?: number
}

/**
 * Flows on top of each other as one flow, the lowest first. Haarnoja 2018 (thesis), section 7.3 and Algorithm 4:
 *
 *     f = f₀ ∘ f₁ ∘ … ∘ f_{n−1},     h⁽ⁱ⁾ = f_i(h⁽ⁱ⁺¹⁾; s)
 *
 * All levels read the same condition; log-determinants add up. Parameters of frozen levels get no gradient, latents do. A stack of all levels trains them as
 * one policy. To train level i alone, as Algorithm 4 does, take `levels[i]` by itself: what lies below is part of its environment, `stackFlows(levels.slice(0, i))`,
 * and neither log-determinants nor the squash from below enter its entropy.
 * @throws RangeError when there is no level, sizes differ, or `frozen` is not a number of levels.
 */
export function stackFlows<P extends Tree<Tensor>>(
  levels: readonly ConditionalFlow<P>[],
  { frozen = 0 }: StackOptions = {},
): ConditionalFlow<readonly P[]> {
  if (levels.length === 0) throw new RangeError('stackFlows: levels must have at least one entry, got none')
  checkInteger({ caller: 'stackFlows', name: 'frozen', value: frozen, min: 0, max: levels.length })
  const [{ size, condition: C }] = levels
  for (const [i, level] of levels.entries()) {
    if (level.size === size && level.condition === C) continue
    throw new RangeError(
      `stackFlows: levels must have one size and condition, got ${level.size} and ${level.condition} at ${i} above ${size} and ${C}`,
    )
  }
  const held = (params: readonly P[], i: number): P =>
    i < frozen ? (mapTree<Tree<Tensor>, Tensor, Tensor>(params[i], stopGradient) as P) : params[i]
  /** Applies levels in an order, adding up log-determinants. */
  const chain =
    (order: readonly number[], direction: 'forward' | 'inverse') =>
    (params: readonly P[], x: Tensor, condition: Tensor): Transformed => {
      if (params.length !== levels.length)
        throw new RangeError(
          `${direction}: params must have one entry per level (${levels.length}), got ${params.length}`,
        )
      return tidy(() =>
        order.reduce<Transformed>(
          ({ result, logDet }, i) => {
            const next = levels[i][direction](held(params, i), result, condition)
            return { result: next.result, logDet: tf.add(logDet, next.logDet) }
          },
          { result: x as Tensor2D, logDet: tf.zeros([x.shape[0]]) },
        ),
      )
    }
  const upwards = levels.map((_, i) => i)
  return {
    size,
    condition: C,
    init: (key) => levels.map((level, i) => level.init(foldIn(key, i))),
    forward: chain(upwards.toReversed(), 'forward'),
    inverse: chain(upwards, 'inverse'),
  }
}
