import { describe, expect, it } from 'vitest'
import type { CellResult } from '../../run/cellResult.ts'
import { cellResult } from '../../run/cellResult.testData.ts'
import { judge } from '../../run/summarise.ts'
import { suite } from '../sqlFinetune.suite.ts'

const tasks = ['wide', 'narrow', 'u']

/** Cells whose curves rise to the level of their arm on every task; `noise` is by how much seeds differ. */
function cells(levels: Readonly<Record<string, readonly number[]>>, noise = 0.1): CellResult[] {
  return [1, 2, 3, 4, 5].flatMap((seed) =>
    Object.entries(levels).map(([arm, byTask]) =>
      cellResult({
        arm,
        seed,
        curves: Object.fromEntries(
          tasks.map((task, i) => [
            `${task}.return`,
            arm === 'scratch'
              ? { steps: [100, 200], values: [0.5 * byTask[i], 1.5 * byTask[i]] }
              : {
                  // What stands at the first step is no part of fine-tuning.
                  steps: [1, 100, 200],
                  values: [1000, 0.5 * byTask[i] + noise * seed, 1.5 * byTask[i] - noise],
                },
          ]),
        ),
      }),
    ),
  )
}

const verdict = (found: readonly CellResult[]): string => judge(suite, suite.verdict.roles, found).verdict
const better = { sql: [9, 9, 9], ddpg: [5, 5, 5], scratch: [2, 2, 2] }

describe('the rule of sql-finetune', () => {
  it('holds where SQL pretrained has more than both others on every task', () => {
    expect(verdict(cells(better))).toBe('holds')
    const { metrics } = judge(suite, suite.verdict.roles, cells(better))
    expect(metrics['wide: over DDPG pretrained'].value).toBeCloseTo(4, 12)
    expect(metrics['u: over DDPG from scratch'].value).toBeCloseTo(7.1, 12)
  })

  it('fails where it has no more on one task', () => {
    expect(verdict(cells({ ...better, ddpg: [5, 9, 5] }))).toBe('fails')
    expect(verdict(cells({ ...better, scratch: [2, 2, 12] }))).toBe('fails')
  })

  it('is inconclusive where seeds differ too much to tell', () => {
    const found = cells({ ...better, scratch: [8.9, 2, 2] }).map((cell) =>
      cell.arm === 'scratch' && cell.seed > 3
        ? { ...cell, curves: { ...cell.curves, 'wide.return': { steps: [100, 200], values: [9, 9.5] } } }
        : cell,
    )
    expect(verdict(found)).toBe('inconclusive')
  })

  it('fails for DDPG from scratch in the place of SQL', () => {
    expect(judge(suite, suite.control.roles, cells(better)).verdict).toBe('fails')
  })
})
