import * as tf from '@tensorflow/tfjs'
import type { Scalar } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'

/** A number that changes with the step: a pure function of a scalar tensor, so that it can be traced. */
export type Schedule = (step: Scalar) => Scalar

/** A way from one value to another that takes `steps` steps and stays there. */
export interface RampOptions {
  /** The value at step 0. */
  readonly from: number
  /** The value from `steps` on. */
  readonly to: number
  /** Steps of the way, positive. */
  readonly steps: number
}

/** Settings of {@link exponentialSchedule}. */
export interface ExponentialOptions {
  /** The value at step 0. */
  readonly from: number
  /** The factor for every `steps` steps. */
  readonly factor: number
  /** Steps in which the value is multiplied by `factor` once. */
  readonly steps: number
}

/** The same value at every step. */
export function constantSchedule(value: number): Schedule {
  checkNumber('constantSchedule', 'value', value)
  return () => tf.scalar(value)
}

/**
 * Linear from `from` at step 0 to `to` at step `steps`, and exactly that from there on.
 * @throws RangeError when a value is not finite or `steps` not positive.
 */
export function linearSchedule(options: RampOptions): Schedule {
  const { from, to } = checkRamp('linearSchedule', options)
  return (step) =>
    tidy(() => {
      const done = progress(step, options.steps)
      // The last digits of `to` may be below those of the way there.
      return tf.where(tf.greaterEqual(done, 1), tf.scalar(to), tf.add(tf.mul(done, to - from), from))
    })
}

/**
 * Half a cosine wave from `from` at step 0 to `to` at step `steps`. Loshchilov & Hutter 2017, arXiv:1608.03983, Eq. 5.
 *
 *   to + ½ (from − to) (1 + cos(π · step / steps))
 *
 * @throws RangeError when a value is not finite or `steps` not positive.
 */
export function cosineSchedule(options: RampOptions): Schedule {
  const { from, to } = checkRamp('cosineSchedule', options)
  return (step) =>
    tidy(() => {
      const wave = tf.cos(tf.mul(progress(step, options.steps), Math.PI))
      return tf.add(tf.mul(tf.add(wave, 1), (from - to) / 2), to)
    })
}

/**
 * Exponential: from · factor^(step / steps).
 * @throws RangeError when a value is not finite, or `factor` or `steps` not positive.
 */
export function exponentialSchedule(options: ExponentialOptions): Schedule {
  const { from, factor, steps } = options
  checkNumber('exponentialSchedule', 'from', from)
  checkPositive('exponentialSchedule', 'factor', factor)
  checkPositive('exponentialSchedule', 'steps', steps)
  return (step) => tidy(() => tf.mul(tf.exp(tf.mul(step, Math.log(factor) / steps)), from))
}

/** step / steps, at most 1. */
function progress(step: Scalar, steps: number): Scalar {
  return tf.minimum(tf.div(step, steps), 1)
}

function checkRamp(caller: string, options: RampOptions): RampOptions {
  checkNumber(caller, 'from', options.from)
  checkNumber(caller, 'to', options.to)
  checkPositive(caller, 'steps', options.steps)
  return options
}

function checkNumber(caller: string, name: string, value: number): void {
  if (!Number.isFinite(value))
    throw new RangeError(`${caller}: ${name} must be finite, got ${describeValue(value)}`)
}

function checkPositive(caller: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return
  throw new RangeError(`${caller}: ${name} must be positive and finite, got ${describeValue(value)}`)
}
