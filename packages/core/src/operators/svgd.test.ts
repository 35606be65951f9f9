import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagonalGaussian, tanhGaussian } from '../distributions/index.ts'
import { key, normal } from '../keys/index.ts'
import { banditOptimum, checkZeroGrads } from '../testing/index.ts'
import { rbfBandwidth, releasedScore, squashedScore, squashedSvgdLoss } from './index.ts'
import { svgdDirection, svgdSurrogate } from './index.ts'

const draw = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const fixed = (value: number) => ({ kind: 'fixed', value }) as const

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('rbfBandwidth', () => {
  const distances = (): Tensor3D => tf.tensor3d([9, 1, 4, 2, 100, 3], [1, 3, 2])

  it('is the lower median of squared distances over the logarithm, per state, by hand', () => {
    const two = tf.concat([distances(), tf.mul(distances(), 10)])
    expect(rbfBandwidth(two)).toBeAllClose([3 / (2 * Math.log(4)), 30 / (2 * Math.log(4))])
    expect(rbfBandwidth(two, { kind: 'released' })).toBeAllClose([3 / Math.log(3), 30 / Math.log(3)])
    expect(rbfBandwidth(two, fixed(0.5))).toBeAllClose([0.5, 0.5])
    expect(rbfBandwidth(tf.tensor3d([[[5, 7, 1]]]))).toBeAllClose([5 / (2 * Math.LN2)])
  })

  it('is the floor where all particles are in one place', () => {
    expect(rbfBandwidth(tf.zeros([2, 3, 3]))).toBeAllClose([1e-3, 1e-3])
    expect(rbfBandwidth(tf.zeros([1, 3, 3]), { kind: 'released', floor: 0.1 })).toBeAllClose([0.1])
  })

  it('scales with the square of a length', () => {
    const h = rbfBandwidth(distances())
    expect(rbfBandwidth(tf.mul(distances(), 4))).toBeAllClose(tf.mul(h, 4))
  })

  it('refuses what does not fit', () => {
    expect(() => rbfBandwidth(tf.zeros([2, 3]))).toThrow('squaredDistances must have shape [B, M, K]')
    expect(() => rbfBandwidth(distances(), fixed(0))).toThrow(
      new RangeError('rbfBandwidth: value must be positive and finite, got 0'),
    )
    expect(() => rbfBandwidth(distances(), { kind: 'median', floor: -1 })).toThrow('floor must be positive')
    expect(() => rbfBandwidth(tf.zeros([1, 1, 4]), { kind: 'released' })).toThrow('at least 2 particles')
  })
})

