import { describe, expect, it } from 'vitest'
import { cellResult } from '../../run/cellResult.testData.ts'
import type { CellResult } from '../../run/cellResult.ts'
import { goodWidth, judgeWidths, threeDecades } from './goodRange.ts'

const places = (values: readonly number[]): Parameters<typeof goodWidth>[0] =>
  values.map((value, decade) => ({ decade, value }))

describe('the width of the good range', () => {
  it('is linear between the values that were tried', () => {
    // From 0 to 10 over a decade: 8 is reached after 0.8 of it. Then level, then down to 6: 8 is left halfway.
    expect(goodWidth(places([0, 10, 10, 6]))).toBeCloseTo(0.2 + 1 + 0.5, 12)
  })

  it('counts good parts that lie apart', () => {
    expect(goodWidth(places([10, 0, 10]))).toBeCloseTo(0.4, 12)
  })

  it('is the whole axis where all is alike, and does not depend on the order', () => {
    expect(goodWidth(places([9, 10, 8.5]))).toBe(2)
    expect(goodWidth([...places([0, 10, 10, 6])].reverse())).toBeCloseTo(1.7, 12)
  })

  it('is zero where nothing is gained, and for a single place', () => {
    expect(goodWidth(places([0, -1, 0]))).toBe(0)
    expect(goodWidth(places([-5, -1, -2]))).toBe(0)
    expect(goodWidth(places([3]))).toBe(0)
  })
})

it('has axes of three decades', () => {
  expect(Math.log10(threeDecades[4] / threeDecades[0])).toBeCloseTo(3, 12)
  expect(threeDecades[2]).toBe(1)
})

