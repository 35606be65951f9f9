import { minimumQ } from '@maxent/core'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { policyLoss } from './policyLoss.ts'

const q = (): Tensor =>
  tf.tensor2d([
    [1, 5, 3],
    [2, 4, 3],
  ])

describe('policyLoss', () => {
  it('is minus the mean value', () => {
    expect(policyLoss({ q: tf.tensor1d([1, 2, -6]) })).toBeAllClose(1)
  })

  it('has the gradient of the policy through a quadratic value, by hand and by central differences', () => {
    // Q(a) = −(a − 2)² with a = 0.5: dJ/da = 2 (a − 2) = −3.
    const loss = (a: Tensor): tf.Scalar => policyLoss({ q: tf.neg(tf.square(tf.sub(a, 2))) })
    expect(tf.grad(loss)(tf.tensor1d([0.5]))).toBeAllClose([-3])
    checkGrads(loss, [tf.tensor1d([0.5, -0.2])])
  })

  it('refuses values that are not one per state', () => {
    expect(() => policyLoss({ q: q() })).toThrow('policyLoss: q must have shape [B], got [2, 3]')
  })
})

describe('minimumQ', () => {
  it('is the least critic of each column, for any number of critics', () => {
    expect(minimumQ(q())).toBeAllClose([1, 4, 3])
    expect(minimumQ(tf.tensor2d([[1, 5, 3]]))).toBeAllClose([1, 5, 3])
  })

  it('sends the gradient to the least critic alone, and to one where two tie', () => {
    const grad = tf.grad((x: Tensor) => tf.sum(minimumQ(x)))(q())
    expect(grad).toBeAllClose(
      tf.tensor2d([
        [1, 0, 1],
        [0, 1, 0],
      ]),
      { atol: 0 },
    )
  })

  it('refuses values without an axis of critics', () => {
    expect(() => minimumQ(tf.zeros([3]))).toThrow('minimumQ: q must have shape [K, B], got [3]')
  })
})
