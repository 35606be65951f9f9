import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { valueAndGrad } from '../gradients/index.ts'
import { foldIn, key, normal } from '../keys/index.ts'
import { leafPaths, leaves, unflatten, type Tree } from '../tree.ts'

/** How finely gradients are compared with differences. */
export interface CheckGradsOptions {
  /** Random directions to try; 8 when absent. All coordinates are tried as well when there are at most 16. */
  readonly directions?: number
  /** Length of a step along a direction of length 1; 0.03 when absent. Half of it is tried too. */
  readonly step?: number
  /** 1e-3 when absent, of the length of the gradient, the most that a slope along a direction of length 1 can be. */
  readonly rtol?: number
}

/**
 * Checks the gradients of a scalar function of trees of float32 tensors against central differences along random directions. Two step
 * lengths are extrapolated to none (Richardson), so that steps can be long enough for float32.
 *
 * The function must be smooth around the arguments: no kink within a step. A gradient that is zero is for {@link checkZeroGrads}: beside it rounding
 * has no measure.
 * @throws Error that names the direction and both slopes when they disagree.
 */
export function checkGrads<A extends readonly Tree<Tensor>[]>(
  f: (...args: A) => Scalar,
  args: readonly [...A],
  options: CheckGradsOptions = {},
): void {
  const { step = 0.03, rtol = 1e-3 } = options
  const start = args as unknown as A
  tf.tidy(() => {
    const { grads } = valueAndGrad((params: A) => ({ value: f(...params) }))(start)
    const gradient = numbers(grads)
    const origin = numbers(start)
    const valueAt = (direction: Float64Array, length: number): number => {
      const moved = origin.map((x, i) => x + length * direction[i])
      return tf.tidy(() => f(...rebuild(start, moved)).dataSync()[0])
    }
    const slope = (direction: Float64Array, length: number): number =>
      (valueAt(direction, length) - valueAt(direction, -length)) / (2 * length)
    const allowed = rtol * Math.hypot(...gradient)
    for (const { name, direction } of directions(origin.length, options.directions ?? 8)) {
      const numeric = (4 * slope(direction, step / 2) - slope(direction, step)) / 3
      const analytic = gradient.reduce((sum, g, i) => sum + g * direction[i], 0)
      if (Math.abs(numeric - analytic) <= allowed) continue
      throw new Error(
        `checkGrads: gradient along ${name} must be ${numeric} by central differences, got ${analytic} (allowed error ${allowed})`,
      )
    }
  })
}

/**
 * Checks that a scalar function has a gradient of exactly zero with respect to the arguments named, and that some other argument has one
 * that is not, without which the check would say nothing.
 * @throws Error that names the leaf with a gradient.
 */
export function checkZeroGrads<P extends Readonly<Record<string, Tree<Tensor>>>>(
  f: (args: P) => Scalar,
  args: P,
  names: readonly (keyof P & string)[],
): void {
  tf.tidy(() => {
    const { grads } = valueAndGrad((params: P) => ({ value: f(params) }))(args)
    const paths = leafPaths(grads)
    let alive = false
    for (const [i, leaf] of leaves<Tensor>(grads).entries()) {
      const nonzero = leaf.dataSync().findIndex((g) => g !== 0)
      if (nonzero < 0) continue
      if (names.some((name) => paths[i] === name || paths[i].startsWith(`${name}/`))) {
        throw new Error(
          `checkZeroGrads: ${paths[i]} must have a gradient of zero, got ${leaf.dataSync()[nonzero]} at index ${nonzero}`,
        )
      }
      alive = true
    }
    if (!alive)
      throw new Error(
        `checkZeroGrads: some argument besides ${names.join(', ')} must have a gradient, got none`,
      )
  })
}

function numbers(tree: Tree<Tensor>): Float64Array {
  return Float64Array.from(leaves(tree).flatMap((leaf) => Array.from(leaf.dataSync())))
}

function rebuild<P extends Tree<Tensor>>(like: P, values: Float64Array): P {
  let start = 0
  const parts = leaves<Tensor>(like).map((leaf) => {
    const part = Float32Array.from(values.subarray(start, start + leaf.size))
    start += leaf.size
    return tf.tensor(part, leaf.shape)
  })
  return unflatten(like, parts) as P
}

function* directions(size: number, count: number): Generator<{ name: string; direction: Float64Array }> {
  for (let i = 0; i < count; i++) {
    const draw = Float64Array.from(normal(foldIn(key(0), i), size))
    const norm = Math.hypot(...draw)
    yield { name: `random direction ${i}`, direction: draw.map((x) => x / norm) }
  }
  for (let i = 0; i < (size <= 16 ? size : 0); i++) {
    yield { name: `coordinate ${i}`, direction: new Float64Array(size).map((_, j) => Number(i === j)) }
  }
}
