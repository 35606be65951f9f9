import { expect, it } from 'vitest'
import { differencesPage } from './differences.ts'

it('collects the sections of all algorithms, and nothing of the sections after them', () => {
  const page = differencesPage()
  expect(page).toMatch(/^## @maxent\/sac$/m)
  expect(page).toMatch(/^## PPO$/m)
  expect(page).toContain('Log α takes the place of the factor α in 5.8')
  expect(page).not.toMatch(/^## Config/m)
  expect(page).not.toContain('| `gamma`')
})
