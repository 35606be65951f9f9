import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { key, logAddExp, normal, uniform } from '@maxent/core'
import '@maxent/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modeCoverage, samplerDiagnostics } from './diagnostics.ts'
import { estimateValue, uniformProposal } from './value.ts'

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

const draw = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const scalar = (x: Tensor): number => x.dataSync()[0]

/** Actions of a Gaussian of that deviation around ±0.6 on the first axis, for each of `sides` [B, P, 1]. */
function around(
  sides: Tensor,
  { A, deviation, seed }: { A: number; deviation: number; seed: number },
): Tensor {
  const [rows, count] = sides.shape
  const centres = tf.pad(tf.mul(sides, 0.6), [
    [0, 0],
    [0, 0],
    [0, A - 1],
  ])
  return tf.add(tf.mul(deviation, draw(seed, [rows, count, A])), centres)
}

const [rows, count] = [40, 50]
/** Sides of samples of two equal modes. */
const even = (seed: number, P: number): Tensor => tf.sign(draw(seed, [rows, P, 1]))
/** Sides of P particles, of which so many are in the second mode. */
const lopsided = (P: number, second: number): Tensor =>
  tf.tile(
    tf.tensor3d(
      Array.from({ length: P }, (_, i) => (i < second ? -1 : 1)),
      [1, P, 1],
    ),
    [rows, 1, 1],
  )

describe('modeCoverage', () => {
  it('is the weight of actions that some particle reaches, by hand', () => {
    const particles = tf.tensor3d([[[0], [0.1], [0.2], [0.3]]])
    // Second neighbours are .2, .1, .1 and .2 away: the particles reach from −.2 to .5.
    const actions = tf.tensor3d([[[-0.25], [-0.15], [0.15], [0.45], [0.55]]])
    const weights = tf.tensor2d([[0.1, 0.2, 0.3, 0.15, 0.25]])
    expect(modeCoverage({ particles, actions, weights })).toBeAllClose([0.65])
  })

  it('takes no particle that reaches much more weight than its share, other than that of the action, by hand', () => {
    // The third neighbour of the last is .88 away, and its ball should hold 3/16: at most .42 besides an action.
    const particles = tf.tensor3d([...Array.from({ length: 15 }, (_, i) => i / 100), 1], [1, 16, 1])
    const of = (positions: number[], weights: number[]): Tensor =>
      modeCoverage({
        particles,
        actions: tf.tensor3d(positions, [1, positions.length, 1]),
        weights: tf.tensor2d([weights]),
      })
    expect(of([0.07, 0.95, 1, 1.05], [0.25, 0.25, 0.25, 0.25])).toBeAllClose([0.25])
    expect(of([0.07, 0.95, 1, 1.05], [0.4, 0.2, 0.2, 0.2])).toBeAllClose([1])
    expect(of([0.07, 1], [0.1, 0.9])).toBeAllClose([1])
  })

  describe.each([1, 2, 6])('in %i dimensions', (A) => {
    it.each([16, 32, 64])(
      'of %i particles is high for samples of the target, and half where one mode of two has few or none',
      (P) => {
        const actions = around(even(1, count), { A, deviation: 0.08, seed: 2 })
        const weights = tf.fill([rows, count], 1 / count)
        const of = (sides: Tensor): number => {
          const particles = around(sides, { A, deviation: 0.08, seed: 3 })
          return scalar(tf.mean(modeCoverage({ particles, actions, weights })))
        }
        expect(of(even(4, P))).toBeGreaterThan(0.84)
        for (const few of [0, 1, P / 16]) {
          expect(of(lopsided(P, few)), `${few} in the second`).toBeGreaterThan(0.35)
          expect(of(lopsided(P, few)), `${few} in the second`).toBeLessThan(0.6)
        }
      },
    )

    it('is high for samples of the target wider or narrower than another, and nothing for a single place', () => {
      const sides = even(1, count)
      const widths = (of: Tensor): Tensor => tf.add(0.09, tf.mul(0.05, of))
      const sample = (of: Tensor, seed: number): Tensor =>
        tf.add(
          tf.mul(widths(of), draw(seed, [rows, of.shape[1] ?? 0, A])),
          around(of, { A, deviation: 0, seed }),
        )
      const actions = sample(sides, 2)
      const weights = tf.fill([rows, count], 1 / count)
      const of = (particles: Tensor): number => scalar(tf.mean(modeCoverage({ particles, actions, weights })))
      expect(of(sample(even(3, 32), 4))).toBeGreaterThan(0.84)
      expect(of(tf.fill([rows, 32, A], 0.6))).toBeLessThan(0.05)
    })
  })

  it.each([
    [1, 0.7],
    [2, 0.6],
    [6, 0.3],
  ])('forgives a sampler that is too wide, and not one that is too narrow, in %i dimensions', (A, narrow) => {
    const actions = around(even(1, count), { A, deviation: 0.08, seed: 2 })
    const weights = tf.fill([rows, count], 1 / count)
    const of = (deviation: number): number => {
      const particles = around(even(3, 32), { A, deviation, seed: 4 })
      return scalar(tf.mean(modeCoverage({ particles, actions, weights })))
    }
    expect(of(0.16)).toBeGreaterThan(0.9)
    expect(of(0.04)).toBeGreaterThan(narrow)
    expect(of(0.04)).toBeLessThan(narrow + 0.2)
  })

  it.each([
    [1, 0.05],
    [2, 0.15],
    [3, 0.25],
  ])('tells the same by weighted uniform actions: %i dimensions, deviation %f', (A, deviation) => {
    const proposal = uniformProposal(tf.tensor3d(uniform(key(1), rows * count * A), [rows, count, A]))
    const towards = (side: number): Tensor => {
      const centre = [0.6 * side, ...new Array<number>(A - 1).fill(0)]
      return tf.div(tf.sum(tf.squaredDifference(proposal.action, centre), 2), -2 * deviation ** 2)
    }
    const { weights, effectiveSampleSize } = estimateValue(logAddExp(towards(-1), towards(1)), proposal, 1)
    expect(scalar(tf.mean(effectiveSampleSize))).toBeGreaterThan(5)
    const of = (sides: Tensor): number => {
      const particles = around(sides, { A, deviation, seed: 2 })
      return scalar(tf.mean(modeCoverage({ particles, actions: proposal.action, weights })))
    }
    expect(of(even(3, 16))).toBeGreaterThan(0.75)
    expect(of(even(3, 32))).toBeGreaterThan(0.84)
    for (const few of [0, 1]) expect(of(lopsided(32, few)), `${few} in the second`).toBeLessThan(0.7)
  })

  it('takes as many neighbours as there are', () => {
    const actions = tf.tensor3d([[[0], [0.4]]])
    const weights = tf.tensor2d([[0.5, 0.5]])
    expect(modeCoverage({ particles: tf.tensor3d([[[0.1], [0.3]]]), actions, weights })).toBeAllClose([1])
    expect(modeCoverage({ particles: tf.tensor3d([[[0.1]]]), actions, weights })).toBeAllClose([0])
  })

  it('refuses shapes that differ', () => {
    const args = { particles: tf.zeros([1, 4, 2]), actions: tf.zeros([1, 5, 2]), weights: tf.zeros([1, 4]) }
    expect(() => modeCoverage(args)).toThrow('modeCoverage: weights must have shape [B, K]')
  })
})

