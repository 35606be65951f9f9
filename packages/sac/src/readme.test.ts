import { existsSync, readFileSync } from 'node:fs'
import { readmeConformance } from '@maxent/core/testing'
import { expect, it } from 'vitest'
import { sacDefaults, sacSchema } from './config.ts'
import { sacPresets } from './presets.ts'
import { sac } from './sac.ts'

const spec = { observation: { proprio: 2 }, action: { low: [-1], high: [1] } }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('names every preset in the README, and none that does not exist', () => {
  const [, table = ''] = /<!-- presets -->([^]*)<!-- \/presets -->/.exec(readme) ?? []
  const named = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
  expect(named.toSorted()).toEqual(Object.keys(sacPresets).toSorted())
})

it('points at files that exist', () => {
  const paths = [...readme.matchAll(/\]\(((?:src|examples|fixtures|results)\/[^)#]*)\)/g)].map(
    ([, path]) => path,
  )
  expect(paths.length).toBeGreaterThan(20)
  for (const path of paths) expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true)
})

readmeConformance({
  name: 'README',
  readme,
  schema: sacSchema,
  defaults: sacDefaults,
  make: () =>
    (['critics', 'valueNetwork'] as const).map((bootstrap) =>
      sac(spec, { batchSize: 2, hidden: [4], bootstrap }),
    ),
})
