import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '../testing/index.ts'
import { describe, expect, it } from 'vitest'
import { minimumQ } from './minimumQ.ts'

describe('minimumQ', () => {
  it('is the least critic of each column, for any number of critics', () => {
    const q = tf.tensor2d([
      [1, 5, 3],
      [2, 4, 3],
      [3, 6, -1],
    ])
    expect(minimumQ(q)).toBeAllClose([1, 4, -1])
    expect(minimumQ(tf.tensor2d([[1, 5, 3]]))).toBeAllClose([1, 5, 3])
  })

  it('passes the gradient of a single critic through', () => {
    const grad = tf.grad((x: Tensor) => tf.sum(minimumQ(x)))(tf.tensor2d([[1, 5, 3]]))
    expect(grad).toBeAllClose([[1, 1, 1]], { atol: 0 })
  })

  it('sends the gradient to the least critic alone, and to one where two tie', () => {
    const q = tf.tensor2d([
      [1, 5, 3],
      [2, 4, 3],
    ])
    const grad = tf.grad((x: Tensor) => tf.sum(minimumQ(x)))(q)
    expect(grad).toBeAllClose(
      tf.tensor2d([
        [1, 0, 1],
        [0, 1, 0],
      ]),
      { atol: 0 },
    )
  })
})
