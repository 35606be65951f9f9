import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import '@maxent/core/testing'
import { checkGrads, checkZeroGrads } from '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { clippedSurrogate } from './surrogate.ts'
import type { SurrogateArgs } from './surrogate.ts'
import { valueLoss } from './value.ts'
import { standardized, weightedMean } from './weightedMean.ts'

/** Ratios 1.5, 1.5, .5, .5, 1.1 with advantages 1, −1, 1, −1, 2; the last row of all does not count. */
const golden = (): SurrogateArgs => ({
  logProb: tf.log(tf.tensor1d([1.5, 1.5, 0.5, 0.5, 1.1, 9])),
  oldLogProb: tf.zeros([6]),
  advantage: tf.tensor1d([1, -1, 1, -1, 2, 100]),
  weight: tf.tensor1d([1, 1, 1, 1, 1, 0]),
  clip: 0.2,
})

describe('clippedSurrogate', () => {
  it('gives the hand-worked loss: what helps is cut, what harms is not', () => {
    // −(1.2 − 1.5 + .5 − .8 + 2.2) / 5
    expect(clippedSurrogate(golden())).toBeAllClose(-1.6 / 5)
  })

  it('is minus the mean advantage where the policy has not moved', () => {
    const still = { ...golden(), logProb: tf.zeros([6]) }
    expect(clippedSurrogate(still)).toBeAllClose(-2 / 5)
  })

  it('has the gradient that central differences give, and none where it is cut', () => {
    const { logProb, ...rest } = golden()
    checkGrads((x: Tensor) => clippedSurrogate({ ...rest, logProb: x }), [logProb])
    const grad = tf
      .grad((x: Tensor) => clippedSurrogate({ ...rest, logProb: x }))(logProb)
      .dataSync()
    expect([grad[0], grad[3], grad[5]]).toEqual([0, 0, 0])
    expect(grad[1]).toBeCloseTo(1.5 / 5)
  })

  it('holds all but the new density constant', () => {
    const { clip, ...tensors } = golden()
    checkZeroGrads(
      (args: Omit<SurrogateArgs, 'clip'>) => clippedSurrogate({ ...args, clip }),
      tensors as never,
      ['oldLogProb', 'advantage', 'weight'] as never,
    )
  })

  it('stays finite where the densities are far apart', () => {
    const far = { ...golden(), logProb: tf.tensor1d([1e5, -1e5, 1e5, -1e5, 0, 0]) }
    expect(Number.isFinite(clippedSurrogate(far).dataSync()[0])).toBe(true)
  })

  it('refuses another number of rows', () => {
    expect(() => clippedSurrogate({ ...golden(), advantage: tf.zeros([5]) })).toThrow(
      'clippedSurrogate: advantage must have shape [B] with B=6, got [5]',
    )
  })
})

describe('valueLoss', () => {
  const args = (): { value: Tensor; target: Tensor; weight: Tensor } => ({
    value: tf.tensor1d([1, 2, 3]),
    target: tf.tensor1d([0, 4, 100]),
    weight: tf.tensor1d([1, 1, 0]),
  })

  it('is the mean squared error of the rows that count, with its gradient', () => {
    expect(valueLoss(args())).toBeAllClose(2.5)
    checkGrads((value: Tensor) => valueLoss({ ...args(), value }), [args().value])
  })

  it('refuses another number of rows', () => {
    expect(() => valueLoss({ ...args(), target: tf.zeros([2]) })).toThrow(
      'valueLoss: target must have shape [B] with B=3, got [2]',
    )
  })
})

describe('standardized', () => {
  it('has mean 0 and variance 1 over the rows that count', () => {
    const weight = tf.tensor1d([1, 1, 1, 0])
    expect(standardized(tf.tensor1d([1, 2, 3, 50]), weight).slice(0, 3)).toBeAllClose([
      -Math.sqrt(1.5),
      0,
      Math.sqrt(1.5),
    ])
  })

  it('gives 0 for a single row, and means of 0 for none', () => {
    expect(standardized(tf.tensor1d([7, 1]), tf.tensor1d([1, 0])).slice(0, 1)).toBeAllClose([0])
    expect(weightedMean(tf.tensor1d([7, 1]), tf.zeros([2]))).toBeAllClose(0)
  })
})
