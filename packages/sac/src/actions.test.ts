import * as tf from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { createActionScale } from './actions.ts'

describe('createActionScale', () => {
  it('maps the box to [−1, 1] and back', () => {
    const scale = createActionScale({ low: [-2, 0], high: [2, 6] })
    const box = tf.tensor2d([
      [-2, 0],
      [0, 3],
      [2, 6],
    ])
    const unit = scale.toUnit(box)
    expect(unit).toBeAllClose(
      tf.tensor2d([
        [-1, -1],
        [0, 0],
        [1, 1],
      ]),
    )
    expect(scale.toEnvironment(unit)).toBeAllClose(box)
  })

  it('gives the argument itself where the box is [−1, 1] already', () => {
    const scale = createActionScale({ low: [-1, -1], high: [1, 1] })
    const action = tf.tensor2d([[0.5, -0.5]])
    expect(scale.toUnit(action)).toBe(action)
    expect(scale.toEnvironment(action)).toBe(action)
  })

  it('refuses bounds of two lengths, no bounds, infinite bounds and empty intervals', () => {
    expect(() => createActionScale({ low: [-1], high: [1, 1] })).toThrow(
      'sac: action bounds must be of one length of at least 1, got 1 low and 2 high',
    )
    expect(() => createActionScale({ low: [], high: [] })).toThrow('got 0 low and 0 high')
    expect(() => createActionScale({ low: [-Infinity], high: [1] })).toThrow(
      'sac: action.low must be finite, got -Infinity at index 0',
    )
    expect(() => createActionScale({ low: [-1], high: [NaN] })).toThrow(
      'sac: action.high must be finite, got NaN at index 0',
    )
    expect(() => createActionScale({ low: [-1, 2], high: [1, 2] })).toThrow(
      'sac: action bounds must have low < high, got low=2 and high=2 at index 1',
    )
  })
})
