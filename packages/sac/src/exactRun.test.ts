import { makeEnv } from '@maxent/envs'
import { memoryStore, train, type ProgramMode, type RunStore, type TrainResult } from '@maxent/train'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectExactResume } from '../../train/fixtures/killing.ts'
import { sac } from './sac.ts'

const script = fileURLToPath(new URL('../fixtures/runInFolder.ts', import.meta.url))

/** 40 updates of the default size on HalfCheetah. */
async function run(mode: ProgramMode, store: RunStore = memoryStore()): Promise<TrainResult> {
  const [env, evalEnv] = [await makeEnv('half-cheetah'), await makeEnv('half-cheetah')]
  const config = { steps: 340, warmupSteps: 300, logEvery: 20, evaluateEvery: 0, finalEpisodes: 0 }
  try {
    return await train({ env, evalEnv, algorithm: sac(env.spec), config, seed: 5, mode, store })
  } finally {
    env.close()
    evalEnv.close()
  }
}

async function metricsOf(store: RunStore): Promise<string> {
  const text = new TextDecoder().decode(await store.read('metrics.jsonl'))
  return text.replaceAll(/"wallSeconds":[^}]*/g, '')
}

describe('a run on HalfCheetah', () => {
  it(
    'killed with SIGKILL at 20 random moments, ends with the bits of one that was left alone',
    { timeout: 480_000 },
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'maxent-sac-'))
      try {
        await expectExactResume({ script, root, kills: 20, steps: 1400 })
      } finally {
        await rm(root, { recursive: true, force: true })
      }
    },
  )

  it('gives the same bits twice, and on two threads', { timeout: 120_000 }, async () => {
    const [first, second] = [memoryStore(), memoryStore()]
    const { stateHash } = await run({ kind: 'compiled', threads: 1 }, first)
    expect((await run({ kind: 'compiled', threads: 1 }, second)).stateHash).toBe(stateHash)
    const lines = await metricsOf(first)
    expect(lines.trim().split('\n')).toHaveLength(17)
    expect(await metricsOf(second)).toBe(lines)
    expect((await run({ kind: 'compiled', threads: 2 })).stateHash).toBe(stateHash)
  })
})
