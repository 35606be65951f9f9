import { expect, it } from 'vitest'
import { expandGrid } from './grid.ts'
import type { Arm, Profile } from '../suites/suite.ts'
import { madeUpSuite } from './suite.testData.ts'

const learner: Arm = {
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
