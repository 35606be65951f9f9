import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { discreteActorLoss, expectedValue, takenQ } from './losses.ts'

/** Two states, two critics, two choices. */
const q = (): Tensor => tf.tensor3d([4, 1, 0, 2, 3, 5, 1, -2], [2, 2, 2])
const logProbs = (): Tensor =>
  tf.tensor2d([
    [Math.log(0.5), Math.log(0.5)],
    [Math.log(0.25), Math.log(0.75)],
  ])
const alpha = tf.scalar(0.1)
const entropies = [Math.log(2), -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75)]
// least critics: (3, 1), (0, -2)
const values = [2 + 0.1 * entropies[0], -1.5 + 0.1 * entropies[1]]

describe('expectedValue', () => {
  it('gives the hand-worked values of two states', () => {
    expect(expectedValue({ q: q(), logProbs: logProbs(), alpha })).toBeAllClose(values)
  })

  it('is α log Σ exp(Q/α) for the policy that is optimal for one critic', () => {
    const one = tf.tensor3d([1, 0.5, -1], [1, 1, 3])
    const logits = tf.mul(10, tf.reshape(one, [1, 3]))
    expect(expectedValue({ q: one, logProbs: tf.logSoftmax(logits), alpha })).toBeAllClose(
      tf.mul(0.1, tf.logSumExp(logits, 1)),
    )
  })

  it('refuses probabilities of another number of choices', () => {
    expect(() => expectedValue({ q: q(), logProbs: tf.zeros([2, 3]), alpha })).toThrow(
      'expectedValue: logProbs must have shape [B, N]',
    )
  })
})

describe('takenQ', () => {
  it('picks the values of the choices taken', () => {
    const taken = tf.tensor2d([
      [0, 1],
      [1, 0],
    ])
    expect(takenQ(q(), taken)).toBeAllClose(
      tf.tensor2d([
        [1, 0],
        [5, 1],
      ]),
    )
  })
})

describe('discreteActorLoss', () => {
  it('gives the hand-worked loss', () => {
    expect(discreteActorLoss({ q: q(), logProbs: logProbs(), alpha })).toBeAllClose(
      -(values[0] + values[1]) / 2,
    )
  })

  it('has the gradient that central differences give, in the policy alone', () => {
    const logits = tf.tensor2d([
      [0.2, -0.3],
      [1, 0.5],
    ])
    checkGrads((x: Tensor) => discreteActorLoss({ q: q(), logProbs: tf.logSoftmax(x), alpha }), [logits])
    const grad = tf.grad((x: Tensor) => discreteActorLoss({ q: x, logProbs: logProbs(), alpha }))(q())
    expect(grad).toBeAllClose(tf.zerosLike(grad), { atol: 0 })
  })

  it('has no gradient at the policy exp(Q/α)/Z of a single critic', () => {
    const one = tf.tensor3d([1, 0.5, -1], [1, 1, 3])
    const logits = tf.mul(10, tf.reshape(one, [1, 3]))
    const grad = tf.grad((x: Tensor) => discreteActorLoss({ q: one, logProbs: tf.logSoftmax(x), alpha }))(
      logits,
    )
    expect(grad).toBeAllClose(tf.zeros([1, 3]), { atol: 1e-6 })
  })
})
