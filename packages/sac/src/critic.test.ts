import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { bellmanTarget, minimumQ } from '@maxent/core'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { softTarget, valueLoss } from './critic.ts'
import type { SoftTargetArgs } from './critic.ts'

/** Three transitions by hand: γ = .5, α = .1; the second ends the task. */
function golden(): SoftTargetArgs {
  return {
    reward: tf.tensor1d([1, -2, 0.5]),
    discount: tf.tensor1d([1, 0, 1]),
    nextQ: tf.tensor2d([
      [4, 9, -3],
      [2, 7, -1],
    ]),
    nextLogProb: tf.tensor1d([-1, 5, 2]),
    alpha: tf.scalar(0.1),
    gamma: 0.5,
  }
}

describe('softTarget', () => {
  it('gives the hand-worked targets of three transitions', () => {
    // 1 + .5 (2 + .1), -2, .5 + .5 (-3 - .2)
    expect(softTarget(golden())).toBeAllClose([2.05, -2, -1.1])
  })

  it('is the Bellman target where V is the least critic less the log density', () => {
    const { reward, discount, nextQ, nextLogProb, alpha, gamma } = golden()
    const nextValue = tf.sub(minimumQ(nextQ), tf.mul(alpha, nextLogProb))
    expect(softTarget(golden())).toBeAllClose(bellmanTarget({ reward, discount, nextValue, gamma }))
  })

  it('is the reward where the discount is zero', () => {
    expect(softTarget({ ...golden(), discount: tf.zeros([3]) })).toBeAllClose([1, -2, 0.5])
  })

  it('is the clipped double-Q target of TD3 where alpha is zero', () => {
    expect(softTarget({ ...golden(), alpha: tf.scalar(0) })).toBeAllClose([1 + 0.5 * 2, -2, 0.5 + 0.5 * -3])
  })

  it('falls with alpha where log π is positive and rises where it is negative', () => {
    const [low, high] = [0.1, 0.2].map((alpha) =>
      softTarget({ ...golden(), alpha: tf.scalar(alpha) }).dataSync(),
    )
    expect(high?.[2]).toBeLessThan(low?.[2] ?? NaN)
    expect(high?.[0]).toBeGreaterThan(low?.[0] ?? NaN)
  })

  it('holds every argument constant', () => {
    const { gamma, ...tensors } = golden()
    const grads = tf.grads((...xs: Tensor[]) =>
      tf.sum(softTarget({ ...named(tensors, xs), gamma } as SoftTargetArgs)),
    )(Object.values(tensors))
    for (const grad of grads) expect(grad).toBeAllClose(tf.zerosLike(grad), { atol: 0 })
  })

  it('refuses values of another number of transitions', () => {
    expect(() => softTarget({ ...golden(), nextLogProb: tf.zeros([4]) })).toThrow(
      'softTarget: nextLogProb must have shape [B] with B=3, K=2, got [4]',
    )
  })
})

describe('valueLoss', () => {
  const args = () => ({
    value: tf.tensor1d([1, 2, 3]),
    q: golden().nextQ,
    logProb: golden().nextLogProb,
    alpha: tf.scalar(0.1),
  })

  it('gives the hand-worked residual of three states', () => {
    // soft values 2 + .1, 7 - .5, -3 - .2
    expect(valueLoss(args())).toBeAllClose((1.1 ** 2 + 4.5 ** 2 + 6.2 ** 2) / 6)
  })

  it('has the gradient that central differences give, in the value alone', () => {
    checkGrads((value: Tensor) => valueLoss({ ...args(), value }), [args().value])
    const { value, ...held } = args()
    const grads = tf.grads((...[q, logProb, alpha]: Tensor[]) => valueLoss({ value, q, logProb, alpha }))(
      Object.values(held),
    )
    for (const grad of grads) expect(grad).toBeAllClose(tf.zerosLike(grad), { atol: 0 })
  })

  it('refuses log densities of another number of states', () => {
    expect(() => valueLoss({ ...args(), logProb: tf.zeros([2]) })).toThrow(
      'valueLoss: logProb must have shape',
    )
  })
})

function named(like: object, values: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(Object.keys(like).map((key, i) => [key, values[i]]))
}
