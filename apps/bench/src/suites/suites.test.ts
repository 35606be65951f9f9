import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { algorithms } from '../registry/algorithms.ts'
import { armsOf, expandGrid } from '../run/grid.ts'
import { differencesFromPaper } from '../run/summarise.ts'
import { experiments } from './experiments.ts'
import { listSuites, loadSuites, profileOf } from './index.ts'
import { profileNames, type Suite } from './suite.ts'

let suites: readonly Suite[] = []
beforeAll(async () => {
  suites = Object.values(await loadSuites())
})

describe('every suite', () => {
  it('is a file of its own, named after its id', () => {
    const names = suites.map(({ id }) => id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()))
    const files = readdirSync(new URL('./', import.meta.url)).filter((name) => name.endsWith('.suite.ts'))
    expect(files.sort()).toEqual(names.map((name) => `${name}.suite.ts`).sort())
  })

  it('has arms with unique ids, and roles and plots that name them', () => {
    for (const { id, grid, verdict, control, plots, paperArms } of suites) {
      const arms = grid.map((arm) => arm.id)
      expect(new Set(arms).size, id).toBe(arms.length)
      for (const arm of arms) expect(arm).toMatch(/^[\w-]+$/)
      const named = [verdict.roles, control.roles].flatMap((roles) => Object.values(roles).flat())
      expect(arms, id).toEqual(
        expect.arrayContaining([...named, ...paperArms, ...plots.flatMap((plot) => plot.arms)]),
      )
    }
  })

  it('judges its negative control in the same roles, with another arm in at least one of them', () => {
    for (const { id, verdict, control } of suites) {
      expect(Object.keys(control.roles).sort(), id).toEqual(Object.keys(verdict.roles).sort())
      expect(control.roles, id).not.toEqual(verdict.roles)
    }
  })

  it('states its rule, and needs at least five seeds', () => {
    for (const { id, claim, verdict, control } of suites) {
      const texts = [claim, verdict.statistic, verdict.threshold, verdict.fails, control.meaning]
      expect(
        texts.every((text) => text.length > 5),
        id,
      ).toBe(true)
      expect(verdict.leastSeeds, id).toBeGreaterThanOrEqual(5)
    }
  })

  it('has profiles within their bounds, with enough seeds for a verdict above smoke', () => {
    for (const { id, profiles, verdict } of suites) {
      expect(profiles.smoke?.minutes ?? Infinity, id).toBeLessThanOrEqual(2)
      expect(profiles.quick?.minutes ?? Infinity, id).toBeLessThanOrEqual(54)
      expect(profiles.standard?.minutes ?? 0, id).toBeLessThanOrEqual(600)
      for (const name of profileNames) {
        if (name !== 'smoke')
          expect(profiles[name]?.seeds ?? 5, id).toBeGreaterThanOrEqual(verdict.leastSeeds)
      }
    }
  })

  it('resolves in every profile, and logs at most 1,000 times', () => {
    for (const suite of suites) {
      for (const name of Object.keys(suite.profiles)) {
        const profile = profileOf(suite, name)
        const cells = expandGrid(suite, { profile, revision: {}, seeds: 1 })
        const decided = armsOf(suite, profile).filter(
          (arm) => arm.kind !== 'train' || arm.choice === undefined,
        )
        expect(new Set(cells.map(({ arm }) => arm.id)), `${suite.id} ${name}`).toEqual(
          new Set(decided.map(({ id }) => id)),
        )
        for (const { settings } of cells) {
          const { train } = settings as { train?: { steps: number; logEvery: number } }
          if (train === undefined) continue
          expect(train.steps / train.logEvery, suite.id).toBeLessThanOrEqual(1000)
        }
      }
    }
  })

  it("has the paper's own settings in the profile named so, field by field", () => {
    for (const suite of suites) {
      if (suite.profiles.paper === undefined) continue
      expect(differencesFromPaper(suite, 'paper'), suite.id).toEqual([...(suite.differences ?? [])])
      if (Object.keys(suite.paperTable).length > 0) expect(suite.paperArms, suite.id).not.toEqual([])
    }
  })

  it('searches with seeds of its own, which nothing is judged by', () => {
    for (const { id, grid, verdict, control, profiles } of suites) {
      const judged = new Set([verdict, control].flatMap(({ roles }) => Object.values(roles).flat()))
      const most = Math.max(...Object.values(profiles).map(({ seeds }) => seeds))
      for (const arm of grid) {
        if (arm.seeds === undefined) continue
        expect(judged.has(arm.id), `${id} ${arm.id}`).toBe(false)
        expect(Math.min(...arm.seeds), `${id} ${arm.id}`).toBeGreaterThan(most)
      }
      for (const arm of grid) {
        if (arm.kind !== 'train' || arm.choice === undefined) continue
        const { among } = arm.choice
        const search = grid.filter((one) => among.includes(one.id))
        expect(search.length, `${id} ${arm.id}`).toBe(among.length)
        expect(search.every((one) => one.seeds !== undefined)).toBe(true)
      }
    }
  })

  it('declares the package of every algorithm that it trains', () => {
    for (const { id, grid, packages } of suites) {
      const trained = grid.flatMap((arm) => (arm.kind === 'train' ? [algorithms[arm.algorithm].package] : []))
      expect(packages, id).toEqual(expect.arrayContaining(trained))
    }
  })

  it('is of the same paper and figure as the experiment that it reproduces', () => {
    for (const { id, paper, figure } of suites) {
      const experiment = experiments.find((one) => one.id === id)
      if (experiment !== undefined)
        expect({ id, paper, figure }).toEqual({ id, paper: experiment.paper, figure: experiment.figure })
    }
  })
})

describe('the list', () => {
  it('has the tour first, and every experiment of the papers once', async () => {
    const ids = (await listSuites()).map(({ id }) => id)
    expect(ids[0]).toBe('tour')
    expect(new Set(ids).size).toBe(ids.length)
    expect(experiments).toHaveLength(39)
    expect(ids).toEqual(expect.arrayContaining(experiments.map(({ id }) => id)))
  })

  it('says what is planned, and how long what is ready takes', async () => {
    const listed = await listSuites()
    for (const { id, paper, figure, claim, status, profiles } of listed) {
      expect(
        [paper, figure, claim].every((text) => text.length > 0),
        id,
      ).toBe(true)
      expect(Object.keys(profiles).length > 0, id).toBe(status === 'ready')
    }
    const ready = listed.filter(({ status }) => status === 'ready').map(({ id }) => id)
    expect(ready).toEqual(expect.arrayContaining(['tour', 'sac-entropy', 'sac-peers']))
  })
})

it('names the profiles there are', () => {
  const [suite] = suites
  expect(() => profileOf(suite, 'quikc')).toThrow('did you mean "quick"?')
})
