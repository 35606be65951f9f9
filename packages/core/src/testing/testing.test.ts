import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { stopGradient } from '../stopGradient.ts'
import { checkGrads, checkZeroGrads } from './index.ts'

describe('toBeAllClose', () => {
  it('takes tensors, typed arrays, nested arrays and numbers for the same', () => {
    expect(tf.tensor2d([[1, 2]])).toBeAllClose([[1, 2]])
    expect(Float32Array.of(1, 2)).toBeAllClose([1, 2])
    expect([1, 2]).toBeAllClose(tf.tensor1d([1, 2]))
    expect(tf.scalar(3)).toBeAllClose(3)
    expect({ a: [tf.scalar(1), { b: 2 }] }).toBeAllClose({ a: [1, { b: tf.scalar(2) }] })
    expect(tf.tensor1d([true, false], 'bool')).toBeAllClose([1, 0])
  })

  it('allows atol + rtol · |expected|', () => {
    expect(1.0999).toBeAllClose(1, { rtol: 0, atol: 0.1 })
    expect(1.1001).not.toBeAllClose(1, { rtol: 0, atol: 0.1 })
    expect(-10.99).toBeAllClose(-10, { rtol: 0.1, atol: 0 })
    expect(-11.01).not.toBeAllClose(-10, { rtol: 0.1, atol: 0 })
    expect(1 + 2e-5).not.toBeAllClose(1)
    expect(1 + 1e-6).toBeAllClose(1)
  })

  it('takes NaN for NaN and an infinity for itself, and for nothing else', () => {
    expect([NaN, Infinity]).toBeAllClose([NaN, Infinity])
    expect(NaN).not.toBeAllClose(0)
    expect(0).not.toBeAllClose(NaN)
    expect(Infinity).not.toBeAllClose(-Infinity)
    expect(Infinity).not.toBeAllClose(1, { atol: 1e9 })
  })

  it('tells structures apart', () => {
    expect([1, 2]).not.toBeAllClose([1])
    expect([]).not.toBeAllClose([[]])
    expect(tf.zeros([0, 3])).toBeAllClose([])
    expect(tf.zeros([2, 1])).not.toBeAllClose([0, 0])
    expect({ a: 1 }).not.toBeAllClose({ b: 1 })
    expect({}).not.toBeAllClose([])
    expect('a').not.toBeAllClose('b')
  })

  it('names the first number that is far, and how many are', () => {
    expect(() => expect({ w: tf.tensor1d([1, 5, 6]) }).toBeAllClose({ w: [1, 2, 3] })).toThrow(
      'toBeAllClose: /w[1] is 5, expected 2 within 0.000001 + 0.00001 × |expected|; 2 of 3 numbers differ',
    )
    expect(() => expect([1]).toBeAllClose([1, 2])).toThrow(
      'toBeAllClose: both sides must have the same structure, got nothing further where [1] is 2 was expected',
    )
    expect(() => expect(1).not.toBeAllClose(1)).toThrow('all 1 numbers are within')
  })
})

describe('checkGrads', () => {
  const x = tf.tensor1d([0.3, -0.7, 1.2])

  it('passes right gradients of one and of several arguments', () => {
    checkGrads((a: Tensor) => tf.sum<Scalar>(tf.exp(a)), [x])
    checkGrads(
      (a: Tensor, b: { c: Tensor }) => tf.sum<Scalar>(tf.mul(tf.sin(a), b.c)),
      [x, { c: tf.square(x) }],
    )
    checkGrads((a: Tensor) => tf.mul<Scalar>(tf.sum(tf.square(a)), 1e6), [x])
  })

  const wrong =
    (factor: number) =>
    (a: Tensor): Scalar => {
      const f = tf.customGrad((input) => ({
        value: tf.sum(tf.square(input as Tensor)),
        gradFunc: (dy: Tensor) => tf.mul(tf.mul(dy, 2 * factor), input as Tensor),
      }))
      return f(a) as Scalar
    }

  it('catches a gradient that is one percent off, missing, or of the wrong sign', () => {
    checkGrads(wrong(1), [x])
    for (const factor of [1.01, 0, -1])
      expect(() => checkGrads(wrong(factor), [x])).toThrow(
        /checkGrads: gradient along random direction 0 must be/,
      )
  })

  it('measures by the gradient, not by the value: small ones beside a large value count', () => {
    const beside =
      (factor: number) =>
      (a: Tensor): Scalar =>
        tf.add<Scalar>(wrong(factor)(a), 100)
    checkGrads(beside(1), [x])
    expect(() => checkGrads(beside(1.004), [x])).toThrow('checkGrads: gradient along')
    expect(() => checkGrads(wrong(1.002), [tf.mul(1e-2, x)])).toThrow('checkGrads: gradient along')
  })

  it('catches one wrong coordinate', () => {
    const f = (a: Tensor): Scalar => {
      const [first, rest] = tf.split(a, [1, 2])
      return tf.add<Scalar>(tf.sum(tf.square(stopGradient(first))), tf.sum(tf.square(rest)))
    }
    expect(() => checkGrads(f, [x], { directions: 0 })).toThrow(
      'checkGrads: gradient along coordinate 0 must be',
    )
  })

  it('frees all tensors', () => {
    const before = tf.memory().numTensors
    checkGrads((a: Tensor) => tf.sum<Scalar>(tf.exp(a)), [x])
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('checkZeroGrads', () => {
  const args = (): { online: Tensor; target: { w: Tensor } } => ({
    online: tf.tensor1d([1, 2]),
    target: { w: tf.tensor1d([3, 5]) },
  })

  it('passes arguments that are held constant', () => {
    checkZeroGrads(
      ({ online, target }) => tf.sum(tf.square(tf.sub(online, stopGradient(target.w)))),
      args(),
      ['target'],
    )
  })

  it('catches a gradient to an argument named, and names its leaf', () => {
    expect(() =>
      checkZeroGrads(({ online, target }) => tf.sum(tf.square(tf.sub(online, target.w))), args(), ['target']),
    ).toThrow('checkZeroGrads: target/w must have a gradient of zero, got 4 at index 0')
  })

  it('refuses to pass where nothing has a gradient', () => {
    expect(() => checkZeroGrads(() => tf.scalar(1), args(), ['target'])).toThrow(
      'checkZeroGrads: some argument besides target must have a gradient, got none',
    )
  })
})