describe('the comparison of two axes', () => {
  /** Runs at settings 1, 10 and 100: a row per seed. Every return is that of the end; before, all return 0. */
  const axis = (name: string, rows: readonly (readonly number[])[], steps = 1_000): CellResult[] =>
    [1, 10, 100].flatMap((at, j) =>
      rows.map((row, i) =>
        cellResult({
          arm: `${name}-${at}`,
          seed: i + 1,
          settings: { kind: 'train', config: { at }, train: { steps } },
          curves: { return: { steps: [0.85 * steps, steps], values: [0, row[j]] } },
        }),
      ),
    )
  const idle = [0, 0, 0].map((value, i) =>
    cellResult({ arm: 'random', seed: i + 1, settings: { kind: 'uniform' }, scalars: { return: value } }),
  )
  const setting = ({ settings }: CellResult): number => (settings.config as { readonly at: number }).at
  const judge = judgeWidths({ wide: 'a', narrow: 'b', setting, lastSteps: 10 })
  const flat = [10, 10, 10]
  /** 8 of 10 is reached after 0.8 decades. */
  const peaked = [0, 10, 0]

  it('has the widths of mean curves, whatever is the best of single seeds, and the interval of leaving out seeds', () => {
    const rows = [
      [10, 10, 4],
      [10, 4, 10],
      [4, 10, 10],
    ]
    const cells = {
      'x/a': axis('a', rows),
      'x/b': axis('b', [peaked, peaked, peaked]),
      'x/random': idle,
    }
    const { metrics } = judge(cells)
    // All means are 8. Without one seed two of them are 7 and the third, at one end or in the middle, is 10.
    expect(metrics.a.value).toBeCloseTo(2, 12)
    expect(metrics.b).toEqual({
      value: expect.closeTo(0.4) as number,
      low: expect.closeTo(0.4) as number,
      high: expect.closeTo(0.4) as number,
    })
    // Two thirds of a decade on each side of 10 that has one, so widths of 2/3, 4/3 and 2/3: pseudo-values 14/3, 10/3 and 14/3.
    const deviation = 4 / 3 / Math.sqrt(3)
    expect(metrics.difference.value).toBeCloseTo(1.6, 12)
    expect(metrics.difference.high).toBeCloseTo(1.6 + (4.3027 * deviation) / Math.sqrt(3), 3)
  })

  it('is inconclusive where the interval holds 0, both ranges being whole included', () => {
    const whole = axis('a', [flat, flat, flat])
    const cells = { 'x/a': whole, 'x/b': whole, 'x/random': idle }
    expect(judge(cells).verdict).toBe('inconclusive')
    const noisy = { ...cells, 'x/b': axis('b', [peaked, flat, flat]) }
    expect(judge(noisy).verdict).toBe('inconclusive')
  })

  it('says how many runs diverged', () => {
    const cells = { 'x/a': axis('a', [flat, flat]), 'x/b': axis('b', [peaked, peaked]), 'x/random': idle }
    expect(judge(cells).reason).not.toContain('diverged')
    const [first, ...others] = cells['x/b']
    const lost = [{ ...first, scalars: { divergedAt: 500 } }, ...others]
    expect(judge({ ...cells, 'x/b': lost }).reason).toMatch(/; 1 of 12 runs diverged$/)
  })

  it('reads the setting of a run by the axis that it is asked for', () => {
    const roles: string[] = []
    const reading = judgeWidths({
      wide: 'a',
      narrow: 'b',
      setting: (cell, role) => {
        roles.push(role)
        return setting(cell)
      },
    })
    const runs = axis('a', [flat, flat])
    reading({ 'x/a': runs, 'x/b': runs, 'x/random': idle })
    expect(new Set(roles)).toEqual(new Set(['a', 'b']))
  })

  it('holds where the range is wider, fails the other way round, and says where most is gained', () => {
    const rows = [flat, [10, 10, 9], [9, 10, 10]]
    const cells = { 'x/a': axis('a', rows), 'x/b': axis('b', [peaked, peaked, peaked]), 'x/random': idle }
    const { verdict, reason } = judge(cells)
    expect(verdict).toBe('holds')
    expect(reason).toContain('most is gained at a 10 (x), b 10 (x)')
    expect(judge({ ...cells, 'x/a': cells['x/b'], 'x/b': cells['x/a'] }).verdict).toBe('fails')
  })

  it('takes the mean over tasks', () => {
    const [wide, narrow] = [axis('a', [flat, flat, flat]), axis('b', [peaked, peaked, peaked])]
    const { metrics } = judge({
      'x/a': wide,
      'x/b': narrow,
      'x/random': idle,
      'y/a': narrow,
      'y/b': narrow,
      'y/random': idle,
    })
    expect(metrics.difference.value).toBeCloseTo((1.6 + 0) / 2, 12)
  })

  it.each([
    ['wide', [flat, flat, flat]],
    ['narrow', [peaked, peaked, peaked]],
    ['of no width in most seeds', [flat, [0, 0, 0], [0, 0, 0]]],
    [
      'of no width',
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
  ])('fails for random actions in the claimed role, where the other axis is %s', (_, rows) => {
    const { verdict, reason } = judge({ 'x/a': idle, 'x/b': axis('b', rows), 'x/random': idle })
    expect(verdict).toBe('fails')
    expect(reason).toContain('a none (x)')
  })

  it('fails where nothing on the claimed axis gains anything', () => {
    const lost = [
      [-1, -2, 0],
      [-1, -2, 0],
      [-1, -2, 0],
    ]
    const some = [flat, [0, 0, 0], [0, 0, 0]]
    expect(judge({ 'x/a': axis('a', lost), 'x/b': axis('b', some), 'x/random': idle }).verdict).toBe('fails')
  })

  it('is not made of one seed, or of a run that was not evaluated at its end', () => {
    const one = { 'x/a': axis('a', [flat]), 'x/b': axis('b', [peaked]), 'x/random': idle }
    expect(judge(one).verdict).toBe('inconclusive')
    const rows = [flat, flat, flat]
    const short = axis('a', rows).map((cell) => ({ ...cell, curves: {} }))
    expect(judge({ 'x/a': short, 'x/b': axis('b', rows), 'x/random': idle }).verdict).toBe('inconclusive')
  })

  it('averages the last steps, where they are less than the last fifth of the run', () => {
    const cells = (lastSteps?: number): number => {
      const rows = [flat, flat, flat]
      // At 0.85 of the run all return 0 but the middle, which returned 10.
      const runs = axis('a', rows).map((cell) =>
        cell.arm === 'a-10'
          ? { ...cell, curves: { return: { steps: [850, 1_000], values: [10, 10] } } }
          : cell,
      )
      const { metrics } = judgeWidths({
        wide: 'a',
        narrow: 'b',
        setting,
        ...(lastSteps !== undefined && { lastSteps }),
      })({
        'x/a': runs,
        'x/b': axis('b', rows),
        'x/random': idle,
      })
      return metrics.a.value
    }
    expect(cells(100)).toBeCloseTo(2, 12)
    // The outer ones count half of what the middle does: 8 of 10 is reached after 0.6 of either decade.
    expect(cells()).toBeCloseTo(0.8, 12)
    expect(cells(1e9)).toBeCloseTo(0.8, 12)
  })
})
