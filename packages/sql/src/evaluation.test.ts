import * as tf from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { densestAction } from './evaluation.ts'

const actions = tf.tensor3d([
  [[-0.8], [0.5], [0.6], [0.7], [0]],
  [[0.1], [0.2], [0.9], [0.91], [0.92]],
])

describe('densestAction', () => {
  it('is in the middle of the mode with the most actions, in each state', () => {
    expect(densestAction(actions, tf.scalar(5))).toBeAllClose(tf.tensor2d([[0.6], [0.91]]))
  })

  it('takes no notice of actions that are not in use', () => {
    expect(densestAction(actions, tf.scalar(1))).toBeAllClose(tf.tensor2d([[-0.8], [0.1]]))
  })

  it('is the only one there is, and the one place of all', () => {
    expect(densestAction(tf.fill([1, 1, 2], 0.3), tf.scalar(1))).toBeAllClose(tf.tensor2d([[0.3, 0.3]]))
    expect(densestAction(tf.fill([1, 4, 2], 0.3), tf.scalar(4))).toBeAllClose(tf.tensor2d([[0.3, 0.3]]))
  })

  it('refuses what has no actions', () => {
    expect(() => densestAction(tf.zeros([2, 3]), tf.scalar(1))).toThrow(
      'densestAction: actions must have shape [B, C, A], got [2, 3]',
    )
  })
})
