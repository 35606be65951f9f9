import { describe, expect, it } from 'vitest'
import { summarySchema } from '../report/summary.ts'
import type { CellResult } from './cellResult.ts'
import { cellResult } from './cellResult.testData.ts'
import { suite as sacEntropy } from '../suites/sacEntropy.suite.ts'
import { profileOf } from '../suites/index.ts'
import type { Arm, Suite } from '../suites/suite.ts'
import { expandGrid } from './grid.ts'
import { madeUpSuite } from './suite.testData.ts'
import { differencesFromPaper, summarise } from './summarise.ts'

const suite = madeUpSuite()
const revision = { '@maxent/sac': 1 }
const quick = profileOf(suite, 'quick')

/** Scores by seed of an arm. */
const cells = (arm: string, scores: readonly number[]): CellResult[] =>
  scores.map((score, i) => cellResult({ arm, seed: i + 1, scalars: { score } }))

const sum = (current: readonly CellResult[], given = suite): ReturnType<typeof summarise> =>
  summarise(given, { profile: 'quick', revision, found: { current, stale: [], missing: [], damaged: [] } })

const low = cells('b', [0, 0, 0, 0, 0])
const high = cells('a', [2, 2, 2, 2, 2])

describe('a verdict', () => {
  it('holds where the rule holds for the claim and fails for the control', () => {
    expect(sum([...high, ...low])).toMatchObject({
      verdict: 'holds',
      control: 'fails',
      reason: 'mean score 2',
      metrics: { score: { value: 2 }, 'control.score': { value: 0 } },
      seeds: 5,
      cells: { current: 10, stale: 0, missing: 0 },
    })
  })

  it('fails where the rule fails', () => {
    expect(sum([...cells('a', [2, 0, 0, 0, 0]), ...low])).toMatchObject({
      verdict: 'fails',
      reason: 'mean score 0.4',
    })
  })

  it('is inconclusive where the rule holds for the control too, or nothing is known of it', () => {
    const both = sum([...high, ...cells('b', [2, 2, 2, 2, 2])])
    expect(both).toMatchObject({ verdict: 'inconclusive', control: 'holds' })
    expect(both.reason).toContain('the rule must fail for the negative control, and it says holds')
    expect(sum(high)).toMatchObject({ verdict: 'inconclusive', control: 'inconclusive' })
  })

  it('is inconclusive below the least number of seeds, and says so', () => {
    const few = sum([...high.slice(0, 4), ...low])
    expect(few).toMatchObject({ verdict: 'inconclusive', seeds: 4 })
    expect(few.reason).toBe('4 of the 5 seeds that the rule needs; mean score 2')
    expect(sum([])).toMatchObject({ verdict: 'inconclusive', seeds: 0, startedAt: null, metrics: {} })
  })

  it('judges only seeds that every arm of the rule has', () => {
    const grid = ['a', 'b', 'c'].map((id) => ({ ...suite.grid[0], id }))
    const paired = madeUpSuite({ grid, verdict: { ...suite.verdict, roles: { good: ['a'], other: ['c'] } } })
    const all = sum([...high, ...cells('c', [1, 1, 1]), ...low], paired)
    expect(all.seeds).toBe(3)
    expect(all.verdict).toBe('inconclusive')
  })

  it('judges every arm by all of its seeds where the rule says so', () => {
    const given: string[] = []
    const unpaired = madeUpSuite({
      verdict: {
        ...suite.verdict,
        unpaired: true,
        roles: { good: ['a'], other: ['b'] },
        judge: ({ good, other }) => {
          given.push(`${good.map(({ seed }) => seed).join()} ${other.map(({ seed }) => seed).join()}`)
          return { verdict: 'holds', reason: '', metrics: {} }
        },
      },
      control: { ...suite.control, roles: { good: ['b'], other: ['b'] } },
    })
    const more = cells('b', [0, 0, 0, 0, 0, 0, 0])
    expect(sum([...high, ...more], unpaired).seeds).toBe(5)
    expect(given[0]).toBe('1,2,3,4,5 1,2,3,4,5,6,7')
    expect(sum([...high.slice(0, 4), ...more], unpaired)).toMatchObject({ verdict: 'inconclusive', seeds: 4 })
    expect(sum(more, unpaired)).toMatchObject({ verdict: 'inconclusive', seeds: 0 })
  })

  it('gives a summary that its schema reads back', () => {
    const entries = [sum([...high, ...low]), sum([])]
    expect(summarySchema.parse(JSON.parse(JSON.stringify(entries)))).toEqual(entries)
  })
})

