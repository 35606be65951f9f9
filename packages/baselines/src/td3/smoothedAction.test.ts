import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { smoothedAction } from './smoothedAction.ts'

const golden = { sigma: 0.2, clip: 0.5 }

describe('smoothedAction', () => {
  it('gives the hand-worked actions: noise within its bounds, noise cut, action cut', () => {
    const action = tf.tensor2d([[0.1, -0.3, 0.9]])
    const noise = tf.tensor2d([[1, -4, 2]])
    // .1 + .2, −.3 − min(.8, .5), min(.9 + .4, 1)
    expect(smoothedAction({ action, noise, ...golden })).toBeAllClose(tf.tensor2d([[0.3, -0.8, 1]]))
  })

  it('is the action itself without noise', () => {
    const action = tf.tensor2d([[0.1, -0.3]])
    const still = smoothedAction({ action, noise: tf.ones([1, 2]), sigma: 0, clip: 0.5 })
    expect(still).toBeAllClose(action, { atol: 0 })
    const cut = smoothedAction({ action, noise: tf.ones([1, 2]), sigma: 1, clip: 0 })
    expect(cut).toBeAllClose(action, { atol: 0 })
  })

  it('has the gradient that central differences give where nothing is cut', () => {
    const noise = tf.tensor2d([[1, -1]])
    checkGrads(
      (action: Tensor) => tf.sum(tf.square(smoothedAction({ action, noise, ...golden }))),
      [tf.tensor2d([[0.1, -0.3]])],
    )
  })

  it('refuses noise of another shape', () => {
    const action = tf.zeros([2, 3])
    expect(() => smoothedAction({ action, noise: tf.zeros([2, 2]), ...golden })).toThrow(
      'smoothedAction: noise must have shape [B, A] with B=2, A=3, got [2, 2]',
    )
  })
})
