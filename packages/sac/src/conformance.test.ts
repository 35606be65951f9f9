import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import type { SacConfig } from './config.ts'
import { sac } from './sac.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const small = { batchSize: 8, hidden: [16, 16] }
const variants: Record<string, Partial<SacConfig>> = {
  'sac with the defaults': {},
  'sac with a fixed temperature, hard targets and three critics': {
    temperature: { kind: 'fixed', alpha: 0.2 },
    target: { kind: 'hard', interval: 2 },
    critics: 3,
  },
  'sac without entropy and with one critic': { temperature: { kind: 'fixed', alpha: 0 }, critics: 1 },
}

for (const [name, config] of Object.entries(variants)) {
  algorithmConformance({ name, make: () => sac(spec, { ...small, ...config }), compile: createProgram })
}