describe('svgdDirection', () => {
  it('is thesis Eq. 3.11, by hand: two particles on a line, one of them moved', () => {
    const direction = svgdDirection({
      particles: tf.tensor3d([[[0], [2]]]),
      updated: tf.tensor3d([[[1]]]),
      score: tf.tensor3d([[[3], [-1]]]),
      alpha: 0.5,
      bandwidth: fixed(2),
    })
    // κ = exp(−1/2) for both, and the two repulsions cancel.
    expect(direction).toBeAllClose([[[Math.exp(-0.5)]]])
    const beside = svgdDirection({
      particles: tf.tensor3d([[[0]]]),
      updated: tf.tensor3d([[[1]]]),
      score: tf.tensor3d([[[0]]]),
      alpha: 0.5,
      bandwidth: fixed(2),
    })
    expect(beside).toBeAllClose([[[0.5 * Math.exp(-0.5)]]])
  })

  it('agrees with differentiating the kernel term by term', () => {
    const [x, y, score] = [draw(1, [2, 5, 3]), draw(2, [2, 4, 3]), draw(3, [2, 5, 3])]
    const alpha = 0.7
    const h = 1.3
    const kernels = (at: Tensor): Tensor => {
      const difference = tf.sub(tf.expandDims(at, 2), tf.expandDims(y, 1))
      return tf.exp(tf.neg(tf.div(tf.sum(tf.square(difference), -1), h)))
    }
    const naive = tf.stack(
      [0, 1, 2, 3].map((j) => {
        const to = (at: Tensor): Tensor => tf.gather(kernels(at), j, 2)
        const attraction = tf.mean(tf.mul(tf.expandDims(to(x), 2), score), 1)
        const repulsion = tf.mean(tf.grad((at: Tensor) => tf.sum(to(at)))(x), 1)
        return tf.add(attraction, tf.mul(alpha, repulsion))
      }),
      1,
    )
    const direction = svgdDirection({ particles: x, updated: y, score, alpha, bandwidth: fixed(h) })
    expect(direction).toBeAllClose(naive, { rtol: 1e-5, atol: 1e-6 })
  })

  it('does not depend on where the origin is', () => {
    const [x, y, score] = [draw(1, [1, 4, 2]), draw(2, [1, 3, 2]), draw(3, [1, 4, 2])]
    const there = (shift: number): Tensor =>
      svgdDirection({ particles: tf.add(x, shift), updated: tf.add(y, shift), score, alpha: 0.3 })
    expect(there(100)).toBeAllClose(there(0), { rtol: 1e-3, atol: 1e-4 })
  })

  it('is α times what it is at α = 1 for α times the score', () => {
    const [x, y, score] = [draw(1, [2, 4, 2]), draw(2, [2, 3, 2]), draw(3, [2, 4, 2])]
    const one = svgdDirection({ particles: x, updated: y, score, alpha: 1 })
    const scaled = svgdDirection({ particles: x, updated: y, score: tf.mul(score, 5), alpha: tf.scalar(5) })
    expect(scaled).toBeAllClose(tf.mul(one, 5))
  })

  it('is plain gradient ascent for one particle', () => {
    const particles = draw(1, [2, 1, 3])
    const score = draw(2, [2, 1, 3])
    expect(svgdDirection({ particles, updated: particles, score, alpha: 2 })).toBeAllClose(score)
  })

  it('vanishes on average over samples of the target: Stein’s identity, with variance of order 1/M', () => {
    const rows = 60
    const sizes = [32, 128].map((count) => {
      const particles = draw(count, [rows, count, 1])
      const updated = tf.fill<tf.Rank.R3>([rows, 1, 1], 0.8)
      const direction = svgdDirection({
        particles,
        updated,
        score: tf.mul(-0.4, particles),
        alpha: 0.4,
        bandwidth: fixed(1),
      })
      const { mean, variance } = tf.moments(direction)
      return { mean: mean.dataSync()[0], variance: variance.dataSync()[0] }
    })
    for (const { mean, variance } of sizes)
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / rows))
    expect(sizes[0].variance / sizes[1].variance).toBeGreaterThan(2)
    expect(sizes[0].variance / sizes[1].variance).toBeLessThan(8)
  })

  it('of appendix C.1 as printed, without α on the repulsion, does not vanish there', () => {
    const [rows, alpha] = [60, 0.4]
    const particles = draw(128, [rows, 128, 1])
    const args = {
      particles,
      updated: tf.fill<tf.Rank.R3>([rows, 1, 1], 0.8),
      score: tf.mul(-alpha, particles),
      bandwidth: fixed(1),
    }
    /** In standard errors. */
    const size = (weightOfRepulsion: number): number => {
      const { mean, variance } = tf.moments(svgdDirection({ ...args, alpha: weightOfRepulsion }))
      return Math.abs(mean.dataSync()[0]) / Math.sqrt(variance.dataSync()[0] / rows)
    }
    expect(size(alpha)).toBeLessThan(4)
    expect(size(1)).toBeGreaterThan(20)
  })

  it('shrinks as units grow; with the median of distances that are not squared, as printed, it does not', () => {
    const [x, score] = [draw(1, [1, 6, 2]), draw(3, [1, 6, 2])]
    const printed = (particles: Tensor): number => {
      const difference = tf.sub(tf.expandDims(particles, 2), tf.expandDims(particles, 1))
      return rbfBandwidth(tf.norm(difference, 'euclidean', -1)).dataSync()[0]
    }
    const direction = (unit: number, bandwidth?: (particles: Tensor) => number): Tensor => {
      const particles = tf.mul(x, unit)
      const args = { particles, updated: particles, score: tf.div(score, unit), alpha: 0.3 }
      const chosen = bandwidth === undefined ? {} : { bandwidth: fixed(bandwidth(particles)) }
      return tf.mul(unit, svgdDirection({ ...args, ...chosen }))
    }
    for (const unit of [0.1, 10]) {
      expect(direction(unit)).toBeAllClose(direction(1), { rtol: 1e-4, atol: 1e-5 })
      const off = tf.max(tf.abs(tf.sub(direction(unit, printed), direction(1, printed))))
      expect(off.dataSync()[0], `unit ${unit}`).toBeGreaterThan(0.1)
    }
  })

  it('moves particles to the soft-optimal policy of the bandit; the released form settles nearer to the middle', () => {
    const alpha = 0.1
    const peak = 0.4
    const truth = banditOptimum({ peak, curvature: 2, alpha })
    const slope = (action: Tensor): Tensor => tf.mul(-2, tf.sub(action, peak))
    let u: Tensor = tf.mul(0.5, draw(5, [1, 40, 1]))
    for (let i = 0; i < 200; i++) {
      const score = squashedScore({ preTanh: u, actionGradient: slope(tf.tanh(u)), alpha })
      u = tf.add(u, tf.mul(0.5, svgdDirection({ particles: u, updated: u, score, alpha })))
    }
    const { mean, variance } = tf.moments(tf.tanh(u))
    expect(mean.dataSync()[0]).toBeCloseTo(truth.mean, 1.5)
    // Finitely many particles lie closer together than their target.
    expect(Math.sqrt(variance.dataSync()[0]) / truth.std).toBeCloseTo(0.93, 1.3)

    let a: Tensor = tf.tanh(draw(5, [1, 40, 1]))
    for (let i = 0; i < 200; i++) {
      const score = releasedScore({ action: a, actionGradient: tf.div(slope(a), alpha) })
      const step = svgdDirection({ particles: a, updated: a, score, alpha: 1 })
      a = tf.clipByValue(tf.add(a, tf.mul(0.04, step)), -0.99, 0.99)
    }
    const weight = (x: number): number => truth.density(x) * (1 - x * x)
    const grid = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 1000 - 1)
    const mass = grid.reduce((sum, x) => sum + weight(x), 0)
    const biased = grid.reduce((sum, x) => sum + x * weight(x), 0) / mass
    expect(truth.mean - biased).toBeGreaterThan(0.03)
    expect(tf.mean(a).dataSync()[0]).toBeCloseTo(biased, 1.4)
  })

  it('is a constant', () => {
    const args = {
      particles: draw(1, [1, 3, 2]),
      score: draw(2, [1, 3, 2]),
      alpha: tf.scalar(1),
      updated: draw(3, [1, 2, 2]),
      other: tf.ones([1, 2, 2]),
    }
    checkZeroGrads((a: typeof args) => tf.sum(tf.mul(a.other, svgdDirection(a))), args, [
      'particles',
      'score',
      'alpha',
      'updated',
    ])
  })

  it('stays finite for particles in one place, far apart, and steep scores', () => {
    const score = tf.fill<tf.Rank.R3>([1, 3, 1], 1e30)
    for (const spread of [0, 1e-6, 1, 1e6]) {
      const particles = tf.mul(tf.tensor3d([[[-1], [0], [1]]]), spread)
      for (const alpha of [1e-6, 1e6]) {
        const direction = svgdDirection({ particles, updated: particles, score, alpha })
        expect(tf.all(tf.isFinite(direction)).dataSync()[0]).toBe(1)
      }
    }
  })

  it('refuses what does not fit', () => {
    const args = { particles: draw(1, [2, 3, 2]), updated: draw(2, [2, 4, 2]), score: draw(3, [2, 3, 2]) }
    expect(() => svgdDirection({ ...args, alpha: 0 })).toThrow('svgdDirection: alpha must be positive')
    expect(() => svgdDirection({ ...args, score: draw(1, [2, 4, 2]), alpha: 1 })).toThrow(
      'svgdDirection: score must have shape [B, M, A]',
    )
  })
})

