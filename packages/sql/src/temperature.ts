import * as tf from '@tensorflow/tfjs'
import type { Scalar } from '@tensorflow/tfjs'
import { describeValue, exponentialSchedule } from '@maxent/core'
import type { TemperatureConfig } from './config.ts'

/**
 * α at a gradient step. Annealing is log-linear, after Haarnoja 2018 (thesis), appendix C.1:
 *
 *     α = from · (to / from)^min(step / steps, 1)
 *
 * `step` counts the gradient steps before the present one. A number where it is fixed, else a scalar.
 * @throws RangeError for another kind.
 */
export function alphaAt(temperature: TemperatureConfig, step: Scalar): number | Scalar {
  if (temperature.kind === 'fixed') return temperature.alpha
  const { kind, from, to, steps } = temperature
  if ((kind as string) !== 'annealed') {
    throw new RangeError(
      `alphaAt: temperature.kind must be 'fixed' or 'annealed', got ${describeValue(kind)}; a temperature is not learned here`,
    )
  }
  const taken = tf.minimum<Scalar>(tf.cast(step, 'float32'), steps)
  return exponentialSchedule({ from, factor: to / from, steps })(taken)
}
