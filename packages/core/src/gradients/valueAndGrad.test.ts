import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import '../testing/index.ts'
import { valueAndGrad } from './index.ts'

describe('valueAndGrad', () => {
  it('gives value, gradients in the structure of the parameters, and what comes along', () => {
    const params = { x: tf.tensor1d([1, 2]), deep: [{ y: tf.scalar(3) }] as const }
    const result = valueAndGrad(({ x, deep: [{ y }] }: typeof params) => ({
      value: tf.mul<Scalar>(y, tf.sum(tf.square(x))),
      aux: { double: tf.mul(x, 2), same: x },
    }))(params)
    expect(result.value).toBeAllClose(15)
    expect(result.grads).toBeAllClose({ x: [6, 12], deep: [{ y: 5 }] })
    expect(result.aux).toBeAllClose({ double: [2, 4], same: [1, 2] })
  })

  it('gives zero for leaves that the value does not depend on', () => {
    const params = { used: tf.scalar(2), unused: tf.tensor2d([[1, 2]]) }
    const { grads } = valueAndGrad(({ used }: typeof params) => ({ value: tf.square(used) }))(params)
    expect(grads).toBeAllClose({ used: 4, unused: [[0, 0]] }, { atol: 0 })
  })

  it('gives zero everywhere for a constant', () => {
    const { value, grads } = valueAndGrad((_: Tensor) => ({ value: tf.scalar(5) }))(tf.tensor1d([1, 2]))
    expect(value).toBeAllClose(5)
    expect(grads).toBeAllClose([0, 0], { atol: 0 })
  })

  it('gives one for the parameter itself', () => {
    expect(valueAndGrad((x: Scalar) => ({ value: x }))(tf.scalar(4)).grads).toBeAllClose(1)
  })

  it('holds what the function captures constant, even a leaf of its argument', () => {
    const x = tf.scalar(3)
    expect(valueAndGrad((y: Scalar) => ({ value: tf.mul<Scalar>(x, y) }))(x).grads).toBeAllClose(3)
  })

  it('counts a tensor that is two leaves twice', () => {
    const x = tf.scalar(3)
    const params = { a: x, b: x }
    const { grads } = valueAndGrad(({ a, b }: typeof params) => ({
      value: tf.add<Scalar>(tf.mul(a, 5), tf.square(b)),
    }))(params)
    expect(grads).toBeAllClose({ a: 5, b: 6 })
  })

  it('can be nested: the gradient of a squared gradient norm', () => {
    const slope = valueAndGrad((x: Tensor1D) => ({ value: tf.sum<Scalar>(tf.pow(x, 3)) }))
    const { grads } = valueAndGrad((x: Tensor1D) => ({ value: tf.sum<Scalar>(tf.square(slope(x).grads)) }))(
      tf.tensor1d([1, 2]),
    )
    // d/dx (3 x²)² = 36 x³
    expect(grads).toBeAllClose([36, 288])
  })

  it('gives what comes along no gradient of its own', () => {
    const { grads } = valueAndGrad((x: Scalar) => ({ value: tf.mul<Scalar>(x, 2), aux: tf.exp(x) }))(
      tf.scalar(1),
    )
    expect(grads).toBeAllClose(2)
  })

  it('frees all tensors but its results', () => {
    const params = { x: tf.tensor1d([1, 2]), y: tf.scalar(3) }
    const before = tf.memory().numTensors
    const result = valueAndGrad(({ x, y }: typeof params) => {
      const product = tf.mul(tf.square(x), y)
      return { value: tf.sum(product), aux: [product, tf.relu(x)] }
    })(params)
    expect(tf.memory().numTensors - before).toBe(5)
    tf.dispose([result.value, result.grads, result.aux])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses a value that is not a scalar, and frees what it made', () => {
    const x = tf.tensor1d([1, 2])
    const before = tf.memory().numTensors
    const wrong = valueAndGrad((p: Tensor1D) => ({ value: p as Tensor as Scalar, aux: p }))
    expect(() => wrong(x)).toThrow('valueAndGrad: value must be a scalar, got shape [2], reduce it first')
    expect(tf.memory().numTensors).toBe(before)
  })
})
