import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { registerComparisonGradients } from './comparisonGradients.ts'
import { stopGradient } from './stopGradient.ts'
import './testing/index.ts'

describe('stopGradient', () => {
  it('gives the same values and shape', () => {
    const x = tf.tensor2d([[1, -2]])
    expect(stopGradient(x)).toBeAllClose([[1, -2]])
  })

  it('is a constant to what it was computed from, and to nothing else', () => {
    const f = (x: Tensor): Tensor => tf.mul(stopGradient(tf.square(x)), x)
    expect(tf.grad(f)(tf.tensor1d([3, -2]))).toBeAllClose([9, 4])
  })

  it('gives a gradient of exactly zero where nothing else depends on the argument', () => {
    const gradient = tf.grad((x) => stopGradient(tf.exp(x)))(tf.tensor1d([1, 2]))
    expect([...gradient.dataSync()]).toEqual([0, 0])
  })

  it('is a constant to second derivatives too', () => {
    const first = tf.grad((x: Tensor) => tf.mul(stopGradient(x), tf.square(x)))
    expect(tf.grad(first)(tf.scalar(3))).toBeAllClose(6)
  })
})

describe('registerComparisonGradients', () => {
  it('lets comparisons and logic stand in differentiated functions', () => {
    registerComparisonGradients()
    const where = (condition: (x: Tensor) => Tensor): Float32Array =>
      tf
        .grad((x) => tf.where(condition(x), tf.square(x), tf.mul(x, 7)))(tf.tensor1d([-2, 1, 3]))
        .dataSync<'float32'>()
    expect([...where((x) => tf.greater(x, 0))]).toEqual([7, 2, 6])
    expect([...where((x) => tf.greaterEqual(x, 1))]).toEqual([7, 2, 6])
    expect([...where((x) => tf.less(x, 1))]).toEqual([-4, 7, 7])
    expect([...where((x) => tf.lessEqual(x, 1))]).toEqual([-4, 2, 7])
    expect([...where((x) => tf.equal(x, 1))]).toEqual([7, 2, 7])
    expect([...where((x) => tf.notEqual(x, 1))]).toEqual([-4, 7, 6])
    expect([...where((x) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 2)))]).toEqual([7, 2, 7])
    expect([...where((x) => tf.logicalOr(tf.less(x, 0), tf.greater(x, 2)))]).toEqual([-4, 7, 6])
    expect([...where((x) => tf.logicalNot(tf.isNaN(x)))]).toEqual([-4, 2, 6])
    expect([...where((x) => tf.logicalAnd(tf.isFinite(x), tf.logicalNot(tf.isInf(x))))]).toEqual([-4, 2, 6])
  })

  it('gives every comparison and logical operation a gradient', () => {
    registerComparisonGradients()
    const where = (condition: (x: Tensor) => Tensor): number[] => [
      ...tf
        .grad((x) => tf.where(condition(x), tf.square(x), tf.mul(x, 7)))(tf.tensor1d([-2, 1, 3]))
        .dataSync(),
    ]
    expect(where((x) => tf.logicalXor(tf.greater(x, 0), tf.greater(x, 2)))).toEqual([7, 2, 7])
    expect(where((x) => tf.fill([3], 1, 'bool').logicalAnd(tf.any(tf.greater(x, 2))))).toEqual([-4, 2, 6])
    expect(where((x) => tf.fill([3], 1, 'bool').logicalAnd(tf.all(tf.greater(x, 2))))).toEqual([7, 7, 7])
    const kernels = [
      ...[tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual],
      ...[tf.LogicalAnd, tf.LogicalNot, tf.LogicalOr, tf.LogicalXor],
      ...[tf.IsNan, tf.IsFinite, tf.IsInf, tf.All, tf.Any],
    ]
    expect(kernels.filter((kernel) => tf.getGradient(kernel) === undefined)).toEqual([])
  })

  it('gives zeros in the shape of each side where one is broadcast', () => {
    registerComparisonGradients()
    const [toA, toB] = tf.grads((a: Tensor, b: Tensor) => tf.cast(tf.greater(a, b), 'float32'))([
      tf.tensor2d([[1], [2]]),
      tf.tensor1d([1, 2, 3]),
    ])
    expect([toA, toB]).toBeAllClose([tf.zeros([2, 1]), tf.zeros([3])])
  })

  it('changes nothing when called again, or where a gradient exists', () => {
    registerComparisonGradients()
    const before = tf.getGradient('Greater')
    registerComparisonGradients()
    expect(tf.getGradient('Greater')).toBe(before)
  })
})
