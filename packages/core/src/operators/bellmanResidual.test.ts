import * as tf from '@tensorflow/tfjs'
import { checkGrads, checkZeroGrads } from '../testing/index.ts'
import { describe, expect, it } from 'vitest'
import { bellmanResidual } from './bellmanResidual.ts'

const q = tf.tensor2d([
  [1, 2, -1],
  [0, 2, 3],
])
const target = tf.tensor1d([2, 2, 1])

describe('bellmanResidual', () => {
  it('is half the mean squared residual, summed over critics, by hand', () => {
    // ½ (1 + 0 + 4)/3 + ½ (4 + 0 + 4)/3
    expect(bellmanResidual({ q, target })).toBeAllClose((0.5 * 13) / 3)
  })

  it('is the sum of what the critics give alone', () => {
    const alone = [0, 1].map((k) => bellmanResidual({ q: tf.slice(q, [k, 0], [1, 3]), target }))
    expect(bellmanResidual({ q, target })).toBeAllClose(tf.addN(alone))
  })

  it('has the gradient of central differences in q, and none in the target', () => {
    checkGrads((values: tf.Tensor) => bellmanResidual({ q: values, target }), [q])
    checkZeroGrads((args: { q: tf.Tensor; target: tf.Tensor }) => bellmanResidual(args), { q, target }, [
      'target',
    ])
  })

  it('refuses shapes that differ', () => {
    expect(() => bellmanResidual({ q, target: tf.tensor1d([1, 2]) })).toThrow(
      'bellmanResidual: target must have shape [B] with K=2, B=3, got [2]',
    )
  })
})
