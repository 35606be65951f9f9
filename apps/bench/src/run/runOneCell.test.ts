import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runOneCell, type CellName } from './runOneCell.ts'

const cell = (arm: string, seed: number): CellName => ({
  suite: 'sql-swimmer',
  profile: 'quick',
  arm,
  seed,
  out: join(tmpdir(), 'never written'),
  threads: 1,
  python: 'python3',
})

describe('runOneCell', () => {
  it('refuses an arm that the suite does not have, and names those it has', async () => {
    await expect(runOneCell(cell('squl', 1))).rejects.toThrow(
      new RangeError(
        'cell: arm of sql-swimmer at quick must be one of sql, ddpg, got "squl", did you mean "sql"?',
      ),
    )
  })

  it('refuses a seed beyond those of the arm', async () => {
    await expect(runOneCell(cell('sql', 12))).rejects.toThrow(
      new RangeError(
        'cell: seed must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 for sql of sql-swimmer at quick, got 12',
      ),
    )
  })
})
