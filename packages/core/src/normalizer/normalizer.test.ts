import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { foldIn, key, normal } from '../keys/index.ts'
import '../testing/index.ts'
import { normalizer, type NormalizerState } from './index.ts'

const rows = (seed: number, count: number): number[][] => {
  const draws = normal(foldIn(key(1), seed), count * 2)
  return Array.from({ length: count }, (_, i) => [
    5 + 2 * draws[2 * i],
    -1000 + 0.5 * draws[2 * i + 1] * seed,
  ])
}
/** Mean and population variance of each column, in float64. */
function statistics(all: readonly number[][]): { mean: number[]; variance: number[] } {
  const mean = [0, 1].map((j) => all.reduce((sum, row) => sum + row[j], 0) / all.length)
  const variance = mean.map((m, j) => all.reduce((sum, row) => sum + (row[j] - m) ** 2, 0) / all.length)
  return { mean, variance }
}

describe('normalizer', () => {
  const norm = normalizer({ size: 2 })

  it('has the statistics of all batches together', () => {
    const batches = [rows(1, 1), rows(2, 7), rows(3, 100), rows(4, 2)]
    let state = norm.init()
    const seen: number[][] = []
    for (const batch of batches) {
      seen.push(...batch)
      state = norm.update(state, tf.tensor2d(batch))
      expect(state).toBeAllClose({ count: seen.length, ...statistics(seen) }, { rtol: 1e-4, atol: 1e-4 })
    }
  })

  it('does not depend on how rows are cut into batches', () => {
    const all = rows(3, 64)
    const whole = norm.update(norm.init(), tf.tensor2d(all))
    const cut = [0, 16, 32, 48].reduce(
      (state: NormalizerState, i) => norm.update(state, tf.tensor2d(all.slice(i, i + 16))),
      norm.init(),
    )
    expect(cut).toBeAllClose(whole, { rtol: 1e-4 })
  })

  it('keeps its digits over many batches of one law', () => {
    let state = norm.init()
    for (let i = 0; i < 2000; i++) {
      const next = norm.update(
        state,
        tf.tidy(() => tf.tensor2d([[1e3 + (i % 2), -1]])),
      )
      tf.dispose(state)
      state = next
    }
    expect(state).toBeAllClose({ count: 2000, mean: [1000.5, -1], variance: [0.25, 0] }, { rtol: 1e-3 })
  })

  it('refuses a batch of no rows', () => {
    expect(() => norm.update(norm.init(), tf.zeros([0, 2]))).toThrow(
      'normalizer.update: batch must have at least one row, got [0, 2]',
    )
  })

  it('gives the rows it saw mean 0 and variance 1, and takes them back', () => {
    const batch = tf.tensor2d(rows(2, 500))
    const state = norm.update(norm.init(), batch)
    const scaled = norm.normalize(state, batch)
    const { mean, variance } = tf.moments(scaled, 0)
    expect(mean).toBeAllClose([0, 0], { atol: 1e-3 })
    expect(variance).toBeAllClose([1, 1], { rtol: 1e-3 })
    expect(norm.denormalize(state, scaled)).toBeAllClose(batch)
  })

  it('is the identity before the first batch, up to the cut', () => {
    expect(
      norm.normalize(
        norm.init(),
        tf.tensor2d([
          [1, -2],
          [50, -50],
        ]),
      ),
    ).toBeAllClose([
      [1, -2],
      [10, -10],
    ])
  })

  it('cuts at its own bound', () => {
    expect(
      normalizer({ size: 1, clip: 2 }).normalize(normalizer({ size: 1 }).init(), tf.tensor2d([[3], [-3]])),
    ).toBeAllClose([[2], [-2]])
  })

  it('stays finite for a column that never varies', () => {
    const state = norm.update(
      norm.init(),
      tf.tensor2d([
        [3, 0],
        [3, 1],
      ]),
    )
    expect(
      norm.normalize(
        state,
        tf.tensor2d([
          [3, 0.5],
          [4, 0],
        ]),
      ),
    ).toBeAllClose([
      [0, 0],
      [10, -1],
    ])
  })

  it('does not move when it only normalises', () => {
    const state = norm.update(norm.init(), tf.tensor2d(rows(2, 5)))
    const before = [state.count, state.mean, state.variance].map((t) => Array.from(t.dataSync()))
    norm.normalize(state, tf.tensor2d(rows(3, 50)))
    expect(state).toBeAllClose(
      { count: before[0][0], mean: before[1], variance: before[2] },
      { atol: 0, rtol: 0 },
    )
  })

  it('frees all tensors but its results', () => {
    const batch = tf.tensor2d(rows(1, 3))
    const state = norm.init()
    const before = tf.memory().numTensors
    const results = [norm.update(state, batch), norm.normalize(state, batch), norm.denormalize(state, batch)]
    expect(tf.memory().numTensors - before).toBe(5)
    tf.dispose(results)
  })

  it('refuses options and rows that do not fit', () => {
    expect(() => normalizer({ size: 0 })).toThrow('normalizer: size must be an integer in [1,')
    expect(() => normalizer({ size: 1, clip: 0 })).toThrow('normalizer: clip must be positive, got 0')
    expect(() => normalizer({ size: 1, epsilon: -1 })).toThrow(
      'normalizer: epsilon must be at least 0, got -1',
    )
    expect(() => norm.update(norm.init(), tf.zeros([4, 3]))).toThrow(
      'normalizer.update: batch must have shape [B, 2], got [4, 3]',
    )
    expect(() => norm.normalize(norm.init(), tf.zeros([4, 3]))).toThrow(
      'normalizer.normalize: rows must have shape [B, 2], got [4, 3]',
    )
    expect(() => norm.denormalize(norm.init(), tf.zeros([4, 3]))).toThrow(
      'normalizer.denormalize: rows must have shape [B, 2], got [4, 3]',
    )
  })
})
