import { describe, expect, it } from 'vitest'
import { expandGrid } from '../run/grid.ts'
import { planCells } from '../run/results.ts'
import { profileOf } from './index.ts'
import type { CellResult } from '../run/cellResult.ts'
import {
  around,
  cellOf,
  cellsOf,
  isIdle,
  outcome,
  revision,
  verdict,
  without,
} from './foundCells.testData.ts'
import { bestScale, suite as sacAuto } from './sacAuto.suite.ts'

describe('the rule of sac-auto', () => {
  const levels =
    (learned: number, tuned = 100) =>
    (arm: string): number =>
      arm.endsWith('learned') ? learned : arm.endsWith('tuned') ? tuned : arm.endsWith('scale-16') ? 90 : 30

  it('takes the scale of the search that returns most, by all of its seeds', () => {
    const { current } = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const search = current.filter(({ arm }) => arm.startsWith('hopper-scale'))
    expect(search).toHaveLength(10)
    expect(bestScale(search)).toEqual({ rewardScale: 16 })
    const tuned = current.filter(({ arm }) => arm === 'hopper-tuned')
    expect(tuned.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5])
    expect(tuned.map(({ settings }) => (settings.config as { rewardScale: number }).rewardScale)).toEqual(
      Array(5).fill(16),
    )
    const lucky = search.map((cell) =>
      cell.arm.endsWith('scale-50') && cell.seed === 101
        ? { ...cell, curves: { return: { steps: [5], values: [140] } } }
        : cell,
    )
    expect(bestScale(lucky)).toEqual({ rewardScale: 16 })
  })

  it('never gives a run that was not evaluated at its end the prize', () => {
    const { current } = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const search = current
      .filter(({ arm }) => arm.startsWith('hopper-scale'))
      .map((cell) => (cell.arm.endsWith('scale-16') ? { ...cell, curves: {} } : cell))
    expect(bestScale(search).rewardScale).not.toBe(16)
  })

  it('holds where the interval reaches 0.9 and is narrow', () => {
    const { verdict: found, control, reason } = verdict(sacAuto, levels(95))
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toContain('reward scales found: hopper 16, half-cheetah 16')
    expect(verdict(sacAuto, levels(150)).verdict).toBe('holds')
    expect(verdict(sacAuto, levels(90)).verdict).toBe('holds')
  })

  it('fails where the interval lies below 0.9', () => {
    expect(verdict(sacAuto, levels(80)).verdict).toBe('fails')
  })

  it('judges the mean over tasks, beside which it gives that of each', () => {
    const { verdict: found, metrics } = verdict(sacAuto, (arm) =>
      levels(arm.startsWith('hopper') ? 60 : 140)(arm),
    )
    expect(found).toBe('holds')
    expect(metrics.ratio.value).toBeCloseTo(1, 1)
    expect(metrics.hopper.high).toBeLessThan(0.9)
  })

  it('is inconclusive where the interval is wider than 0.3, above 0.9 too', () => {
    const much = cellsOf(sacAuto, (arm, i) => (isIdle(arm) ? 0 : levels(400)(arm) + 15 * around[i]))
    const { verdict: found, metrics } = outcome(sacAuto, much)
    expect(metrics.ratio.low).toBeGreaterThan(0.9)
    expect((metrics.ratio.high ?? NaN) - (metrics.ratio.low ?? NaN)).toBeGreaterThan(0.3)
    expect(found).toBe('inconclusive')
  })

  it('is inconclusive where the interval holds 0.9 and is wider than 0.3, and where the tuned temperature gains nothing', () => {
    const wide = cellsOf(sacAuto, (arm, i) => (isIdle(arm) ? 0 : levels(100)(arm) + 30 * around[i]))
    expect(outcome(sacAuto, wide).verdict).toBe('inconclusive')
    expect(verdict(sacAuto, levels(95, -10))).toMatchObject({ verdict: 'inconclusive' })
  })

  it('has no tuned arm, and says why, while a cell of the search is missing or stale', () => {
    const request = { profile: profileOf(sacAuto, 'quick'), revision }
    const all = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const first = all.current.filter(({ arm }) => arm !== 'hopper-tuned')
    const isLost = ({ arm, seed }: CellResult): boolean => arm === 'hopper-scale-5' && seed === 102
    const planned = expandGrid(sacAuto, { ...request, finished: first.filter((cell) => !isLost(cell)) })
    expect(planned.some(({ arm }) => arm.id === 'hopper-tuned')).toBe(false)
    expect(planned.some(({ arm }) => arm.id === 'half-cheetah-tuned')).toBe(true)
    const { verdict: found, reason } = outcome(
      sacAuto,
      without({ ...all, current: first }, () => false, isLost),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('hopper-scale-5 is stale in seed 102')
    expect(reason).toContain('hopper-tuned is not decided')
  })

  it('finds the decided arm among recorded results', () => {
    const request = { profile: profileOf(sacAuto, 'quick'), revision: {} }
    const recorded = expandGrid(sacAuto, request).map(({ suite, arm, seed, settings, revision: own }) => ({
      ...cellOf({ arm: arm.id, seed, settings }, arm.id.endsWith('scale-1-6') ? 50 : 20),
      suite,
      revision: own,
      curves: { return: { steps: [50_000], values: [arm.id.endsWith('scale-1-6') ? 50 : 20] } },
    }))
    const tuned = planCells(sacAuto, request, recorded).filter(({ arm }) => arm.id === 'hopper-tuned')
    expect(tuned).toHaveLength(5)
    expect(tuned[0].settings.config).toMatchObject({ rewardScale: 1.6 })
    const less = recorded.filter(({ arm, seed }) => arm !== 'hopper-scale-50' || seed !== 101)
    expect(planCells(sacAuto, request, less).some(({ arm }) => arm.id === 'hopper-tuned')).toBe(false)
  })
})
