import * as tf from '@tensorflow/tfjs'
import '../testing/index.ts'
import { describe, expect, it } from 'vitest'
import { actionScale } from './actionScale.ts'

describe('actionScale', () => {
  it('maps the box to [−1, 1] and back', () => {
    const scale = actionScale({ low: [-2, 0], high: [2, 6] })
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
    const scale = actionScale({ low: [-1, -1], high: [1, 1] })
    const action = tf.tensor2d([[0.5, -0.5]])
    expect(scale.toUnit(action)).toBe(action)
    expect(scale.toEnvironment(action)).toBe(action)
  })

  it('refuses bounds, and boxes of a width, that float32 has not', () => {
    for (const bound of [1e39, 1e308]) {
      expect(() => actionScale({ low: [-1, -bound], high: [1, 1] })).toThrow(
        new RangeError(
          `actionScale: action bounds and high - low must be finite in float32, got low=${-bound} and high=1 at index 1, narrow the box`,
        ),
      )
      expect(() => actionScale({ low: [-1], high: [bound] })).toThrow(
        `got low=-1 and high=${bound} at index 0`,
      )
    }
    expect(() => actionScale({ low: [-3e38], high: [3e38] })).toThrow(
      'got low=-3e+38 and high=3e+38 at index 0',
    )
    const scale = actionScale({ low: [-1e38], high: [1e38] })
    expect(scale.toUnit(tf.tensor2d([[1e38]]))).toBeAllClose(tf.tensor2d([[1]]))
    expect(scale.toEnvironment(tf.tensor2d([[-1]])).dataSync()).toEqual(Float32Array.of(-1e38))
  })

  it('refuses bounds of two lengths, no bounds, infinite bounds and empty intervals', () => {
    expect(() => actionScale({ low: [-1], high: [1, 1] })).toThrow(
      'actionScale: action bounds must be of one length of at least 1, got 1 low and 2 high',
    )
    expect(() => actionScale({ low: [], high: [] })).toThrow('got 0 low and 0 high')
    expect(() => actionScale({ low: [-Infinity], high: [1] })).toThrow(
      'actionScale: action.low must be finite, got -Infinity at index 0',
    )
    expect(() => actionScale({ low: [-1], high: [NaN] })).toThrow(
      'actionScale: action.high must be finite, got NaN at index 0',
    )
    expect(() => actionScale({ low: [-1, 2], high: [1, 2] })).toThrow(
      'actionScale: action bounds must have low < high, got low=2 and high=2 at index 1',
    )
  })
})
