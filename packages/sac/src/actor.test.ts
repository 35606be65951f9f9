import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { diagonalGaussian } from '@maxent/core'
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
    // Q(a) = −k/2 (a − 2)²: exp(Q/α) is the density of N(2, α/k). Noise of mean 0 and variance 1 makes the optimum exact.
    const [alpha, k, peak] = [0.5, 8, 2]
    const noise = tf.tensor2d([[-1], [1]])
    let parameters: Tensor = tf.tensor1d([0, 0])
    const loss = (p: Tensor): tf.Scalar => {
      const [mean, logStd] = tf.split(p, 2).map((x) => tf.add(tf.zeros([2, 1]), x))
      const policy = diagonalGaussian({ mean, logStd })
      const action = policy.sample(noise)
      const q = tf.reshape(tf.mul(-k / 2, tf.square(tf.sub(action, peak))), [1, -1])
      return actorLoss({ q, logProb: policy.logProb(action), alpha: tf.scalar(alpha) })
    }
    for (let i = 0; i < 200; i++) {
      parameters = tf.tidy(() => tf.sub(parameters, tf.mul(0.1, tf.grad(loss)(parameters))))
    }
    expect(parameters).toBeAllClose([peak, 0.5 * Math.log(alpha / k)], { rtol: 1e-3 })
  })

  it('refuses a log-probability of another number of states', () => {
    expect(() => actorLoss({ q: q(), logProb: tf.zeros([2]), alpha: tf.scalar(1) })).toThrow(
      'actorLoss: logProb must have shape [B] with K=2, B=3, got [2]',
    )
  })
})
