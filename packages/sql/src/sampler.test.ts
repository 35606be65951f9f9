import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { key, normal, squashedScore, svgdDirection, uniform } from '@maxent/core'
import { boxGibbs, checkGrads, checkZeroGrads } from '@maxent/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FormConfig } from './config.ts'
import { boxScore, samplerLoss, scoreOf, toAction, toParticles } from './sampler.ts'

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

const draw = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const forms = ['preTanh', 'released', 'unsquashed'] as const

describe('toAction', () => {
  it('squashes, or clips', () => {
    const output = tf.tensor3d([[[-3, 0.5]]])
    expect(toAction('preTanh', output)).toBeAllClose([[[Math.tanh(-3), Math.tanh(0.5)]]])
    expect(toAction('unsquashed', output)).toBeAllClose([[[-1, 0.5]]])
    expect(toParticles('released', output)).toBeAllClose(tf.tanh(output))
    expect(toParticles('preTanh', output)).toBe(output)
  })
})

describe('boxScore', () => {
  it('is the gradient of Q inside, and ten nats per unit of action outside, by hand', () => {
    const output = tf.tensor3d([
      [
        [0.5, -0.2],
        [1.5, 0.1],
        [-2, -1.1],
      ],
    ])
    const actionGradient = tf.ones<tf.Rank.R3>([1, 3, 2])
    expect(boxScore({ output, actionGradient, alpha: 0.5 })).toBeAllClose([
      [
        [1, 1],
        [-5, 0],
        [5, 5],
      ],
    ])
  })

  it('refuses shapes that differ', () => {
    const output = tf.zeros([1, 2, 2])
    expect(() => boxScore({ output, actionGradient: tf.zeros([1, 3, 2]), alpha: 1 })).toThrow(
      'boxScore: actionGradient must have shape [B, M, A] with B=1, M=2, A=2, got [1, 3, 2]',
    )
  })

  it('refuses an α that is not positive', () => {
    const output = tf.zeros([1, 2, 2])
    for (const alpha of [-1, 0, NaN])
      expect(() => boxScore({ output, actionGradient: output, alpha })).toThrow(
        new RangeError(`boxScore: alpha must be positive and finite, got ${alpha}`),
      )
  })
})

describe('scoreOf and samplerLoss', () => {
  const zeros = tf.zeros([1, 2, 2])
  const calls: readonly [string, (form: FormConfig) => unknown][] = [
    ['scoreOf', (form) => scoreOf(form, { output: zeros, actionGradient: zeros, alpha: 1 })],
    ['samplerLoss', (form) => samplerLoss(form, { fixed: zeros, score: zeros, updated: zeros, alpha: 1 })],
  ]

  it.each(calls)('%s refuses an unknown form', (caller, call) => {
    const rule = `${caller}: form must be one of 'preTanh', 'released', 'unsquashed'`
    expect(() => call('pretanh' as FormConfig)).toThrow(
      new RangeError(`${rule}, got 'pretanh', did you mean 'preTanh'?`),
    )
    expect(() => call(undefined as unknown as FormConfig)).toThrow(`${rule}, got undefined`)
  })

  it('refuse another α than 1 for the loss in the released form', () => {
    for (const [alpha, got] of [
      [0.1, '0.1'],
      [tf.scalar(1), 'a tensor'],
    ] as const)
      expect(() => samplerLoss('released', { fixed: zeros, score: zeros, updated: zeros, alpha })).toThrow(
        new RangeError(
          `samplerLoss: alpha must be the number 1 in the released form, got ${got}; scale rewards by 1 / alpha instead`,
        ),
      )
  })
})

