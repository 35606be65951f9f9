import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import '../testing/index.ts'
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  type Schedule,
} from './index.ts'

const at = (schedule: Schedule, steps: readonly number[]): number[] =>
  steps.map((step) => schedule(tf.scalar(step)).dataSync()[0])

describe('schedules', () => {
  it('are right by hand', () => {
    expect(at(constantSchedule(3), [0, 100])).toBeAllClose([3, 3])
    expect(at(linearSchedule({ from: 2, to: 1, steps: 4 }), [0, 1, 4, 5])).toBeAllClose([2, 1.75, 1, 1])
    expect(at(cosineSchedule({ from: 2, to: 1, steps: 4 }), [0, 1, 2, 4, 9])).toBeAllClose([
      2,
      1.5 + 0.25 * Math.SQRT2,
      1.5,
      1,
      1,
    ])
    expect(at(exponentialSchedule({ from: 8, factor: 0.5, steps: 10 }), [0, 5, 10, 30])).toBeAllClose([
      8,
      8 * Math.SQRT1_2,
      4,
      1,
    ])
  })

  it('free all tensors but their value', () => {
    const step = tf.scalar(1)
    const before = tf.memory().numTensors
    const values = [linearSchedule, cosineSchedule].map((make) => make({ from: 1, to: 0, steps: 3 })(step))
    values.push(exponentialSchedule({ from: 1, factor: 2, steps: 3 })(step), constantSchedule(1)(step))
    expect(tf.memory().numTensors - before).toBe(4)
    tf.dispose(values)
  })

  it.each([
    [1, 1e-8],
    [1_000, 1e-5],
    [3e-4, 3e-9],
  ])('arrive at their end exactly, from %d at %d', (from, to) => {
    for (const make of [linearSchedule, cosineSchedule])
      expect(at(make({ from, to, steps: 3 }), [3, 4])).toEqual([to, to].map(Math.fround))
  })

  it('refuse values that make no sense', () => {
    expect(() => constantSchedule(NaN)).toThrow('constantSchedule: value must be finite, got NaN')
    expect(() => linearSchedule({ from: 1, to: Infinity, steps: 3 })).toThrow(
      'linearSchedule: to must be finite, got Infinity',
    )
    expect(() => cosineSchedule({ from: NaN, to: 1, steps: 3 })).toThrow(
      'cosineSchedule: from must be finite, got NaN',
    )
    expect(() => linearSchedule({ from: 1, to: 0, steps: 0 })).toThrow(
      'linearSchedule: steps must be positive and finite, got 0',
    )
    expect(() => exponentialSchedule({ from: 1, factor: 0, steps: 1 })).toThrow(
      'exponentialSchedule: factor must be positive and finite, got 0',
    )
  })
})
