import { describe, expect, it } from 'vitest'
import { boundsCell, boundsSettings, tightnessOf, type BoundsSettings } from './bounds.ts'

const settings: BoundsSettings = {
  tasks: 3,
  successors: 2,
  states: 8,
  actions: 3,
  processes: 30,
  penalty: 'corrected',
}

describe('the bounds on a composition', () => {
  const { scalars, samples } = boundsCell(settings, 1)

  it('hold, and are used in part', () => {
    expect(scalars.failures).toBe(0)
    expect(scalars.leastSlack).toBeGreaterThan(-1e-9)
    expect(scalars.gapMedian).toBeGreaterThan(0.05)
    expect(samples.gap.every((share) => share >= 0 && share <= 1 + 1e-6)).toBe(true)
    expect(samples.regret.every((share) => share <= 1 + 1e-6)).toBe(true)
    expect(samples.gap).toHaveLength(30)
  })

  it('fail as printed in 6.4, at temperatures above two', () => {
    const printed = { ...settings, penalty: 'as printed' } as const
    expect(boundsCell(printed, 1).scalars.failures).toBeGreaterThan(0)
    for (let process = 0; process < 30; process++) {
      const { alpha, slack } = tightnessOf(printed, 1, process)
      // 2·D/α: larger than it must be below α = 2, too small above.
      if (slack < -1e-9) expect(alpha).toBeGreaterThan(2)
    }
  })

  it('come from the seed', () => {
    expect(boundsCell(settings, 1).samples).toEqual(samples)
    expect(boundsCell(settings, 2).samples).not.toEqual(samples)
  })

  it('refuse settings that break their rules', () => {
    expect(() => boundsSettings.parse({ ...settings, tasks: 1 })).toThrow()
  })
})
