import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { diagonalGaussian, normal, key } from '@maxent/core'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { actorLoss } from './actor.ts'

const q = (): Tensor2D =>
  tf.tensor2d([
    [4, 9, -3],
    [2, 7, -1],
  ])
const logProb = (): Tensor => tf.tensor1d([-1, 5, 2])

describe('actorLoss', () => {
  it('gives the hand-worked loss of three states', () => {
    // ((-.1 - 2) + (.5 - 7) + (.2 + 3)) / 3
    expect(actorLoss({ q: q(), logProb: logProb(), alpha: tf.scalar(0.1) })).toBeAllClose(-5.4 / 3)
  })

  it('has the gradients that central differences give', () => {
    checkGrads(
      (values: Tensor, logs: Tensor) => actorLoss({ q: values, logProb: logs, alpha: tf.scalar(0.1) }),
      [q(), logProb()],
    )
  })

  it('holds alpha constant', () => {
    const grad = tf.grad((alpha) => actorLoss({ q: q(), logProb: logProb(), alpha }))(tf.scalar(0.1))
    expect(grad).toBeAllClose(0, { atol: 0 })
  })

  it('has its optimum at the Gaussian of variance alpha/k around the peak of a quadratic Q', () => {
    // Q(a) = -k/2 (a - 2)²: exp(Q/α) is the density of N(2, α/k).
    const [alpha, k, peak] = [0.5, 8, 2]
    const noise = tf.tensor2d(normal(key(1), 4096), [4096, 1])
    let parameters: Tensor = tf.tensor1d([0, 0])
    const loss = (p: Tensor): tf.Scalar => {
      const [mean, logStd] = tf.split(p, 2).map((x) => tf.add(tf.zeros([4096, 1]), x))
      const policy = diagonalGaussian({ mean: mean as Tensor, logStd: logStd as Tensor })
      const action = policy.sample(noise)
      const value = tf.mul(-k / 2, tf.square(tf.sub(action, peak)))
      return actorLoss({
        q: tf.reshape(value, [1, -1]),
        logProb: policy.logProb(action),
        alpha: tf.scalar(alpha),
      })
    }
    for (let i = 0; i < 300; i++) {
      parameters = tf.tidy(() => tf.sub(parameters, tf.mul(0.1, tf.grad(loss)(parameters))))
    }
    const [mean, logStd] = parameters.dataSync()
    expect(mean).toBeCloseTo(peak, 1)
    expect(Math.exp(2 * (logStd ?? NaN))).toBeCloseTo(alpha / k, 2)
  })

  it('refuses a log-probability of another number of states', () => {
    expect(() => actorLoss({ q: q(), logProb: tf.zeros([2]), alpha: tf.scalar(1) })).toThrow(
      'actorLoss: logProb must have shape [B] with K=2, B=3, got [2]',
    )
  })
})
