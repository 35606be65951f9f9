import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, normal } from '../keys/index.ts'
import { checkZeroGrads } from '../testing/index.ts'
import { rbfBandwidth, steinDiscrepancy, svgdDirection } from './index.ts'

const draw = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const fixed = (value: number) => ({ kind: 'fixed', value }) as const

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('steinDiscrepancy', () => {
  it('is what two particles on a line give by hand', () => {
    // x = 0 and 1, s = 3 and −1, h = 2: κ = e^{−1/2}, s·s = −3, (2/h)(3 + 1)(0 − 1) = −4, 2/h = 1, 4/h² = 1.
    const args = { particles: tf.tensor3d([[[0], [1]]]), score: tf.tensor3d([[[1.5], [-0.5]]]), alpha: 0.5 }
    const pair = Math.exp(-0.5) * (-3 - 4 + 1 - 1)
    expect(steinDiscrepancy({ ...args, bandwidth: fixed(2) })).toBeAllClose([pair])
    // With themselves: 9 + 1 and 1 + 1.
    expect(steinDiscrepancy({ ...args, bandwidth: fixed(2), statistic: 'v' })).toBeAllClose([
      (10 + 2 + 2 * pair) / 4,
    ])
  })

  it('is the kernel differentiated term by term', () => {
    const [x, slope] = [draw(1, [2, 4, 3]), draw(2, [2, 4, 3])]
    const [alpha, h] = [0.4, 1.7]
    const particles = x.arraySync()
    const scores = tf.div<tf.Tensor3D>(slope, alpha).arraySync()
    const expected = particles.map((points, b) => {
      let sum = 0
      points.forEach((p, i) =>
        points.forEach((q, j) => {
          if (i === j) return
          const difference = p.map((value, a) => value - q[a])
          const square = difference.reduce((total, d) => total + d * d, 0)
          const kernel = Math.exp(-square / h)
          p.forEach((_, a) => {
            const [s, t] = [scores[b][i][a], scores[b][j][a]]
            const byX = (-2 * difference[a] * kernel) / h
            sum += s * t * kernel - s * byX + t * byX + kernel * (2 / h - (4 * difference[a] ** 2) / h ** 2)
          })
        }),
      )
      return sum / 12
    })
    expect(steinDiscrepancy({ particles: x, score: slope, alpha, bandwidth: fixed(h) })).toBeAllClose(
      expected,
      { rtol: 1e-4, atol: 1e-5 },
    )
  })

  it('over all pairs is never negative, and takes the bandwidth of the median', () => {
    const [particles, score] = [draw(3, [20, 6, 2]), draw(4, [20, 6, 2])]
    const all = steinDiscrepancy({ particles, score, alpha: 1, statistic: 'v' })
    expect(tf.min(all).dataSync()[0]).toBeGreaterThan(0)
    const difference = tf.sub(tf.expandDims(particles, 2), tf.expandDims(particles, 1))
    const h = rbfBandwidth(tf.sum(tf.square(difference), -1)).dataSync()
    const first = { particles: tf.slice(particles, 0, 1), score: tf.slice(score, 0, 1), alpha: 1 }
    expect(steinDiscrepancy({ ...first, bandwidth: fixed(h[0]), statistic: 'v' })).toBeAllClose(
      tf.slice(all, 0, 1),
      { rtol: 1e-4 },
    )
  })

  it('is zero on average for samples of the target, and not for others', () => {
    const mean = (particles: Tensor): { mean: number; error: number } => {
      const s = steinDiscrepancy({
        particles,
        score: tf.mul(-0.4, particles),
        alpha: 0.4,
        bandwidth: fixed(2),
      })
      const moments = tf.moments(s)
      return { mean: moments.mean.dataSync()[0], error: Math.sqrt(moments.variance.dataSync()[0] / s.size) }
    }
    const samples = draw(5, [200, 32, 2])
    const exact = mean(samples)
    expect(Math.abs(exact.mean)).toBeLessThan(4 * exact.error)
    for (const other of [tf.mul(samples, 0.5), tf.mul(samples, 1.5), tf.add(samples, 0.5)]) {
      const { mean: far, error } = mean(other)
      expect(far).toBeGreaterThan(10 * error)
    }
  })

  it('falls while particles move along the Stein direction', () => {
    let x: Tensor = tf.add(tf.mul(0.3, draw(6, [1, 24, 1])), 1.5)
    const at = (): number =>
      steinDiscrepancy({
        particles: x,
        score: tf.neg(x),
        alpha: 1,
        bandwidth: fixed(1),
        statistic: 'v',
      }).dataSync()[0]
    const before = at()
    for (let i = 0; i < 100; i++)
      x = tf.add(
        x,
        tf.mul(
          0.2,
          svgdDirection({ particles: x, updated: x, score: tf.neg(x), alpha: 1, bandwidth: fixed(1) }),
        ),
      )
    expect(at()).toBeLessThan(0.02 * before)
  })

  it('does not depend on α for α times the score, and is a constant', () => {
    const [particles, score] = [draw(1, [2, 4, 2]), draw(2, [2, 4, 2])]
    expect(steinDiscrepancy({ particles, score: tf.mul(7, score), alpha: tf.scalar(7) })).toBeAllClose(
      steinDiscrepancy({ particles, score, alpha: 1 }),
    )
    const args = { particles, score, alpha: tf.scalar(1), other: tf.ones([2]) }
    checkZeroGrads((a: typeof args) => tf.sum(tf.mul(a.other, steinDiscrepancy(a))), args, [
      'particles',
      'score',
      'alpha',
    ])
  })

  it('stays finite for particles in one place and far apart', () => {
    for (const spread of [0, 1e-6, 1e6]) {
      const particles = tf.mul(tf.tensor3d([[[-1], [0], [1]]]), spread)
      const s = steinDiscrepancy({ particles, score: tf.fill([1, 3, 1], 1e6), alpha: 0.1 })
      expect(Number.isFinite(s.dataSync()[0])).toBe(true)
    }
  })

  it('refuses what does not fit', () => {
    const args = { particles: draw(1, [2, 3, 2]), score: draw(3, [2, 3, 2]), alpha: 1 }
    expect(() => steinDiscrepancy({ ...args, alpha: -1 })).toThrow(
      'steinDiscrepancy: alpha must be positive and finite, got -1',
    )
    expect(() => steinDiscrepancy({ ...args, score: draw(1, [2, 4, 2]) })).toThrow(
      'steinDiscrepancy: score must have shape [B, M, A]',
    )
    expect(() =>
      steinDiscrepancy({ ...args, particles: draw(1, [2, 1, 2]), score: draw(1, [2, 1, 2]) }),
    ).toThrow('steinDiscrepancy: particles must have at least 2 per state to make a pair, got 1')
  })
})
