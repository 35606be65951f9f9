import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { quadraticAdvantage } from './advantage.ts'
import type { QuadraticAdvantageArgs } from './advantage.ts'

/** L = [[1, 0], [3, 2]], P = [[1, 3], [3, 13]]. */
const golden = (): QuadraticAdvantageArgs => ({
  action: tf.tensor2d([
    [1, 0],
    [0.5, 0.5],
  ]),
  mean: tf.tensor2d([
    [0, 0],
    [0.5, 0.5],
  ]),
  logDiagonal: tf.tensor2d([
    [0, Math.log(2)],
    [0, Math.log(2)],
  ]),
  below: tf.tensor2d([[3], [3]]),
})

describe('quadraticAdvantage', () => {
  it('gives the hand-worked advantages, 0 at the mean', () => {
    // −½ · P₁₁ · 1
    expect(quadraticAdvantage(golden())).toBeAllClose([-0.5, 0])
    const action = tf.tensor2d([
      [1, -1],
      [0.5, 0.5],
    ])
    // −½ (1 − 2 · 3 + 13)
    expect(quadraticAdvantage({ ...golden(), action })).toBeAllClose([-4, 0])
  })

  it('equals the quadratic form with P = L Lᵀ formed, in three dimensions', () => {
    const lower = tf.tensor2d([
      [0.5, 0, 0],
      [-1, 2, 0],
      [0.3, 0.7, 1.5],
    ])
    const distance = tf.tensor2d([[0.4, -0.2, 0.9]])
    const precision = tf.matMul(lower, lower, false, true)
    const expected = tf.mul(-0.5, tf.sum(tf.mul(tf.matMul(distance, precision), distance), 1))
    const advantage = quadraticAdvantage({
      action: distance,
      mean: tf.zeros([1, 3]),
      logDiagonal: tf.log(tf.tensor2d([[0.5, 2, 1.5]])),
      below: tf.tensor2d([[-1, 0.3, 0.7]]),
    })
    expect(advantage).toBeAllClose(expected)
  })

  it('has the gradients that central differences give', () => {
    const { action, mean, logDiagonal, below } = golden()
    checkGrads(
      (a: Tensor, m: Tensor, d: Tensor, b: Tensor) =>
        tf.sum(quadraticAdvantage({ action: a, mean: m, logDiagonal: d, below: b })),
      [action, mean, logDiagonal, below],
    )
  })

  it('refuses entries of another number', () => {
    expect(() => quadraticAdvantage({ ...golden(), below: tf.zeros([2, 3]) })).toThrow(
      'quadraticAdvantage: below must have shape [2, 1], got [2, 3]',
    )
    expect(() => quadraticAdvantage({ ...golden(), mean: tf.zeros([2, 3]) })).toThrow(
      'quadraticAdvantage: mean must have shape [B, A] with B=2, A=2, got [2, 3]',
    )
  })
})
