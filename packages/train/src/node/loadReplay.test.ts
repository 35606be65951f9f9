import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { key } from '@maxent/core/keys'
import { vectorEnv } from '@maxent/envs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linearLearner } from '../../fixtures/linearLearner.ts'
import { pointEnv } from '../../fixtures/pointEnv.ts'
import { rolloutLearner } from '../../fixtures/rolloutLearner.ts'
import { createBatch } from '../replay.ts'
import { train } from '../train.ts'
import { trainOffline } from '../trainOffline.ts'
import { openRunFolder } from './folder.ts'
import { loadReplay } from './loadReplay.ts'

const { spec } = pointEnv()
const algorithm = linearLearner(spec)
let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maxent-replay-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function runIn(
  name: string,
  config: Parameters<typeof train>[0]['config'] = {},
  env: Parameters<typeof train>[0]['env'] = pointEnv(),
): Promise<string> {
  const folder = join(root, name)
  const store = await openRunFolder(folder)
  await train({
    env,
    evalEnv: pointEnv(),
    algorithm,
    config: {
      steps: 60,
      warmupSteps: 10,
      checkpointEvery: 25,
      finalEpisodes: 0,
      evaluateEvery: 0,
      ...config,
    },
    seed: 2,
    store,
  })
  await store.close()
  return folder
}

const contents = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await readFile(path)).toString('base64')] as const)),
  )
}

describe('loadReplay', () => {
  it('gives all transitions of a run, to learn from offline, and changes nothing', async () => {
    const folder = await runIn('whole')
    const before = await contents(folder)
    const store = await openRunFolder(folder)
    const replay = await loadReplay({ folder, algorithm })
    await store.close()
    expect(replay.size).toBe(60)
    const batch = createBatch(spec, 200)
    replay.sample(key(1), batch)
    // What the environment does: 0.2 of the action, and noise.
    for (let b = 0; b < 200; b++) {
      const moved = batch.nextObservation.place[2 * b] - batch.observation.place[2 * b]
      expect(Math.abs(moved - 0.2 * batch.action[b])).toBeLessThanOrEqual(0.0201)
      const [place, target] = [batch.nextObservation.place[2 * b], batch.nextObservation.target[b]]
      expect(batch.reward[b]).toBeCloseTo(-Math.abs(place - target), 5)
    }
    const { updates } = await trainOffline({ algorithm, replays: [replay], updates: 3, seed: 1 })
    expect(updates).toBe(3)
    expect(await contents(folder)).toEqual(before)
  })

  it('takes the same action box in another order of its bounds', async () => {
    const { low, high } = spec.action
    const turned = linearLearner({ ...spec, action: { high, low } })
    expect((await loadReplay({ folder: await runIn('turned'), algorithm: turned })).size).toBe(60)
  })

  it('gives what a ring still holds', async () => {
    const replay = await loadReplay({ folder: await runIn('ring', { replayCapacity: 20 }), algorithm })
    expect(replay.capacity).toBe(20)
    expect(replay.size).toBeGreaterThan(10)
    expect(replay.size).toBeLessThan(20)
  })

  it('gives the transitions of several environments', async () => {
    const env = vectorEnv([pointEnv(), pointEnv()])
    const replay = await loadReplay({ folder: await runIn('several', {}, env), algorithm })
    expect(replay.lanes.map(({ capacity }) => capacity)).toEqual([500_000, 500_000])
    expect(replay.size).toBe(60)
  })

  it('takes the checkpoint before where the newest is damaged, and still changes nothing', async () => {
    const folder = await runIn('damaged')
    const names = (await readdir(join(folder, 'checkpoints'))).filter((name) => name.endsWith('.checkpoint'))
    const newest = join(folder, 'checkpoints', names.sort().at(-1) ?? '')
    await writeFile(newest, (await readFile(newest)).subarray(0, -9))
    const before = await contents(folder)
    expect((await loadReplay({ folder, algorithm })).size).toBe(50)
    expect(await contents(folder)).toEqual(before)
  })

  it('says what is missing', async () => {
    await expect(loadReplay({ folder: join(root, 'nothing'), algorithm })).rejects.toThrow(
      'loadReplay: folder must hold the record of a run, got no config.json in',
    )
    const folder = await runIn('bare')
    const checkpoints = join(folder, 'checkpoints')
    for (const name of await readdir(checkpoints))
      if (name.endsWith('.segment')) await rm(join(checkpoints, name))
    await expect(loadReplay({ folder, algorithm })).rejects.toThrow(/segment .* is missing/)
    await rm(checkpoints, { recursive: true })
    await expect(loadReplay({ folder, algorithm })).rejects.toThrow(
      'loadReplay: folder must hold a checkpoint with a replay, got no checkpoint in',
    )
  })

  it('refuses a config.json that is none, and an algorithm that keeps something else per step', async () => {
    const folder = await runIn('recordless')
    const keeping = {
      ...algorithm,
      acting: { ...algorithm.acting, record: { drawn: 1 } },
    } as typeof algorithm
    await expect(loadReplay({ folder, algorithm: keeping })).rejects.toThrow(
      /^loadReplay: .* name the folder of a whole run, and the algorithm as it was trained there/,
    )
    for (const [text, problem] of [
      ['{"env"', 'must be JSON'],
      ['{}', 'must be that of a run'],
    ]) {
      await writeFile(join(folder, 'config.json'), text)
      await expect(loadReplay({ folder, algorithm })).rejects.toThrow(`loadReplay: config.json ${problem}`)
    }
  })

  it('refuses a run of other spaces, and algorithms that keep no replay', async () => {
    const folder = await runIn('other')
    const wide = linearLearner({ ...spec, action: { low: [-2], high: [2] } })
    await expect(loadReplay({ folder, algorithm: wide })).rejects.toThrow(
      "loadReplay: folder must hold a run of the specification of algorithm 'linear'",
    )
    await expect(loadReplay({ folder, algorithm: rolloutLearner(spec) })).rejects.toThrow(
      'must keep a replay, got one that learns from rollouts',
    )
  })
})
