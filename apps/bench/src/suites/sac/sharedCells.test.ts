import { expect, it } from 'vitest'
import { expandGrid, type Cell } from '../../run/grid.ts'
import { loadSuites } from '../index.ts'
import type { Profile, Suite } from '../suite.ts'

const suites = await loadSuites()

const cellsOf = (suite: Suite, profile: Profile): readonly Cell[] =>
  expandGrid(suite, {
    profile,
    revision: Object.fromEntries(suite.packages.map((name) => [name, 1])),
  })

const nameOf = ({ suite, name }: Cell): string => `${suite}/${name}`

const sharing = Object.values(suites).flatMap((suite) =>
  Object.entries(suite.profiles).flatMap(([name, profile]) =>
    profile.cellsOf === undefined ? [] : [{ suite, name, profile, keeper: suites[profile.cellsOf] }],
  ),
)

it('is declared by the suites that look at what others learn', () => {
  expect(sharing.map(({ suite, name, keeper }) => `${suite.id} ${name}: ${keeper.id}`)).toEqual(
    expect.arrayContaining([
      'sac-minitaur-terrain standard: sac-minitaur',
      'sac-sensitivity quick: sac-robustness',
      'sac-sensitivity standard: sac-robustness',
      'sac-stochastic paper: sac-variants',
    ]),
  )
})

it.each(sharing.map(({ suite, name, ...rest }) => [suite.id, name, { suite, ...rest }] as const))(
  '%s has in %s cells that another suite keeps, and no others in its place',
  (_, name, { suite, profile, keeper }) => {
    const kept = keeper.profiles[name as keyof Suite['profiles']]
    if (kept === undefined) throw new Error(`${keeper.id} must have the profile ${name}`)
    const there = cellsOf(keeper, kept).map(nameOf)
    const shared = cellsOf(suite, profile).filter((cell) => cell.suite === keeper.id)
    expect(shared.some(({ arm }) => arm.kind === 'train')).toBe(true)
    expect(there).toEqual(expect.arrayContaining(shared.map(nameOf)))
  },
)
