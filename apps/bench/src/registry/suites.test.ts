import { expect, it } from 'vitest'
import { suites } from './suites.ts'

it('lists the tour first and every experiment of the papers once', () => {
  const ids = suites.map(({ id }) => id)
  expect(ids[0]).toBe('tour')
  expect(ids).toHaveLength(40)
  expect(new Set(ids).size).toBe(ids.length)
})

it('states paper, figure, claim and packages of each', () => {
  for (const { id, paper, figure, claim, packages } of suites) {
    expect(
      [id, paper, figure, claim].every((text) => text.length > 0),
      id,
    ).toBe(true)
    expect(packages.length, id).toBeGreaterThan(0)
  }
})
