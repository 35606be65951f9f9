import * as tf from '@tensorflow/tfjs'

/** tfjs has no gradients for these, so that `tf.where(tf.greater(x, 0), ...)` throws inside a differentiated function. */
const FLAT_BINARY = [
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
] as const
const FLAT_UNARY = ['LogicalNot'] as const

/**
 * Registers what tfjs lacks: zero gradients of comparisons and logical operations. Kernels that have a gradient keep it, so that
 * calling this again, or after another package did the same, changes nothing.
 *
 * The gradient of `Tile` is replaced: tfjs adds one slice per repetition and stops at rank 4. A sum over the repetitions is the same
 * number, in two operations.
 */
export function registerGradients(): void {
  for (const kernelName of FLAT_BINARY) {
    if (has(kernelName)) continue
    tf.registerGradient({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (_, [a, b]) => ({ a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) }),
    })
  }
  for (const kernelName of FLAT_UNARY) {
    if (has(kernelName)) continue
    tf.registerGradient({
      kernelName,
      inputsToSave: ['x'],
      gradFunc: (_, [x]) => ({ x: () => tf.zeros(x.shape) }),
    })
  }
  tf.registerGradient({
    kernelName: tf.Tile,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => tileGradient(dy, { shape: x.shape, reps: attrs['reps'] as number[] }),
    }),
  })
}

function has(kernelName: string): boolean {
  const found: unknown = tf.getGradient(kernelName)
  return found !== undefined && found !== null
}

function tileGradient(
  dy: tf.Tensor | tf.Tensor[],
  { shape, reps }: { shape: number[]; reps: number[] },
): tf.Tensor {
  const whole = Array.isArray(dy) ? dy[0] : dy
  const repeated = reps.flatMap((times, i) => (times === 1 ? [] : [i]))
  if (repeated.length === 0) return whole.clone()
  // A dimension of size one is summed where it stands; others are split into (repetition, place) first.
  const split = shape.flatMap((n, i) => (n === 1 || reps[i] === 1 ? [n * reps[i]] : [reps[i], n]))
  const axes: number[] = []
  let at = 0
  shape.forEach((n, i) => {
    if (reps[i] !== 1) axes.push(at)
    at += n === 1 || reps[i] === 1 ? 1 : 2
  })
  return whole.reshape(split).sum(axes).reshape(shape)
}
