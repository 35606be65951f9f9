import { describe, expect, it } from 'vitest'
import { around, cellsOf, isIdle, outcome, verdict, without } from './foundCells.testData.ts'
import { suite as sacRobustness } from './sacRobustness.suite.ts'
import { suite as sacSensitivity } from './sacSensitivity.suite.ts'

describe.each([
  ['sac-robustness', sacRobustness, 'target entropy', 'reward scale'],
  ['sac-sensitivity', sacSensitivity, 'tau', 'reward scale'],
] as const)('the rule of %s', (_, suite, wide, narrow) => {
  /** Levels along either axis, in the order of the grid. */
  const along =
    (wideLevels: readonly number[], narrowLevels: readonly number[]) =>
    (arm: string): number => {
      const of = (role: string): readonly string[] => suite.verdict.roles[`half-cheetah/${role}`]
      // What both axes share is in the middle of either, at the same level.
      return of(narrow).includes(arm)
        ? narrowLevels[of(narrow).indexOf(arm)]
        : wideLevels[of(wide).indexOf(arm)]
    }
  const broad = [100, 100, 100, 100, 100]
  const peaked = [10, 20, 100, 20, 10]

  it('holds where the claimed range is the wider, and not for random actions', () => {
    expect(verdict(suite, along(broad, peaked))).toMatchObject({ verdict: 'holds', control: 'fails' })
  })

  it('fails where the other range is the wider', () => {
    expect(verdict(suite, along(peaked, broad)).verdict).toBe('fails')
  })

  it.each([
    ['the claim holds', broad, peaked],
    ['it fails', peaked, broad],
    ['both ranges are whole', broad, broad],
    ['nothing is gained on the other axis', broad, [-10, -10, -10, -10, -10]],
  ])('fails for its control where %s', (_case, first, second) => {
    expect(verdict(suite, along(first, second)).control).toBe('fails')
  })

  it('is inconclusive where both ranges are whole', () => {
    expect(verdict(suite, along(broad, broad)).verdict).toBe('inconclusive')
  })

  it('is inconclusive where noise decides', () => {
    const noisy = cellsOf(suite, (arm, i) =>
      isIdle(arm) ? 0 : along(peaked, peaked)(arm) + 30 * around[(i + arm.length) % 5],
    )
    expect(outcome(suite, noisy).verdict).toBe('inconclusive')
  })

  it('says what is missing', () => {
    const all = cellsOf(suite, (arm, i) => along(broad, peaked)(arm) + around[i])
    const { verdict: found, reason } = outcome(
      suite,
      without(all, ({ arm }) => arm.endsWith('random')),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('half-cheetah-random lacks seeds 1, 2, 3, 4, 5')
  })

  it('knows its axes, of five values over three decades', () => {
    const { metrics } = verdict(suite, along(broad, peaked))
    const [first] = Object.values(metrics)
    expect(first.value).toBeCloseTo(3, 1)
    expect(metrics.difference.value).toBeGreaterThan(2)
  })
})