describe('a suite that lacks cells', () => {
  const [a, b] = expandGrid(suite, { profile: quick, revision })

  it('names those that are missing and those that are stale, and is inconclusive', () => {
    const found = {
      current: [...high.slice(1), ...low.slice(1)],
      stale: [{ ...low[0], revision: { '@maxent/sac': 0 } }],
      missing: [a, b],
      damaged: [],
    }
    const { verdict, reason } = summarise(suite, { profile: 'quick', revision, found })
    expect(verdict).toBe('inconclusive')
    expect(reason).toBe(
      '4 of the 5 seeds that the rule needs; mean score 2; a lacks seed 1, b is stale in seed 1',
    )
  })

  it('names them, and is inconclusive, where as many as the rule needs are there too', () => {
    const found = { current: [...high, ...low], stale: [], missing: [{ ...a, seed: 6 }], damaged: [] }
    const { verdict, reason } = summarise(suite, { profile: 'quick', revision, found })
    expect({ verdict, reason }).toEqual({ verdict: 'inconclusive', reason: 'mean score 2; a lacks seed 6' })
  })

  it('judges roles of the arms that its profile has, and of no others', () => {
    const wide = madeUpSuite({
      grid: [...suite.grid, { ...suite.grid[0], id: 'c' }],
      profiles: { quick: { ...quick, change: (arm) => (arm.id === 'c' ? undefined : arm) } },
      verdict: { ...suite.verdict, roles: { good: ['a'], other: ['c'] } },
      control: { ...suite.control, roles: { good: ['b'], other: ['c'] } },
    })
    expect(sum([...high, ...low], wide)).toMatchObject({ verdict: 'holds', control: 'fails', seeds: 5 })
  })
})

describe('differences from the paper', () => {
  it('are those of the table that a profile has otherwise, once each, and the declared ones', () => {
    const lines = differencesFromPaper(sacEntropy, 'quick')
    expect(lines).toContain('config.hidden: [256,256] here, [512,512] in the paper')
    expect(lines).toContain('seeds: 5 here, 10 in the paper')
    expect(lines).toContain('HalfCheetah-v5 stands for HalfCheetah-v1')
    expect(new Set(lines).size).toBe(lines.length)
  })

  it('leave only the declared ones at the scale of the paper', () => {
    expect(differencesFromPaper(sacEntropy, 'paper')).toEqual(sacEntropy.differences)
  })

  it('are those of single arms where the table has rows for them, and name what is left out', () => {
    const table = madeUpSuite({
      paperTable: { settings: { level: 1 }, seeds: 5 },
      paperRows: { b: { settings: { level: 2 } } },
      paperArms: ['a', 'b'],
    })
    expect(differencesFromPaper(table, 'quick')).toEqual(['b, settings.level: 1 here, 2 in the paper'])
    const change = (arm: Arm): Arm | undefined => (arm.id === 'b' ? undefined : arm)
    expect(differencesFromPaper({ ...table, profiles: { quick: { ...quick, change } } }, 'quick')).toEqual([
      'left out: b',
    ])
  })

  it('name by task and arm what single arms of several tasks have, and by task alone what all of them have', () => {
    const arm = (task: string, kind: string): Arm => ({
      ...suite.grid[0],
      id: `${task}-${kind}`,
      label: `${task}, ${kind}`,
    })
    const grid = ['Hopper', 'Ant'].flatMap((task) => [arm(task, 'soft'), arm(task, 'hard')])
    const rowsOf = (levelOf: (id: string) => number): NonNullable<Suite['paperRows']> =>
      Object.fromEntries(grid.map(({ id }) => [id, { settings: { level: levelOf(id) } }]))
    const lines = (levelOf: (id: string) => number): readonly string[] =>
      differencesFromPaper(
        madeUpSuite({ grid, paperRows: rowsOf(levelOf), paperArms: grid.map(({ id }) => id) }),
        'quick',
      )
    expect(lines((id) => (id.endsWith('hard') ? 3 : 1))).toEqual([
      'Hopper and Ant (hard), settings.level: 1 here, 3 in the paper',
    ])
    expect(lines(() => 2)).toEqual(['Hopper and Ant, settings.level: 1 here, 2 in the paper'])
  })

  it('make a verdict begin with its scale, and a profile claim less where it says so', () => {
    const table = { ...suite, paperTable: { seeds: 50 }, paperArms: ['a'] }
    const small = sum([...high, ...low], table)
    expect(small.reason).toBe('at reduced scale: mean score 2')
    expect(small.differences).toEqual(['seeds: 5 here, 50 in the paper'])
    expect(small.claim).toBe('a scores above 1')
    const less = { ...table, profiles: { quick: { ...quick, claim: 'a scores' } } }
    expect(sum([...high, ...low], less).claim).toBe('a scores')
  })
})
