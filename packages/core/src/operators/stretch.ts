import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'

/** T successive steps of B pieces of experience, the first axis is time. */
export interface Stretch {
  /** r_t, [T, B]. */
  readonly reward: Tensor
  /** 0 where the task ended at step t, 1 elsewhere, time limits included. [T, B] */
  readonly discount: Tensor
  /**
   * 0 where row t + 1 is not the step that follows row t, as after a time limit: row t then ends on `nextValue`. 1 elsewhere; all ones when
   * absent. [T, B]
   */
  readonly continues?: Tensor
  /** γ in [0, 1]. */
  readonly gamma: number
}

interface StretchCheck {
  readonly caller: string
  readonly stretch: Stretch
  /** Other arguments of shape [T, B]; absent ones may be undefined. */
  readonly rows: Readonly<Record<string, Tensor | undefined>>
}

/** @throws RangeError when a shape is not [T, B] or gamma is outside [0, 1]. */
export function checkStretch({ caller, stretch, rows }: StretchCheck): { T: number; B: number } {
  const { reward, discount, continues, gamma } = stretch
  const present = Object.entries({ reward, discount, continues, ...rows }).filter(
    (entry): entry is [string, Tensor] => entry[1] !== undefined,
  )
  const shapes = Object.fromEntries(present.map(([name]) => [name, ['T', 'B']]))
  const { T, B } = checkShapes(caller, shapes, Object.fromEntries(present))
  checkUnit(caller, 'gamma', gamma)
  return { T, B }
}

/** @throws RangeError when a number is outside [0, 1]. */
export function checkUnit(caller: string, name: string, value: number): void {
  if (value >= 0 && value <= 1) return
  throw new RangeError(`${caller}: ${name} must be in [0, 1], got ${describeValue(value)}`)
}

/** x_t = offset_t + factor_t x_{t+1} for t = T−1 .. 0 with x_T = 0, for offset and factor [T, B]. */
export function accumulate(offset: Tensor, factor: Tensor): Tensor {
  const offsets = tf.unstack(offset)
  const factors = tf.unstack(factor)
  const sums: Tensor[] = []
  let next: Tensor | undefined
  for (let t = offsets.length - 1; t >= 0; t--) {
    next = next === undefined ? offsets[t] : tf.add(offsets[t], tf.mul(factors[t], next))
    sums.unshift(next)
  }
  return tf.stack(sums)
}

/** Rows 1 .. T−1 of x, and `last` [1, B] after them. */
export function shifted(x: Tensor, last: Tensor): Tensor {
  const [T, B] = x.shape
  return T === 1 ? last : tf.concat([tf.slice(x, [1, 0], [T - 1, B]), last])
}

/** The last row of x, [1, B]. */
export function lastRow(x: Tensor): Tensor {
  const [T, B] = x.shape
  return tf.slice(x, [T - 1, 0], [1, B])
}
