import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor3D } from '@tensorflow/tfjs'
import { key, normal } from '@maxent/core'
import '@maxent/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modeCoverage, samplerDiagnostics } from './diagnostics.ts'

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

const draw = (seed: number, shape: [number, number, number]): Tensor3D =>
  tf.tensor3d(normal(key(seed), shape[0] * shape[1] * shape[2]), shape)
const scalar = (x: Tensor): number => x.dataSync()[0]

describe('modeCoverage', () => {
  it('is the weight of actions that some particle reaches, by hand', () => {
    const particles = tf.tensor3d([[[0], [0.1], [0.2], [0.3]]])
    // Third neighbours are .3, .2, .2 and .3 away: the particles reach from −.3 to .6.
    const actions = tf.tensor3d([[[-0.4], [-0.25], [0.15], [0.55], [0.7]]])
    const weights = tf.tensor2d([[0.1, 0.2, 0.3, 0.15, 0.25]])
    expect(modeCoverage({ particles, actions, weights })).toBeAllClose([0.65])
  })

  it.each([1, 2, 6])(
    'is high for samples of the target in %i dimensions, and half for one mode of two',
    (A) => {
      const [rows, count] = [100, 32]
      const sideOf = (seed: number): Tensor => tf.sign(draw(seed, [rows, count, 1]))
      const modes = (seed: number): Tensor => tf.mul(0.08, draw(seed, [rows, count, A]))
      const actions = tf.add(modes(1), tf.mul(0.6, sideOf(2)))
      const weights = tf.fill([rows, count], 1 / count)
      const of = (particles: Tensor): number => scalar(tf.mean(modeCoverage({ particles, actions, weights })))
      expect(of(tf.add(modes(3), tf.mul(0.6, sideOf(4))))).toBeGreaterThan(0.82)
      const collapsed = of(tf.add(modes(3), 0.6))
      expect(collapsed).toBeGreaterThan(0.35)
      expect(collapsed).toBeLessThan(0.55)
      expect(of(tf.fill([rows, count, A], 0.6))).toBeLessThan(0.05)
    },
  )

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

  it('knows another floor, and none of a fixed bandwidth', () => {
    const particles = tf.tensor3d([
      [[0], [0.1], [0.2], [0.3]],
      [[0], [1], [2], [3]],
    ])
    const of = (bandwidth: Parameters<typeof samplerDiagnostics>[0]['bandwidth']) =>
      samplerDiagnostics({ ...args, particles, moved: particles, bandwidth })
    expect(of({ kind: 'median', floor: 0.1 }).collapsed).toBeAllClose(0.5)
    expect(of({ kind: 'fixed', value: 1e-6 }).collapsed).toBeAllClose(0)
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