describe('scores', () => {
  it('before the squash is the gradient of Q + α log-determinant', () => {
    const preTanh = draw(4, [1, 3, 2])
    const alpha = 0.3
    const q = (u: Tensor): Tensor => tf.sum(tf.sin(tf.mul(3, tf.tanh(u))))
    const logDet = (u: Tensor): Tensor => {
      const unit = { mean: tf.zeros<tf.Rank.R3>([1, 3, 2]), logStd: tf.zeros([2]) }
      return tf.sum(tf.sub(diagonalGaussian(unit).logProb(u), tanhGaussian(unit).logProb({ preTanh: u })))
    }
    const expected = tf.grad((u: Tensor) => tf.add(q(u), tf.mul(alpha, logDet(u))))(preTanh)
    const actionGradient = tf.mul(3, tf.cos(tf.mul(3, tf.tanh(preTanh))))
    expect(squashedScore({ preTanh, actionGradient, alpha })).toBeAllClose(expected, { atol: 1e-5 })
  })

  it('as released, by hand', () => {
    const score = releasedScore({ action: tf.tensor3d([[[0.5]]]), actionGradient: tf.tensor3d([[[2]]]) })
    expect(score).toBeAllClose([[[2 - 1 / 0.750001]]])
  })

  it('refuse what does not fit', () => {
    const x = draw(1, [1, 2, 2])
    expect(() => squashedScore({ preTanh: x, actionGradient: tf.zeros([1, 2]), alpha: 1 })).toThrow(
      'squashedScore: actionGradient must have shape',
    )
    expect(() => squashedScore({ preTanh: x, actionGradient: x, alpha: -1 })).toThrow(
      'alpha must be positive',
    )
    expect(() => releasedScore({ action: x, actionGradient: tf.zeros([1, 2]) })).toThrow('releasedScore')
  })
})

