import { describe, expect, it } from 'vitest'
import type { SummaryEntry } from '../report/summary.ts'
import { around, cellsOf, isIdle, outcome, verdict } from './foundCells.testData.ts'
import { suite as sacStochastic } from './sacStochastic.suite.ts'

describe('the rule of sac-stochastic', () => {
  const figures = (
    spread: { stochastic: number; deterministic: number },
    edge: number,
    levels = { stochastic: 100, deterministic: 100 },
  ): SummaryEntry =>
    outcome(
      sacStochastic,
      cellsOf(sacStochastic, (arm, i) => {
        if (isIdle(arm)) return around[i]
        const variant = arm.endsWith('deterministic') ? 'deterministic' : 'stochastic'
        const level = levels[variant] + spread[variant] * around[i]
        return {
          returns: Array<number>(5).fill(level),
          scalars: {
            meanAction: level + (variant === 'stochastic' ? edge : 0) + 0.1 * around[i],
            sampledAction: level,
          },
        }
      }),
    )

  it('holds where seeds of the deterministic policy are farther apart and the mean action returns more', () => {
    expect(figures({ stochastic: 1, deterministic: 20 }, 5)).toMatchObject({
      verdict: 'holds',
      control: 'fails',
    })
  })

  it.each([
    ['fails', 'the deterministic policy is the steadier one', { stochastic: 20, deterministic: 1 }, 5],
    ['fails', 'sampled actions return more', { stochastic: 1, deterministic: 20 }, -5],
    ['inconclusive', 'both spread alike', { stochastic: 10, deterministic: 10.5 }, 5],
    ['inconclusive', 'both ways to evaluate are alike', { stochastic: 1, deterministic: 20 }, 0.01],
  ])('%s where %s', (expected, _, spread, edge) => {
    expect(figures(spread, edge).verdict).toBe(expected)
  })

  it('does not take a policy that gains more for less steady, nor one that gains little for steady', () => {
    const same = { stochastic: 5, deterministic: 20 }
    const more = figures(same, 5, { stochastic: 100, deterministic: 400 })
    expect(more.metrics.spread.value).toBeCloseTo(0)
    expect(more.verdict).toBe('inconclusive')
    expect(more.reason).toContain('gain 100.00 and 400.00 on hopper')
    const less = figures({ stochastic: 20, deterministic: 5 }, 5, { stochastic: 100, deterministic: 25 })
    expect(less.metrics.spread.value).toBeCloseTo(-0.18)
    expect(less.verdict).toBe('fails')
  })

  it('fails where the stochastic policy gains nothing, and says on what', () => {
    const { verdict: found, control, reason } = verdict(sacStochastic, () => -50)
    expect({ found, control }).toEqual({ found: 'fails', control: 'fails' })
    expect(reason).toContain('gains nothing on hopper; the stochastic policy gains nothing on half-cheetah')
  })

  it('is inconclusive where it may gain nothing on one of the tasks', () => {
    const unsure = cellsOf(sacStochastic, (arm, i) => {
      if (isIdle(arm)) return 0
      const [level, spread] = arm === 'hopper-hard' ? [5, 20] : [100, arm.endsWith('-deterministic') ? 40 : 1]
      const mean = level + spread * around[i]
      return {
        returns: Array<number>(5).fill(mean),
        scalars: { meanAction: mean + 20 + around[i], sampledAction: mean },
      }
    })
    expect(outcome(sacStochastic, unsure)).toMatchObject({ verdict: 'inconclusive', control: 'fails' })
  })
})
