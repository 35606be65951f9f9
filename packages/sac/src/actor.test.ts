import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { diagonalGaussian, key, normal, stopGradient } from '@maxent/core'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { actorLoss, scoreFunctionLoss } from './actor.ts'

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

describe('actorLoss over several critics', () => {
  it('climbs the first critic or the mean of all where asked', () => {
    const args = { q: q(), logProb: tf.zeros([3]), alpha: tf.scalar(0) }
    expect(actorLoss({ ...args, over: 'first' })).toBeAllClose(-10 / 3)
    expect(actorLoss({ ...args, over: 'mean' })).toBeAllClose(-9 / 3)
    expect(actorLoss({ ...args, over: 'minimum' })).toBeAllClose(-(2 + 7 - 3) / 3)
  })
})

describe('scoreFunctionLoss', () => {
  const value = (): Tensor => tf.tensor1d([1, -1, 0.5])
  const args = () => ({ q: q(), logProb: logProb(), alpha: tf.scalar(0.1), value: value() })

  it('gives the hand-worked loss of three states', () => {
    // costs -.1 - 2 + 1, .5 - 7 - 1, .2 + 3 + .5; times log π of -1, 5, 2
    expect(scoreFunctionLoss(args())).toBeAllClose((1.1 - 37.5 + 7.4) / 3)
  })

  it('passes gradients to log π alone: the cost over the number of states', () => {
    const grads = tf.grads((...[q, logProb, alpha, value]: Tensor[]) =>
      scoreFunctionLoss({ q, logProb, alpha, value }),
    )(Object.values(args()))
    expect(grads[1]).toBeAllClose([-1.1 / 3, -7.5 / 3, 3.7 / 3])
    for (const i of [0, 2, 3]) expect(grads[i]).toBeAllClose(tf.zerosLike(grads[i]), { atol: 0 })
  })

  it('has the gradient of the reparameterised loss in expectation, for any baseline', () => {
    // π = N(μ, σ²), Q(a) = −4 (a − 2)², α = ½: both estimates with the same 100,000 samples.
    const n = 100_000
    const noise = tf.tensor2d(normal(key(1), n), [n, 1])
    const policy = (p: Tensor) => {
      const [mean, logStd] = tf.split(p, 2).map((x) => tf.add(tf.zeros([n, 1]), x))
      return diagonalGaussian({ mean, logStd })
    }
    const critic = (action: Tensor): Tensor => tf.reshape(tf.mul(-4, tf.square(tf.sub(action, 2))), [1, -1])
    const alpha = tf.scalar(0.5)
    const start = tf.tensor1d([1.5, -0.7])
    const exact = tf.grad((p: Tensor) => {
      const action = policy(p).sample(noise)
      return actorLoss({ q: critic(action), logProb: policy(p).logProb(action), alpha })
    })(start)
    for (const baseline of [0, -1]) {
      const estimate = tf.grad((p: Tensor) => {
        const action = stopGradient(policy(p).sample(noise))
        const logProb = policy(p).logProb(action)
        return scoreFunctionLoss({ q: critic(action), logProb, alpha, value: tf.fill([n], baseline) })
      })(start)
      expect(estimate).toBeAllClose(exact, { rtol: 0.03 })
    }
  })

  it('refuses a baseline of another number of states', () => {
    expect(() => scoreFunctionLoss({ ...args(), value: tf.zeros([2]) })).toThrow(
      'scoreFunctionLoss: value must have shape [B]',
    )
  })
})
