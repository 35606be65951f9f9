import { describe, expect, it } from 'vitest'
import { measureEstimators, shortfalls, type EstimatorSpeed } from './estimators.ts'

const fine: EstimatorSpeed = {
  softValue: { ms: 100, matmulLimitMs: 88, fractionOfLimit: 0.88 },
  sqlUpdate: { ms: 13, matmulLimitMs: 11, fractionOfLimit: 0.85 },
  svgd16: { ms: 1.5, fractionOfUpdate: 0.19 },
  svgd32: { ms: 4.5, fractionOfUpdate: 0.56 },
  sacUpdateMs: 8,
}

describe('estimators', () => {
  it('are measured against their products and against updates', async () => {
    const { softValue, sqlUpdate, svgd16, svgd32, sacUpdateMs } = await measureEstimators({
      blocks: 1,
      updates: 1,
      processes: 1,
      steps: 1,
    })
    for (const { ms, matmulLimitMs, fractionOfLimit } of [softValue, sqlUpdate]) {
      expect(matmulLimitMs).toBeGreaterThan(1)
      expect(fractionOfLimit).toBeCloseTo(matmulLimitMs / ms, 10)
    }
    for (const { ms, fractionOfUpdate } of [svgd16, svgd32])
      expect(fractionOfUpdate).toBeCloseTo(ms / sacUpdateMs, 10)
  }, 60_000)

  it('fall short where a ratio is on the wrong side, or none', () => {
    expect(shortfalls(fine)).toEqual([])
    expect(
      shortfalls({
        ...fine,
        softValue: { ...fine.softValue, fractionOfLimit: 0.79 },
        sqlUpdate: { ...fine.sqlUpdate, fractionOfLimit: 0.7 },
        svgd16: { ms: 5, fractionOfUpdate: 0.51 },
        svgd32: { ms: 6, fractionOfUpdate: NaN },
      }),
    ).toEqual([
      'soft values must take at least 0.8 of the limit, got 0.79',
      'updates of soft Q-learning must take at least 0.75 of the limit, got 0.70',
      'svgd16 must take at most 0.5 of an update, got 0.51',
      'svgd32 must take at most 0.7 of an update, got NaN',
    ])
  })
})
