import { expect, it } from 'vitest'
import { expandGrid } from '../../run/grid.ts'
import { differencesFromPaper } from '../../run/summarise.ts'
import { suite as minitaur } from '../sacMinitaur.suite.ts'
import { suite as terrain } from '../sacMinitaurTerrain.suite.ts'
import { profileOf } from '../index.ts'
import type { Suite } from '../suite.ts'

const cellsOf = (suite: Suite, profile: string): ReturnType<typeof expandGrid> =>
  expandGrid(suite, { profile: profileOf(suite, profile), revision: { '@maxent/sac': 1 } })

it('have the networks of either section at the scale of the paper, each in cells of its own', () => {
  const hidden = (suite: Suite): unknown => {
    const learned = cellsOf(suite, 'paper').find(({ arm }) => arm.id === 'learned')
    expect(learned?.suite).toBe(suite.id)
    return learned?.settings.config
  }
  expect(hidden(minitaur)).toMatchObject({ hidden: [512, 512] })
  expect(hidden(terrain)).toMatchObject({ hidden: [256, 256] })
  for (const suite of [minitaur, terrain])
    expect(differencesFromPaper(suite, 'paper')).toEqual(suite.differences)
})

it('says of smaller networks that they are', () => {
  expect(differencesFromPaper(minitaur, 'standard')).toContain(
    'config.hidden: [256,256] here, [512,512] in the paper',
  )
})

it('searches the baseline from the scale of the benchmarks to a hundredfold, but in standard, which leaves it out', () => {
  expect([...new Set(cellsOf(minitaur, 'standard').map(({ arm }) => arm.id))]).toEqual([
    'learned',
    'trot',
    'random',
  ])
  for (const profile of ['smoke', 'quick', 'paper']) {
    const scales = cellsOf(minitaur, profile)
      .filter(({ arm }) => arm.id.startsWith('scale-'))
      .map(({ settings }) => (settings.config as { readonly rewardScale: number }).rewardScale)
    expect(
      [...new Set(scales)].sort((a, b) => a - b),
      profile,
    ).toEqual([5, 50, 500])
  }
})
