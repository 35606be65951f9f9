import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { polyak } from './polyak.ts'
import './testing/index.ts'

const online = { a: tf.tensor1d([1, 2]), b: [tf.scalar(10)] }
const target = { a: tf.tensor1d([3, -2]), b: [tf.scalar(20)] }

it('polyak moves the target by tau towards the online parameters', () => {
  expect(polyak(online, target, 0.25)).toBeAllClose({ a: [2.5, -1], b: [17.5] })
})

it('polyak copies exactly for tau = 1 and keeps the target exactly for tau = 0', () => {
  const odd = { a: tf.tensor1d([0.1, 1e-30]), b: [tf.scalar(1e20)] }
  expect(polyak(odd, target, 1)).toBeAllClose(odd, { atol: 0, rtol: 0 })
  expect(polyak(online, odd, 0)).toBeAllClose(odd, { atol: 0, rtol: 0 })
})

it('polyak takes tau as a scalar tensor', () => {
  expect(polyak(online, target, tf.scalar(0.25))).toBeAllClose(polyak(online, target, 0.25))
})

it('polyak frees all tensors but its results', () => {
  const before = tf.memory().numTensors
  const next = polyak(online, target, 0.5)
  expect(tf.memory().numTensors - before).toBe(2)
  tf.dispose(next)
})

it('polyak refuses weights outside [0, 1] and trees of different structure', () => {
  for (const tau of [-0.1, 1.1, NaN])
    expect(() => polyak(online, target, tau)).toThrow(`polyak: tau must be in [0, 1], got ${tau}`)
  const other = { a: target.a, c: target.b } as unknown as typeof target
  expect(() => polyak(online, other, 0.5)).toThrow(
    'trees must have the same structure, got leaf "b/0" in the first',
  )
})
