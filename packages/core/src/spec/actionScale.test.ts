import * as tf from '@tensorflow/tfjs'
import '../testing/index.ts'
import { describe, expect, it } from 'vitest'
import { describeValue } from '../check.ts'
import type { ActionSpec } from '../contracts.ts'
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
          `actionScale: action bounds and high - low must be finite in float32, got low=${-bound} and high=1 at index 1; narrow the box`,
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
      'actionScale: action.low must be finite, got -Infinity at index 0; give that entry a bound, and let the environment map its actions to it',
    )
    expect(() => actionScale({ low: [-1], high: [NaN] })).toThrow(
      'actionScale: action.high must be finite, got NaN at index 0; give that entry a bound',
    )
    expect(() => actionScale({ low: [-1, 2], high: [1, 2] })).toThrow(
      'actionScale: action bounds must have low < high, got low=2 and high=2 at index 1; swap the bounds, or leave out an entry that has one value only',
    )
  })

  it('refuses boxes in which float32 has hardly any action', () => {
    for (const [low, high] of [
      [1e6, 1e6 + 0.01],
      [1, 1 + 1e-12],
      [-1 - 1e-9, -1],
      [0, 1e-45],
      [1, 1 + 15 * 2 ** -23],
    ])
      expect(() => actionScale({ low: [-1, low], high: [1, high] })).toThrow(
        new RangeError(
          'actionScale: action bounds must be at least 16 steps of float32 apart, ' +
            `got low=${low} and high=${high} at index 1; widen the box, or shift its actions towards 0 and let the environment shift them back`,
        ),
      )
    for (const [low, high] of [
      [1e6, 1e6 + 2],
      [1, 1 + 16 * 2 ** -23],
      [0, 1e-6],
      [0, 1e-30],
    ]) {
      const scale = actionScale({ low: [low], high: [high] })
      const units = tf.tensor2d([[-1], [0], [1]])
      const actions = scale.toEnvironment(units)
      expect(new Set(actions.dataSync()).size).toBe(3)
      expect(scale.toUnit(actions)).toBeAllClose(units, { atol: 1 / 16 })
    }
  })

  it('refuses what is no box', () => {
    for (const action of [undefined, null, {}, { low: [-1] }, { low: -1, high: 1 }])
      expect(() => actionScale(action as unknown as ActionSpec)).toThrow(
        new TypeError(
          `actionScale: action must be a box { low, high } with a list of numbers each, got ${describeValue(action)}; ` +
            'give the action of the specification of an environment',
        ),
      )
  })
})
