import * as tf from '@tensorflow/tfjs'
import { key, uniform } from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { drawLatents, latentCount, latentNoise } from './latents.ts'

const shrinking = { kind: 'set', size: 5, steps: 100 } as const
const set = tf.tensor2d([[10], [11], [12], [13], [14]])
const after = (steps: number): tf.Scalar => tf.scalar(steps, 'int32')

describe('latents', () => {
  it('are the noise itself where they are fresh', () => {
    const noise = tf.ones([2, 3, 4])
    expect(latentNoise({ kind: 'fresh' }, { rows: 2, count: 3, size: 4 })).toEqual({
      shape: [2, 3, 4],
      law: 'normal',
    })
    expect(drawLatents({ kind: 'fresh' }, { noise, set: undefined, step: after(0) })).toBe(noise)
  })

  it('come from a set that goes linearly to one member', () => {
    const used = [0, 24, 25, 50, 75, 100, 1_000].map(
      (steps) => latentCount(shrinking, after(steps)).dataSync()[0],
    )
    expect(used).toEqual([5, 4, 4, 3, 2, 1, 1])
  })

  it('are members in use, each as often', () => {
    const noise = tf.tensor2d(uniform(key(1), 3_000), [30, 100])
    expect(latentNoise(shrinking, { rows: 30, count: 100, size: 1 })).toEqual({
      shape: [30, 100],
      law: 'uniform',
    })
    const drawn = drawLatents(shrinking, { noise, set, step: after(50) })
    expect(drawn.shape).toEqual([30, 100, 1])
    const counts = [0, 0, 0, 0, 0]
    for (const value of drawn.dataSync()) counts[value - 10]++
    expect(counts.slice(3)).toEqual([0, 0])
    for (const count of counts.slice(0, 3)) expect(Math.abs(count - 1_000)).toBeLessThan(110)
  })

  it('stay in the set for the largest uniform number', () => {
    const noise = tf.fill([1, 1], 1 - 2 ** -24)
    const large = { kind: 'set', size: 100_003, steps: 1 } as const
    const many = tf.tensor2d(
      Float32Array.from({ length: 100_003 }, (_, i) => i),
      [100_003, 1],
    )
    expect(drawLatents(large, { noise, set: many, step: after(0) }).dataSync()[0]).toBe(100_002)
    expect(drawLatents(shrinking, { noise, set, step: after(1_000) }).dataSync()[0]).toBe(10)
  })

  it('refuse a set of none, and an end before the start', () => {
    expect(() => latentCount({ kind: 'set', size: 0, steps: 10 }, after(0))).toThrow(
      new RangeError('latentCount: latents.size must be an integer in [1, 9007199254740991], got 0'),
    )
    expect(() => latentCount({ kind: 'set', size: 2, steps: 0 }, after(0))).toThrow(
      'latentCount: latents.steps must be an integer in [1',
    )
  })

  it('need the set of the state', () => {
    const noise = tf.zeros([1, 1])
    expect(() => drawLatents(shrinking, { noise, set: undefined, step: after(0) })).toThrow(
      'drawLatents: state must hold the set of latents with this config, got none',
    )
  })
})
