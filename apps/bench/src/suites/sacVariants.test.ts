import { describe, expect, it } from 'vitest'
import { around, cellsOf, outcome, verdict, without } from './foundCells.testData.ts'
import { suite as sacVariants } from './sacVariants.suite.ts'

describe('the rule of sac-variants', () => {
  const learned = (levels: Readonly<Record<string, number>>) => (arm: string) =>
    levels[arm.replace(/^(hopper|half-cheetah)-/, '')] ?? 100
  const met = { soft: 100, hard: 70, deterministic: 60, 'trust-pcl': 50 }

  it('holds where both variants learn half as much at least, and Trust-PCL is slower', () => {
    const { verdict: found, control, reason } = verdict(sacVariants, learned(met))
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toMatch(/^at reduced scale: hopper, as shares of SAC .* hard 0\.70 \[/)
  })

  it.each([
    ['fails', 'hard targets learn a third', { ...met, hard: 33 }],
    ['fails', 'the deterministic policy learns nothing', { ...met, deterministic: 0 }],
    ['fails', 'Trust-PCL is faster', { ...met, 'trust-pcl': 130 }],
    ['inconclusive', 'a variant is about at its bar', { ...met, hard: 50.5 }],
    ['inconclusive', 'Trust-PCL is about as fast', { ...met, 'trust-pcl': 100.5 }],
    ['inconclusive', 'nothing learns', { soft: -1, hard: 0, deterministic: 0, 'trust-pcl': 0, single: 0 }],
    ['holds', 'one critic alone is worse, which is beside the verdict', { ...met, single: 5 }],
  ])('%s where %s', (expected, _, levels) => {
    expect(verdict(sacVariants, learned(levels)).verdict).toBe(expected)
  })

  it('says which cells are missing and which are stale', () => {
    const all = cellsOf(sacVariants, (arm, i) => learned(met)(arm) + around[i])
    const { verdict: found, reason } = outcome(
      sacVariants,
      without(
        all,
        ({ arm, seed }) => arm === 'hopper-soft' && seed === 3,
        ({ arm }) => arm === 'half-cheetah-trust-pcl',
      ),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('hopper-soft lacks seed 3')
    expect(reason).toContain('half-cheetah-trust-pcl is stale in seeds 1, 2, 3, 4, 5')
  })

  it('judges the tasks of its profile alone', () => {
    const { metrics, cells } = verdict(sacVariants, learned(met))
    expect(Object.keys(metrics).filter((name) => name.includes('humanoid'))).toEqual([])
    expect(cells.current).toBe(70)
  })
})
