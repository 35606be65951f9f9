import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../run/cellResult.ts'
import { cellResult } from '../../run/cellResult.testData.ts'
import { judge } from '../../run/summarise.ts'
import { suite } from '../sqlPretrain.suite.ts'

const arms = ['alpha-10', 'alpha-1', 'alpha-tenth', 'alpha-hundredth']

/** Entropies and speeds of the four temperatures, each seed a little off; DDPG goes one way. */
function cells(entropies: readonly number[], speeds: readonly number[], spread = 0.05): CellResult[] {
  return [1, 2, 3, 4, 5].flatMap((seed) => [
    ...arms.map((arm, k) =>
      cellResult({
        arm,
        seed,
        scalars: {
          headingEntropy: entropies[k] + spread * (seed - 3) * (k - 1.5),
          meanSpeed: speeds[k] + spread * (seed - 3) * (k - 1.5),
        },
      }),
    ),
    cellResult({ arm: 'ddpg', seed, scalars: { headingEntropy: 0.2, meanSpeed: 1 } }),
  ])
}

const outcome = (found: readonly CellResult[]): ReturnType<typeof judge> =>
  judge(suite, suite.verdict.roles, found)

describe('the rule of sql-pretrain', () => {
  const met = cells([2.4, 2.2, 1.6, 1], [0.1, 0.4, 1, 1.2])

  it('holds where diversity falls with α, speed grows, and headings at α = 0.1 cover enough', () => {
    const { verdict, metrics } = outcome(met)
    expect(verdict).toBe('holds')
    // Of four points a factor of ten apart: (3 (y₁ − y₄) + (y₂ − y₃)) / 10.
    expect(metrics['headingEntropy.slope'].value).toBeCloseTo((3 * (2.4 - 1) + (2.2 - 1.6)) / 10, 12)
    expect(metrics['meanSpeed.slope'].value).toBeCloseTo((3 * (0.1 - 1.2) + (0.4 - 1)) / 10, 12)
    expect(metrics.coverage.value).toBeCloseTo(1.6, 12)
  })

  it.each([
    ['diversity does not fall', cells([2, 2, 2, 2.2], [0.1, 0.4, 1, 1.2])],
    ['the speed does not grow', cells([2.4, 2.2, 1.5, 1], [1, 1, 1, 0.9])],
    ['headings at α = 0.1 cover too little', cells([2.4, 2.2, 1.4, 1], [0.1, 0.4, 1, 1.2])],
  ])('fails where %s', (_, found) => {
    expect(outcome(found).verdict).toBe('fails')
  })

  it('is inconclusive where seeds differ too much to tell', () => {
    expect(outcome(cells([2.4, 2.2, 1.5, 1], [0.1, 0.4, 1, 1.2], 0.9)).verdict).toBe('inconclusive')
  })

  it('fails for DDPG at every temperature', () => {
    expect(judge(suite, suite.control.roles, met).verdict).toBe('fails')
  })
})