describe('samplerLoss', () => {
  const alphaOf = (form: FormConfig): number => (form === 'released' ? 1 : 0.7)
  const args = () => ({ fixed: draw(1, [2, 5, 2]), score: draw(2, [2, 5, 2]), updated: draw(3, [2, 4, 2]) })

  it.each(forms)('%s: descends along the Stein direction of its particles', (form) => {
    const { fixed, score, updated } = args()
    const alpha = alphaOf(form)
    const slope = tf.grad((y: Tensor) => samplerLoss(form, { fixed, score, updated: y, alpha }))(updated)
    const direction = svgdDirection({
      particles: toParticles(form, fixed),
      updated: toParticles(form, updated),
      score,
      alpha,
      bandwidth: { kind: form === 'released' ? 'released' : 'median' },
    })
    const squash = form === 'released' ? tf.sub(1, tf.square(tf.tanh(updated))) : tf.scalar(1)
    expect(slope).toBeAllClose(tf.div(tf.mul(tf.neg(direction), squash), 8))
  })

  it.each(forms)('%s: has a gradient to the sampler alone', (form) => {
    checkZeroGrads(
      (a: ReturnType<typeof args>) => samplerLoss(form, { ...a, alpha: alphaOf(form) }),
      args(),
      ['fixed', 'score'],
    )
  })

  it('carries the held direction through a network, by central differences', () => {
    const { fixed, score } = args()
    const latents = draw(4, [2, 4, 2])
    const start = tf.tensor2d(normal(key(5), 4), [2, 2])
    const network = (weights: Tensor): Tensor =>
      tf.reshape(tf.tanh(tf.matMul(tf.reshape(latents, [8, 2]), weights as tf.Tensor2D)), [2, 4, 2])
    const direction = svgdDirection({ particles: fixed, updated: network(start), score, alpha: 0.7 })
    const held = (weights: Tensor): tf.Scalar =>
      tf.neg(tf.div(tf.sum<tf.Scalar>(tf.mul(direction, network(weights))), 8))
    checkGrads(held, [start])
    const through = tf.grad((weights: Tensor) =>
      samplerLoss('preTanh', { fixed, score, updated: network(weights), alpha: 0.7 }),
    )(start)
    expect(through).toBeAllClose(tf.grad(held)(start))
  })

  it('is the deterministic policy gradient, with the squash, for one particle that is both', () => {
    const output = tf.tensor3d([[[0.4, -0.9]]])
    const q = (a: Tensor): Tensor => tf.sum(tf.sin(tf.mul(2, a)))
    const actionGradient = tf.grad(q)(tf.tanh(output))
    const score = scoreOf('preTanh', { output, actionGradient, alpha: 1e-9 })
    const slope = tf.grad((y: Tensor) =>
      samplerLoss('preTanh', { fixed: output, score, updated: y, alpha: 1e-9 }),
    )(output)
    expect(slope).toBeAllClose(tf.neg(tf.grad((u: Tensor) => q(tf.tanh(u)))(output)))
  })

  it('moves particles that all lie in one place along the mean score, and stays finite', () => {
    for (const form of forms) {
      const place = tf.fill<tf.Rank.R3>([1, 4, 2], 0.3)
      const score = draw(6, [1, 4, 2])
      const slope = tf.grad((y: Tensor) =>
        samplerLoss(form, { fixed: place, score, updated: y, alpha: alphaOf(form) }),
      )(place)
      const squash = form === 'released' ? 1 - Math.tanh(0.3) ** 2 : 1
      const expected = tf.mul(tf.tile(tf.mean(score, 1, true), [1, 4, 1]), -squash / 4)
      expect(slope).toBeAllClose(expected, { rtol: 1e-4, atol: 1e-6 })
    }
  })

  describe('at samples of the policy', () => {
    const [rows, count] = [200, 40]
    const reward = (a: number): number => Math.sin(3 * a) + 0.4 * a
    const slopeOf = (a: Tensor): Tensor => tf.add(tf.mul(3, tf.cos(tf.mul(3, a))), 0.4)
    /** Actions distributed as exp(r/α), by the inverse of the distribution function. */
    const actions = (seed: number, alpha: number): Tensor3D => {
      const { density } = boxGibbs(reward, alpha)
      const grid = Array.from({ length: 4_000 }, (_, i) => (i + 0.5) / 2_000 - 1)
      let mass = 0
      const cdf = grid.map((a) => (mass += density(a) / 2_000))
      const values = uniform(key(seed), rows * count).map((u) => {
        let [low, high] = [0, grid.length - 1]
        while (low < high) {
          const middle = (low + high) >> 1
          if (cdf[middle] < u * mass) low = middle + 1
          else high = middle
        }
        return grid[low]
      })
      return tf.tensor3d(values, [rows, count, 1])
    }
    /** The mean direction at a place, in standard errors. */
    const pull = (form: 'preTanh' | 'released', alpha: number): number => {
      const output = tf.atanh(actions(7, alpha))
      const score = scoreOf(form, { output, actionGradient: slopeOf(tf.tanh(output)), alpha })
      const direction = svgdDirection({
        particles: toParticles(form, output),
        updated: toParticles(form, tf.fill([rows, 1, 1], 0.9)),
        score,
        alpha,
        bandwidth: { kind: 'fixed', value: 0.3 },
      })
      const { mean, variance } = tf.moments(direction)
      return Math.abs(mean.dataSync()[0]) / Math.sqrt(variance.dataSync()[0] / rows)
    }

    it('the Stein gradient vanishes on average before tanh', () => {
      for (const alpha of [0.3, 1]) expect(pull('preTanh', alpha)).toBeLessThan(4)
    })

    it('and does not in the released form, which counts the squash where none is', () => {
      expect(pull('released', 1)).toBeGreaterThan(8)
    })
  })

  it('takes the score before tanh from core', () => {
    const { fixed, score: actionGradient } = args()
    expect(scoreOf('preTanh', { output: fixed, actionGradient, alpha: 0.2 })).toBeAllClose(
      squashedScore({ preTanh: fixed, actionGradient, alpha: 0.2 }),
    )
  })
})
