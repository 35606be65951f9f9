import * as tf from '@tensorflow/tfjs'
import '../testing/index.ts'
import { describe, expect, it } from 'vitest'
import { bellmanTarget } from './bellmanTarget.ts'
import type { BellmanTargetArgs } from './bellmanTarget.ts'

/** Three transitions by hand; the second ends the task. */
const golden = (): BellmanTargetArgs => ({
  reward: tf.tensor1d([1, -2, 0.5]),
  discount: tf.tensor1d([1, 0, 1]),
  nextValue: tf.tensor1d([2, 7, -3]),
  gamma: 0.5,
})

describe('bellmanTarget', () => {
  it('gives the hand-worked targets of three transitions', () => {
    // 1 + .5 · 2, −2, .5 − .5 · 3
    expect(bellmanTarget(golden())).toBeAllClose([2, -2, -1])
  })

  it('is the reward where gamma is zero', () => {
    expect(bellmanTarget({ ...golden(), gamma: 0 })).toBeAllClose([1, -2, 0.5])
  })

  it('holds every argument constant', () => {
    const { reward, discount, nextValue, gamma } = golden()
    const grads = tf.grads((r, d, v) =>
      tf.sum(bellmanTarget({ reward: r, discount: d, nextValue: v, gamma })),
    )([reward, discount, nextValue])
    for (const grad of grads) expect(grad).toBeAllClose([0, 0, 0], { atol: 0 })
  })

  it('refuses values of another number of transitions', () => {
    expect(() => bellmanTarget({ ...golden(), nextValue: tf.zeros([2]) })).toThrow(
      'bellmanTarget: nextValue must have shape [B] with B=3, got [2]',
    )
  })
})
