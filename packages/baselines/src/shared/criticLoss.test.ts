import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { criticLoss } from './criticLoss.ts'

const q = (): Tensor =>
  tf.tensor2d([
    [1, 2, 3],
    [0, 2, 5],
  ])
const target = (): Tensor => tf.tensor1d([1, 1, 1])

describe('criticLoss', () => {
  it('gives the hand-worked error of two critics', () => {
    // (0 + 1 + 4) / 3 + (1 + 1 + 16) / 3
    expect(criticLoss({ q: q(), target: target() })).toBeAllClose(23 / 3)
  })

  it('is the sum of what the critics give alone', () => {
    const alone = [0, 1].map((k) => criticLoss({ q: tf.slice(q(), [k, 0], [1, 3]), target: target() }))
    expect(criticLoss({ q: q(), target: target() })).toBeAllClose(tf.addN(alone))
  })

  it('has the gradient that central differences give', () => {
    checkGrads((x: Tensor) => criticLoss({ q: x, target: target() }), [q()])
  })

  it('holds the target constant', () => {
    const grad = tf.grad((y) => criticLoss({ q: q(), target: y }))(target())
    expect(grad).toBeAllClose([0, 0, 0], { atol: 0 })
  })

  it('refuses a target of another number of transitions', () => {
    expect(() => criticLoss({ q: q(), target: tf.zeros([2]) })).toThrow(
      'criticLoss: target must have shape [B] with K=2, B=3, got [2]',
    )
  })
})
