import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../run/cellResult.ts'
import { cellResult } from '../../run/cellResult.testData.ts'
import { judge } from '../../run/summarise.ts'
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
  { name: 'sql-swimmer', suite: swimmer, scalar: 'farthest', good: 3, missed: 2.999 },
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

  it('is inconclusive where all of both do', () => {
    expect(verdict(suite, cells(scalar, { good, sql: good, ddpg: good }))).toBe('inconclusive')
  })
})
