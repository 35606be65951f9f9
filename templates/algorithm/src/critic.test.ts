import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { criticLoss, softTarget } from './critic.ts'
import type { SoftTargetArgs } from './critic.ts'

/** Three transitions by hand; the second ends the task. */
const golden = (): SoftTargetArgs => ({
  reward: tf.tensor1d([1, -2, 0.5]),
  discount: tf.tensor1d([1, 0, 1]),
  nextQ: tf.tensor2d([
    [4, 9, -3],
    [2, 7, -1],
  ]),
  nextLogProb: tf.tensor1d([-1, 5, 2]),
  alpha: 0.1,
  gamma: 0.5,
})

describe('softTarget', () => {
  it('gives the hand-worked targets of three transitions', () => {
    // 1 + .5 (2 + .1), −2, .5 + .5 (−3 − .2)
    expect(softTarget(golden())).toBeAllClose([2.05, -2, -1.1])
  })

  it('holds what it is made of constant', () => {
    const grad = tf.grad((nextQ: Tensor) => tf.sum(softTarget({ ...golden(), nextQ })))(golden().nextQ)
    expect(grad).toBeAllClose(tf.zeros([2, 3]), { atol: 0 })
  })

  it('refuses shapes that differ', () => {
    expect(() => softTarget({ ...golden(), nextQ: tf.zeros([3]) })).toThrow(
      'softTarget: nextQ must have shape [K, B] with B=3, got [3]',
    )
  })
})

describe('criticLoss', () => {
  const q = tf.tensor2d([
    [1, 2, 3],
    [2, 4, 2],
  ])
  const target = tf.tensor1d([1, 4, 2])

  it('gives the hand-worked loss', () => {
    // ½ (0 + 4 + 1) / 3 + ½ (1 + 0 + 0) / 3
    expect(criticLoss({ q, target })).toBeAllClose(1)
  })

  it('has the gradient that central differences give, and none to the target', () => {
    checkGrads((x: Tensor) => criticLoss({ q: x, target }), [q])
    const grad = tf.grad((y: Tensor) => criticLoss({ q, target: y }))(target)
    expect(grad).toBeAllClose([0, 0, 0], { atol: 0 })
  })

  it('refuses shapes that differ', () => {
    expect(() => criticLoss({ q, target: tf.zeros([4]) })).toThrow('criticLoss: target must have shape [B]')
  })
})