describe('samplerDiagnostics', () => {
  const args = { score: draw(1, [2, 4, 1]), alpha: 0.5, bandwidth: { kind: 'median' } as const }

  it('gives the mean bandwidth and the share of states whose particles are in one place', () => {
    const spread = tf.tensor3d([[[0], [1], [2], [3]]])
    const particles = tf.concat([spread, tf.fill<tf.Rank.R3>([1, 4, 1], 0.2)])
    const { bandwidth, collapsed, steinDiscrepancy } = samplerDiagnostics({
      ...args,
      particles,
      moved: particles,
    })
    // Squared distances 0 (4), 1 (6), 4 (4), 9 (2): the lower median is 1.
    expect(bandwidth).toBeAllClose((1 / (2 * Math.log(5)) + 1e-3) / 2)
    expect(collapsed).toBeAllClose(0.5)
    expect(Number.isFinite(scalar(steinDiscrepancy as Tensor))).toBe(true)
  })

  it('knows another floor, and that of the median for a fixed bandwidth', () => {
    const particles = tf.tensor3d([
      [[0], [0.1], [0.2], [0.3]],
      [[0], [1], [2], [3]],
    ])
    const of = (bandwidth: Parameters<typeof samplerDiagnostics>[0]['bandwidth']) =>
      samplerDiagnostics({ ...args, particles, moved: particles, bandwidth })
    expect(of({ kind: 'median', floor: 0.1 }).collapsed).toBeAllClose(0.5)
    expect(of({ kind: 'fixed', value: 1e-6 }).collapsed).toBeAllClose(0)
    for (const value of [1e-6, 1]) {
      const equal = tf.fill<tf.Rank.R3>([2, 4, 1], 0.2)
      const bandwidth = { kind: 'fixed', value } as const
      const told = samplerDiagnostics({ ...args, particles: equal, moved: equal, bandwidth })
      expect(told.collapsed).toBeAllClose(1)
      expect(told.bandwidth).toBeAllClose(value)
    }
  })

  it('has no discrepancy of a single particle', () => {
    const one = {
      ...args,
      score: tf.ones([2, 1, 1]),
      particles: tf.ones([2, 1, 1]),
      moved: draw(1, [2, 3, 1]),
    }
    expect(samplerDiagnostics(one).steinDiscrepancy).toBeUndefined()
  })
})
