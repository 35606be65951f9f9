import { readFileSync } from 'node:fs'
import { readmeConformance } from '@maxent/core/testing'
import { twoGroups } from '../../baselines/fixtures/transitions.ts'
import { sqlDefaults, sqlSchema } from './config.ts'
import { sql } from './sql.ts'

readmeConformance({
  name: 'README',
  readme: readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
  schema: sqlSchema,
  defaults: sqlDefaults,
  make: () => [sql(twoGroups, { batchSize: 4, hidden: [4], diagnosticsEvery: 1 })],
})
