import * as tf from '@tensorflow/tfjs'
import { registerComparisonGradients } from '@maxent/core/comparisonGradients'

type Gradient = ReturnType<typeof tf.getGradient>

/** Gradients that this module registered, so that doing it again changes nothing. */
const ours = new WeakSet<Gradient>()

/**
 * Registers the gradients that tfjs lacks, and mends those that it has wrong:
 *
 * - comparisons and logical operations have none; theirs is zero. Where another package registered one, it stays.
 * - `Maximum`, `Minimum` and `SquaredDifference` give gradients of the broadcast shape, which tfjs then refuses.
 * - `Cumsum` transposes its gradient once more where the axis is not the last.
 * - `SplitV` and `Unpack` fail where there is one part.
 * - `Tile`, which also is `tf.broadcastTo`, adds one slice per repetition and stops at rank 4; a sum over the repetitions is the same.
 */
export function registerGradients(): void {
  registerComparisonGradients()
  for (const kernelName of [tf.Maximum, tf.Minimum, tf.SquaredDifference]) mend(kernelName, sumBroadcast)
  mend(tf.Cumsum, () => (dy, _, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as tf.CumsumAttrs
    return { x: () => tf.cumsum(only(dy), axis, exclusive, !reverse) }
  })
  mend(tf.SplitV, () => (dy, _, attrs) => ({ x: () => tf.concat([dy].flat(), attrs['axis'] as number) }))
  mend(tf.Unpack, () => (dy, _, attrs) => ({ value: () => tf.stack([dy].flat(), attrs['axis'] as number) }))
  mend(tf.Tile, () => (dy, [x], attrs) => ({
    x: () => tileGradient(only(dy), { shape: x.shape, reps: attrs['reps'] as number[] }),
  }))
}

function mend(kernelName: string, change: (gradient: Gradient) => Gradient['gradFunc']): void {
  const gradient = tf.getGradient(kernelName)
  if (ours.has(gradient)) return
  const mended = { ...gradient, gradFunc: change(gradient) }
  ours.add(mended)
  tf.registerGradient(mended)
}

const only = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => [dy].flat()[0]

/** The same gradient, summed over the dimensions along which an operand was spread. */
function sumBroadcast({ gradFunc }: Gradient): Gradient['gradFunc'] {
  return (dy, saved, attrs) => {
    const gradients = gradFunc(dy, saved, attrs)
    const summed = (name: string, operand: tf.Tensor) => (): tf.Tensor => {
      const gradient = gradients[name]()
      const axes = tf.broadcast_util.getReductionAxes(operand.shape, gradient.shape)
      return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), operand.shape)
    }
    return { a: summed('a', saved[0]), b: summed('b', saved[1]) }
  }
}

function tileGradient(dy: tf.Tensor, { shape, reps }: { shape: number[]; reps: number[] }): tf.Tensor {
  if (reps.every((times) => times === 1)) return dy.clone()
  // A dimension of size one is summed where it stands; others are split into (repetition, place) first.
  const spread = shape.map((n, i) => (n === 1 || reps[i] === 1 ? [n * reps[i]] : [reps[i], n]))
  const axes = reps.flatMap((times, i) => (times === 1 ? [] : [spread.slice(0, i).flat().length]))
  return dy.reshape(spread.flat()).sum(axes).reshape(shape)
}
