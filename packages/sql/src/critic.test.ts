import * as tf from '@tensorflow/tfjs'
import { checkGrads, checkZeroGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { criticLoss } from './critic.ts'

const q = tf.tensor2d([
  [1, 2, -1],
  [0, 2, 3],
])
const target = tf.tensor1d([2, 2, 1])

describe('criticLoss', () => {
  it('is half the mean squared residual, summed over critics, by hand', () => {
    // ½ (1 + 0 + 4)/3 + ½ (4 + 0 + 4)/3
    expect(criticLoss({ q, target })).toBeAllClose((0.5 * 13) / 3)
  })

  it('has the gradient of central differences in q, and none in the target', () => {
    checkGrads((values: tf.Tensor) => criticLoss({ q: values, target }), [q])
    checkZeroGrads((args: { q: tf.Tensor; target: tf.Tensor }) => criticLoss(args), { q, target }, ['target'])
  })

  it('refuses shapes that differ', () => {
    expect(() => criticLoss({ q, target: tf.tensor1d([1, 2]) })).toThrow(
      'criticLoss: target must have shape [B] with C=2, B=3, got [2]',
    )
  })
})
