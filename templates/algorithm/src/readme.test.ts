import { readFileSync } from 'node:fs'
import { readmeConformance } from '@maxent/core/testing'
import { newAlgorithmDefaults, newAlgorithmSchema } from './config.ts'
import { newAlgorithm } from './newAlgorithm.ts'

const spec = { observation: { proprio: 2 }, action: { low: [-1], high: [1] } }

readmeConformance({
  name: 'README',
  readme: readFileSync(new URL('../README.md', import.meta.url), 'utf8'),
  schema: newAlgorithmSchema,
  defaults: newAlgorithmDefaults,
  make: () => [newAlgorithm(spec, { batchSize: 2, hidden: [4] })],
})
