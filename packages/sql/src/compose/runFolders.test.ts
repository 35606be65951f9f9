import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { key } from '@maxent/core'
import type { Env } from '@maxent/core'
import { banditEnv, banditOptimum } from '@maxent/core/testing'
import { createAgent, train, trainOffline } from '@maxent/train'
import { loadReplay, loadState, openRunFolder } from '@maxent/train/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SqlConfig } from '../config.ts'
import { sql } from '../sql.ts'
import { composeSql } from './composeSql.ts'

const alpha = 0.1
const peaks = [-0.3, 0.7]
const config: Partial<SqlConfig> = {
  batchSize: 32,
  hidden: [32, 32],
  criticLearningRate: 2e-3,
  policyLearningRate: 2e-3,
  temperature: { kind: 'fixed', alpha },
  value: { kind: 'uniform', samples: 8, shared: true },
  particles: { kind: 'disjoint', fixed: 12, updated: 12 },
  diagnosticsEvery: 0,
}

let root = ''
/** Steps taken in all environments together. */
let steps = 0

/** One action, paid by how near it is to a peak; its steps are counted. */
function counted(peak: number): Env {
  const env = banditEnv({ peak, curvature: 4 })
  return { ...env, step: (action) => (steps++, env.step(action)) }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maxent-compose-'))
  for (const peak of peaks) {
    const store = await openRunFolder(join(root, `${peak}`))
    const env = counted(peak)
    const loop = { steps: 1_500, warmupSteps: 300, evaluateEvery: 0, finalEpisodes: 0 }
    await train({
      env,
      evalEnv: counted(peak),
      algorithm: sql(env.spec, config),
      config: loop,
      seed: 1,
      store,
    })
    await store.close()
  }
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('is extracted from run folders, without another step in an environment, near the optimum of the mean reward', async () => {
  const { spec } = counted(0)
  const algorithm = sql(spec, config)
  const folders = peaks.map((peak) => join(root, `${peak}`))
  const before = steps
  expect(before).toBe(2 * 1_500)
  const parts = await Promise.all(
    folders.map(async (folder) => ({ spec, config, state: (await loadState({ folder, algorithm })).state })),
  )
  const replays = await Promise.all(folders.map((folder) => loadReplay({ folder, algorithm })))
  const composed = composeSql(parts)
  const { state, updates } = await trainOffline({ algorithm: composed, replays, updates: 1_000, seed: 1 })
  expect(steps).toBe(before)
  expect(updates).toBe(1_000)

  // The mean of two parabolas of one curvature is one of the same curvature between them.
  const optimum = banditOptimum({ peak: 0.2, curvature: 4, alpha })
  const agent = await createAgent({ algorithm: composed, key: key(2), state })
  const actions: number[] = []
  for (let i = 0; i < 2_000; i++) actions.push((await agent.act({ state: Float32Array.of(1) }, i))[0])
  await agent.dispose()
  const mean = actions.reduce((sum, x) => sum + x, 0) / actions.length
  const std = Math.sqrt(actions.reduce((sum, x) => sum + (x - mean) ** 2, 0) / actions.length)
  expect(Math.abs(mean - optimum.mean)).toBeLessThan(0.06)
  expect(Math.abs(std - optimum.std)).toBeLessThan(0.04)
})
