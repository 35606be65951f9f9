import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { actorLoss } from './actor.ts'

describe('actorLoss', () => {
  const q = tf.tensor2d([
    [1, 5],
    [2, -2],
  ])
  const logProb = tf.tensor1d([0.5, 3])

  it('gives the hand-worked loss', () => {
    // ((.2·.5 − 1) + (.2·3 + 2)) / 2
    expect(actorLoss({ q, logProb, alpha: 0.2 })).toBeAllClose(0.85)
  })

  it('has the gradients that central differences give', () => {
    checkGrads((x: Tensor, y: Tensor) => actorLoss({ q: x, logProb: y, alpha: 0.2 }), [q, logProb])
  })

  it('is the mean of −minₖ Qₖ without entropy', () => {
    expect(actorLoss({ q, logProb, alpha: 0 })).toBeAllClose(0.5)
  })

  it('refuses shapes that differ', () => {
    expect(() => actorLoss({ q, logProb: tf.zeros([3]), alpha: 1 })).toThrow(
      'actorLoss: logProb must have shape [B] with K=2, B=2, got [3]',
    )
  })
})
