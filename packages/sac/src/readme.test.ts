import { readFileSync } from 'node:fs'
import { readmeConformance } from '@maxent/core/testing'
import { sacDefaults, sacSchema } from './config.ts'
import { sac } from './sac.ts'

const spec = { observation: { proprio: 2 }, action: { low: [-1], high: [1] } }

readmeConformance({
  name: 'README',
  readme: readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
  schema: sacSchema,
  defaults: sacDefaults,
  make: () =>
    (['critics', 'valueNetwork'] as const).map((bootstrap) =>
      sac(spec, { batchSize: 2, hidden: [4], bootstrap }),
    ),
})
