import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { key } from '@maxent/core/keys'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linearLearner } from '../../fixtures/linearLearner.ts'
import { pointEnv } from '../../fixtures/pointEnv.ts'
import { sequenceLearner } from '../../fixtures/sequenceLearner.ts'
import { createAgent } from '../agent.ts'
import { stateHash } from '../stateHash.ts'
import { train } from '../train.ts'
import type { TrainResult } from '../trainOptions.ts'
import { openRunFolder } from './folder.ts'
import { loadState } from './loadState.ts'

const algorithm = linearLearner(pointEnv().spec)
let folder = ''
let result: TrainResult
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maxent-load-'))
  const store = await openRunFolder(folder)
  const config = { steps: 60, warmupSteps: 10, checkpointEvery: 30, finalEpisodes: 1, replayCapacity: 100 }
  result = await train({ env: pointEnv(), evalEnv: pointEnv(), algorithm, config, seed: 2, store })
  await store.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const filesIn = async (): Promise<readonly string[]> => (await readdir(folder, { recursive: true })).sort()

describe('loadState', () => {
  test('gives what was learned, bit for bit, for an agent to act with', async () => {
    const before = await filesIn()
    const { state, step } = await loadState({ folder, algorithm })
    expect(step).toBe(60)
    expect(await stateHash(state)).toBe(result.stateHash)
    const observation = { place: Float32Array.of(0.5, 0.2), target: Float32Array.of(-0.3) }
    const [loaded, trained] = await Promise.all(
      [state, result.state].map((given) => createAgent({ algorithm, key: key(1), state: given })),
    )
    expect(await loaded.actDeterministic(observation)).toEqual(await trained.actDeterministic(observation))
    await loaded.dispose()
    await trained.dispose()
    expect(await filesIn()).toEqual(before)
  })

  test('reads while the run is locked by who writes it', async () => {
    const store = await openRunFolder(folder)
    expect((await loadState({ folder, algorithm })).step).toBe(60)
    await store.close()
  })

  test('refuses another algorithm by the first leaf that does not fit', async () => {
    const other = sequenceLearner(pointEnv().spec)
    await expect(loadState({ folder, algorithm: other })).rejects.toThrow(
      'loadState: checkpoint must hold leaf "gain" as float32 [], got no such leaf',
    )
  })

  test('takes the checkpoint before where the newest is damaged, and says what is wrong where none is left', async () => {
    const checkpoints = (await readdir(join(folder, 'checkpoints')))
      .filter((name) => name.endsWith('.checkpoint'))
      .sort()
    expect(checkpoints).toHaveLength(2)
    const damage = async (name: string): Promise<void> => {
      const path = join(folder, 'checkpoints', name)
      await writeFile(path, (await readFile(path)).subarray(0, -9))
    }
    await damage(checkpoints[1])
    expect((await loadState({ folder, algorithm })).step).toBe(30)
    await damage(checkpoints[0])
    await expect(loadState({ folder, algorithm })).rejects.toThrow(
      /valid checkpoint, got .*step-0+60.*step-0+30/,
    )
    await expect(loadState({ folder: join(folder, 'nothing'), algorithm })).rejects.toThrow(
      'loadState: folder must hold a valid checkpoint, got none in',
    )
  })
})
