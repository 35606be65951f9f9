import { readFileSync } from 'node:fs'
import type { AnyAlgorithm } from '@maxent/core'
import { readmeConformance } from '@maxent/core/testing'
import type { z } from 'zod'
import * as baselines from './index.ts'

interface Page {
  readonly folder: string
  readonly schema: z.ZodObject<z.ZodRawShape>
  readonly defaults: object
  readonly make: () => AnyAlgorithm
}

const spec = { observation: { proprio: 2 }, action: { low: [-1], high: [1] } }
const small = { batchSize: 2, hidden: [4] }
const pages: readonly Page[] = [
  {
    folder: 'td3',
    schema: baselines.td3Schema,
    defaults: baselines.td3Defaults,
    make: () => baselines.td3(spec, small),
  },
  {
    folder: 'ddpg',
    schema: baselines.ddpgSchema,
    defaults: baselines.ddpgDefaults,
    make: () => baselines.ddpg(spec, small),
  },
  {
    folder: 'naf',
    schema: baselines.nafSchema,
    defaults: baselines.nafDefaults,
    make: () => baselines.naf(spec, small),
  },
  {
    folder: 'ppo',
    schema: baselines.ppoSchema,
    defaults: baselines.ppoDefaults,
    make: () => baselines.ppo(spec, small),
  },
  {
    folder: 'trust-pcl',
    schema: baselines.trustPclSchema,
    defaults: baselines.trustPclDefaults,
    make: () => baselines.trustPcl(spec, { ...small, length: 2 }),
  },
]

for (const { folder, schema, defaults, make } of pages) {
  readmeConformance({
    name: `README of ${folder}`,
    readme: readFileSync(new URL(`${folder}/README.md`, import.meta.url), 'utf8'),
    schema,
    defaults,
    make: () => [make()],
  })
}
