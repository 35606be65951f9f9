import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { algorithms } from '../registry/algorithms.ts'
import { makeEnvFor } from './makeEnvFor.ts'
import { runTraining } from './training.ts'

const folder = await mkdtemp(join(tmpdir(), 'maxent-choices-'))
afterAll(() => rm(folder, { recursive: true }))

const request = (env: string, name: string): Parameters<typeof runTraining>[0] => ({
  env,
  algo: 'sac-discrete',
  seed: 1,
  threads: 1,
  settings: ['hidden=16', 'batchSize=16', 'train.warmupSteps=20'],
  train: { steps: 60, finalEpisodes: 1 },
  folder: join(folder, name),
  start: 'new',
  resumeCommand: '',
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onNotice: () => undefined,
})

it('gives moves as choices to algorithms that choose, and a box to the others', async () => {
  const spaces: unknown[] = []
  for (const [algo, id] of [
    ['sac-discrete', 'grid-target-1'],
    ['sac', 'grid-target-1'],
    ['sac-discrete', 'pendulum'],
  ] as const) {
    const env = await makeEnvFor(algorithms[algo], id)
    spaces.push(env.spec.action)
    env.close()
  }
  expect(spaces).toEqual([
    { low: [0], high: [3], choices: 4 },
    { low: [-1, -1], high: [1, 1] },
    { low: [-2], high: [2] },
  ])
})

it('sac-discrete learns on a grid world', async () => {
  const { summary } = await runTraining(request('grid-diagonal', 'diagonal'))
  expect(summary).toMatchObject({ env: 'grid-diagonal', algo: 'sac-discrete', steps: 60, evalEpisodes: 1 })
  expect(summary.evalReturnMean).toBeGreaterThanOrEqual(0)
  expect(summary.evalReturnMean).toBeLessThanOrEqual(100)
})

it('sac-discrete refuses a body with motors', async () => {
  await expect(runTraining(request('pendulum', 'pendulum'))).rejects.toThrow(
    'actions must be choices, got a box of 1 dimensions',
  )
})