describe('squashedSvgdLoss', () => {
  const args = () => ({
    particles: draw(1, [2, 3, 2]),
    updated: draw(2, [2, 4, 2]),
    actionGradient: draw(3, [2, 3, 2]),
    alpha: 1,
  })

  it('descends along the direction of the score before the squash', () => {
    const { particles, updated, actionGradient, alpha } = args()
    const score = squashedScore({ preTanh: particles, actionGradient, alpha })
    const direction = svgdDirection({ particles, updated, score, alpha })
    const slope = tf.grad((y: Tensor) => squashedSvgdLoss({ ...args(), updated: y }))(updated)
    expect(slope).toBeAllClose(tf.div(tf.neg(direction), 8))
    expect(svgdSurrogate({ direction, updated })).toBeAllClose(
      tf.div(tf.neg(tf.sum(tf.mul(direction, updated))), 8),
    )
  })

  it('descends towards what is soft-optimal; by the printed sign of Eqs. 3.10 and 3.12 it flees', () => {
    // Q = −u²/2 in terms of the value before the squash: 3 is far from where it is best.
    const distanceAfter = (sign: 1 | -1): number => {
      let y: Tensor = tf.tensor3d([[[2.5], [3], [3.5]]])
      for (let step = 0; step < 60; step++) {
        const direction = svgdDirection({ particles: y, updated: y, score: tf.neg(y), alpha: 0.1 })
        const slope = tf.grad((at: Tensor) => svgdSurrogate({ direction, updated: at }))(y)
        y = tf.sub(y, tf.mul(sign * 0.3, slope))
      }
      return tf.mean(tf.abs(y)).dataSync()[0]
    }
    expect(distanceAfter(1)).toBeLessThan(1)
    expect(distanceAfter(-1)).toBeGreaterThan(10)
  })

  it('in the released form descends in actions, through tanh', () => {
    const { particles, updated, actionGradient } = args()
    const [action, moved] = [tf.tanh(particles), tf.tanh(updated)]
    const score = releasedScore({ action, actionGradient })
    const direction = svgdDirection({
      particles: action,
      updated: moved,
      score,
      alpha: 1,
      bandwidth: { kind: 'released' },
    })
    const slope = tf.grad((y: Tensor) => squashedSvgdLoss({ ...args(), updated: y, form: 'released' }))(
      updated,
    )
    expect(slope).toBeAllClose(tf.div(tf.mul(tf.neg(direction), tf.sub(1, tf.square(moved))), 8))
  })

  it('takes another bandwidth in both forms', () => {
    for (const form of ['preTanh', 'released'] as const) {
      const of = (value: number): Float32Array =>
        squashedSvgdLoss({ ...args(), form, bandwidth: fixed(value) }).dataSync<'float32'>()
      expect(of(0.1)[0]).not.toBeCloseTo(of(5)[0], 3)
    }
  })

  it('has a gradient to the sampler alone', () => {
    for (const form of ['preTanh', 'released'] as const) {
      const tensors = (({ particles, updated, actionGradient }) => ({ particles, updated, actionGradient }))(
        args(),
      )
      checkZeroGrads((a: typeof tensors) => squashedSvgdLoss({ ...a, alpha: 1, form }), tensors, [
        'particles',
        'actionGradient',
      ])
    }
  })

  it('refuses what does not fit', () => {
    expect(() => squashedSvgdLoss({ ...args(), alpha: 0.1, form: 'released' })).toThrow(
      'squashedSvgdLoss: alpha must be the number 1 in the released form, got 0.1, scale rewards by 1/alpha instead',
    )
    expect(() => squashedSvgdLoss({ ...args(), alpha: tf.scalar(1), form: 'released' })).toThrow('a tensor')
    expect(() => svgdSurrogate({ direction: draw(1, [1, 2, 2]), updated: draw(1, [1, 3, 2]) })).toThrow(
      'svgdSurrogate: updated must have shape',
    )
  })
})
