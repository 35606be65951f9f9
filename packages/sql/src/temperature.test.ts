import * as tf from '@tensorflow/tfjs'
import type { Scalar } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { TemperatureConfig } from './config.ts'
import { alphaAt } from './temperature.ts'

const after = (steps: number): Scalar => tf.scalar(steps, 'int32')

describe('alphaAt', () => {
  it('is a number where it is fixed', () => {
    expect(alphaAt({ kind: 'fixed', alpha: 0.3 }, after(7))).toBe(0.3)
  })

  it('goes log-linearly from .1 to .001 and stays there: half-way is their geometric mean', () => {
    const annealed = { kind: 'annealed', from: 0.1, to: 0.001, steps: 200 } as const
    const at = (steps: number): number => (alphaAt(annealed, after(steps)) as Scalar).dataSync()[0]
    expect(at(0)).toBeCloseTo(0.1, 6)
    expect(at(50)).toBeCloseTo(0.1 * 10 ** -0.5, 6)
    expect(at(100)).toBeCloseTo(0.01, 6)
    expect(at(200)).toBeCloseTo(0.001, 6)
    expect(at(100_000)).toBeCloseTo(0.001, 6)
  })

  it('refuses an unknown kind', () => {
    expect(() => alphaAt({ kind: 'learned', alpha: 1 } as unknown as TemperatureConfig, after(0))).toThrow(
      new RangeError(
        "alphaAt: temperature.kind must be 'fixed' or 'annealed', got 'learned'; a temperature is not learned here",
      ),
    )
  })
})
