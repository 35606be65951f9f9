import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../run/cellResult.ts'
import { cellResult } from '../../run/cellResult.testData.ts'
import { expandGrid } from '../../run/grid.ts'
import { judge } from '../../run/summarise.ts'
import { profileOf } from '../index.ts'
import { suite as antMaze } from '../sqlAntMaze.suite.ts'
import { suite as swimmer } from '../sqlSwimmer.suite.ts'
import type { Suite } from '../suite.ts'

const seeds = [1, 2, 3, 4, 5]

/** Cells in which every seed has `good`, but for the first of each arm. */
function cells(
  scalar: string,
  { good, sql, ddpg }: { readonly good: number; readonly sql: number; readonly ddpg: number },
): CellResult[] {
  return seeds.flatMap((seed) => [
    cellResult({ arm: 'sql', seed, scalars: { [scalar]: seed === 1 ? sql : good } }),
    cellResult({ arm: 'ddpg', seed, scalars: { [scalar]: seed === 1 ? ddpg : good } }),
  ])
}

const verdict = (suite: Suite, found: readonly CellResult[], control = false): string =>
  judge(suite, control ? suite.control.roles : suite.verdict.roles, found).verdict

describe.each([
  { name: 'sql-swimmer', suite: swimmer, scalar: 'crossing', good: 0.5, missed: 0.4 },
  { name: 'sql-ant-maze', suite: antMaze, scalar: 'nearest', good: 3.605, missed: 3.606 },
])('the rule of $name', ({ suite, scalar, good, missed }) => {
  it('holds where every seed of SQL gets there and one of DDPG does not', () => {
    const found = cells(scalar, { good, sql: good, ddpg: missed })
    expect(verdict(suite, found)).toBe('holds')
    expect(verdict(suite, found, true)).toBe('fails')
  })

  it('fails where one seed of SQL does not, whatever DDPG does', () => {
    expect(verdict(suite, cells(scalar, { good, sql: missed, ddpg: missed }))).toBe('fails')
    expect(verdict(suite, cells(scalar, { good, sql: missed, ddpg: good }))).toBe('fails')
  })

  it('judges each learner by all of its seeds', () => {
    const found = cells(scalar, { good, sql: good, ddpg: good })
    const more = cellResult({ arm: 'ddpg', seed: 6, scalars: { [scalar]: missed } })
    expect(verdict(suite, [...found, more])).toBe('holds')
  })

  it('is inconclusive where all of both do', () => {
    expect(verdict(suite, cells(scalar, { good, sql: good, ddpg: good }))).toBe('inconclusive')
  })
})

it('sql-swimmer has 10 seeds of soft Q-learning and 14 of DDPG, and fewer of both where a profile has fewer', () => {
  const seedsOf = (name: 'quick' | 'standard'): Record<string, number> => {
    const count: Record<string, number> = {}
    for (const { arm } of expandGrid(swimmer, { profile: profileOf(swimmer, name), revision: {} }))
      count[arm.id] = (count[arm.id] ?? 0) + 1
    return count
  }
  expect(seedsOf('standard')).toEqual({ sql: 10, ddpg: 14 })
  expect(seedsOf('quick')).toEqual({ sql: 5, ddpg: 5 })
})
