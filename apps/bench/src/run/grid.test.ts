import { describe, expect, it } from 'vitest'
import { expandGrid } from './grid.ts'
import type { Arm, Profile, TrainArm } from '../suites/suite.ts'
import { cellResult } from './cellResult.testData.ts'
import { madeUpSuite } from './suite.testData.ts'

const learner: TrainArm = {
  kind: 'train',
  id: 'learner',
  label: 'learner',
  algorithm: 'sac',
  env: 'pendulum',
  config: { gamma: 0.9 },
  train: { steps: 500 },
}
const random: Arm = { kind: 'uniform', id: 'random', label: 'random', env: 'pendulum', episodes: 3 }
const suite = madeUpSuite({ grid: [learner, random] })
const profile: Profile = { minutes: 1, seeds: 2, scale: 'small' }
const revision = { '@maxent/sac': 3 }

it('makes a cell of every arm and seed, the first seeds of all arms first', () => {
  const cells = expandGrid(suite, { profile, revision })
  expect(cells.map(({ arm, seed, steps }) => [arm.id, seed, steps])).toEqual([
    ['learner', 1, 500],
    ['random', 1, 1],
    ['learner', 2, 500],
    ['random', 2, 1],
  ])
  expect(new Set(cells.map(({ identity }) => identity)).size).toBe(4)
  expect(expandGrid(suite, { profile, revision, seeds: 1 })).toHaveLength(2)
})

it('leaves out the arms that the profile leaves out', () => {
  const change = (arm: Arm): Arm | undefined => (arm.kind === 'uniform' ? undefined : arm)
  const cells = expandGrid(suite, { profile: { ...profile, change }, revision })
  expect(cells.map(({ arm, seed }) => [arm.id, seed])).toEqual([
    ['learner', 1],
    ['learner', 2],
  ])
})

it('has the cells of another suite where the profile says so', () => {
  const other = madeUpSuite({ id: 'other', grid: [learner, random] })
  const shared = expandGrid(suite, { profile: { ...profile, cellsOf: 'other' }, revision })
  expect(shared).toEqual(expandGrid(other, { profile, revision }))
  expect(shared[0].suite).toBe('other')
})

it('has some arms alone of another suite where the profile names them', () => {
  const cells = expandGrid(suite, {
    profile: { ...profile, cellsOf: 'other', sharedArms: /^random$/ },
    revision,
  })
  expect(cells.map(({ suite: keeper, arm }) => `${keeper} ${arm.id}`)).toEqual([
    'made-up learner',
    'other random',
    'made-up learner',
    'other random',
  ])
})

it('takes fewer seeds of an arm that says so, and no more than are asked for', () => {
  const few = madeUpSuite({ grid: [{ ...learner, mostSeeds: 1 }, random] })
  const armsAndSeeds = (seeds?: number): unknown[] =>
    expandGrid(few, { profile, revision, ...(seeds !== undefined && { seeds }) }).map(({ arm, seed }) => [
      arm.id,
      seed,
    ])
  expect(armsAndSeeds()).toEqual([
    ['learner', 1],
    ['random', 1],
    ['random', 2],
  ])
  expect(armsAndSeeds(4)).toHaveLength(5)
  const usual = expandGrid(suite, { profile, revision }).map(({ identity }) => identity)
  expect(usual).toEqual(
    expect.arrayContaining(expandGrid(few, { profile, revision }).map(({ identity }) => identity)),
  )
})

describe('an arm that a search decides', () => {
  const tried = [0.8, 0.9].map((gamma, i): TrainArm => ({
    ...learner,
    id: `tried-${i}`,
    config: { gamma },
    seeds: [101, 102],
  }))
  const best: TrainArm = {
    ...learner,
    id: 'best',
    config: { gamma: 0.5, batchSize: 8 },
    choice: {
      among: tried.map(({ id }) => id),
      config: (cells) => ({ gamma: Math.max(...cells.map(({ scalars }) => scalars.return)) / 10 }),
    },
  }
  const search = madeUpSuite({ grid: [...tried, best] })
  const finished = tried.flatMap(({ id }, i) =>
    [101, 102].map((seed) => cellResult({ arm: id, seed, scalars: { return: 5 + i } })),
  )
  const ids = (cells: ReturnType<typeof expandGrid>): string[] =>
    cells.map(({ arm, seed }) => `${arm.id} ${seed}`)

  it('has no cells until all cells of the search are finished, those with their own seeds', () => {
    const open = ['tried-0 101', 'tried-1 101', 'tried-0 102', 'tried-1 102']
    expect(ids(expandGrid(search, { profile, revision }))).toEqual(open)
    expect(ids(expandGrid(search, { profile, revision, finished: finished.slice(1) }))).toEqual(open)
  })

  it('has the settings that the search found over its own, and the usual seeds', () => {
    const cells = expandGrid(search, { profile, revision, finished })
    expect(ids(cells).filter((id) => id.startsWith('best'))).toEqual(['best 1', 'best 2'])
    const { settings } = cells.find(({ arm }) => arm.id === 'best') ?? {}
    expect(settings?.config).toMatchObject({ gamma: 0.6, batchSize: 8 })
  })
})

it('fills in every default', () => {
  const [{ settings, defaults }] = expandGrid(suite, { profile, revision })
  expect(settings).toMatchObject({
    kind: 'train',
    config: { gamma: 0.9, batchSize: 256, hidden: [256, 256] },
    train: { steps: 500, warmupSteps: 1000 },
    threads: 1,
  })
  expect(defaults).toMatchObject({ config: { gamma: 0.99 }, train: { steps: 100_000 } })
})

it('tells cells apart by setting, threads and revision, and not by the profile that asks for them', () => {
  const name = (request: Partial<Parameters<typeof expandGrid>[1]>, given = suite): string =>
    expandGrid(given, { profile, revision, ...request })[0].name
  expect(name({})).toMatch(/^learner-seed1-[0-9a-f]{16}-sac3$/)
  expect(name({ profile: { minutes: 9, seeds: 5, scale: 'other' } })).toBe(name({}))
  expect(name({ threads: 2 })).not.toBe(name({}))
  expect(name({ revision: { '@maxent/sac': 4 } })).toBe(name({}).replace('sac3', 'sac4'))
  expect(name({}, { ...suite, grid: [{ ...learner, config: { gamma: 0.8 } }] })).not.toBe(name({}))
  const probe = (count: number): string =>
    name(
      {},
      { ...suite, grid: [{ ...learner, probe: { settings: { count }, run: () => Promise.resolve({}) } }] },
    )
  expect(new Set([name({}), probe(1), probe(2)]).size).toBe(3)
  const change = (arm: Arm): Arm => (arm.kind === 'train' ? { ...arm, train: { steps: 600 } } : arm)
  expect(name({ profile: { ...profile, change } })).not.toBe(name({}))
})

it('gives no revision to what does not learn with a package of this project', () => {
  const [, { revision: own, name }] = expandGrid(suite, { profile, revision })
  expect(own).toEqual({})
  expect(name).toMatch(/^random-seed1-[0-9a-f]{16}$/)
})

it('names the field that breaks its rule', () => {
  const broken = { ...suite, grid: [{ ...learner, config: { gamma: 2 } }] }
  expect(() => expandGrid(broken, { profile, revision })).toThrow('sac: gamma must be in [0, 1], got 2')
})
