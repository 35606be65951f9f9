import { envConformance } from '@maxent/core/testing'
import { listEnvs, makeEnv } from './index.ts'

for (const { id } of listEnvs()) envConformance({ name: id, make: () => makeEnv(id) })
