import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTensor } from '@maxent/jit'
import { resolveTrainConfig } from '@maxent/train'
import { afterAll, expect, it } from 'vitest'
import { goalPart } from '../pusher/goalPart.ts'
import { sight } from '../pusher/mergingArm.ts'
import { tiny } from '../pusher/settings.ts'
import { learnFromParts, learnPart, replayOf, resolvedConfig, type Stage } from './learnPart.ts'

const root = mkdtempSync(join(tmpdir(), 'parts-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Before any gradient step: what a part begins with. */
const stage = (folder: string, seed: number): Stage => ({
  algorithm: 'sql',
  config: resolvedConfig('sql', { ...sight('sql'), ...tiny }),
  train: resolveTrainConfig({
    steps: 40,
    warmupSteps: 40,
    replayCapacity: 50,
    evaluateEvery: 0,
    finalEpisodes: 0,
    checkpointEvery: 0,
  }),
  seed,
  folder: join(root, folder),
  counter: { count: 0 },
  signal: new AbortController().signal,
  onNotice: () => undefined,
})

async function begun(goal: 'left' | 'bottom', at: Stage): Promise<{ policy: unknown; actions: number }> {
  const part = await learnPart(goalPart(goal), at, () => undefined)
  const { policy } = part.state as Readonly<Record<string, HostTensor>>
  return { policy: policy.data, actions: (await replayOf(part, at)).size }
}

it('gives each part networks of its own, which depend on the seed and its name alone', async () => {
  const one = stage('one', 1)
  const left = await begun('left', one)
  const bottom = await begun('bottom', one)
  expect(left.actions).toBe(40)
  expect(one.counter.count).toBe(80)
  expect(left.policy).not.toEqual(bottom.policy)
  expect((await begun('bottom', stage('again', 1))).policy).toEqual(bottom.policy)
  expect((await begun('bottom', stage('other', 2))).policy).not.toEqual(bottom.policy)
})

it('tells what is amiss with what is learned offline, and from which parts', async () => {
  const notices: string[] = []
  const at = { ...stage('offline', 1), onNotice: (message: string) => notices.push(message) }
  const parts = [
    await learnPart(goalPart('left'), at, () => undefined),
    await learnPart(goalPart('bottom'), at, () => undefined),
  ]
  const { learner } = parts[0]
  const before = at.counter.count
  const algorithm = {
    ...learner,
    warnings: ['sql: it is odd'],
    advise: () => [{ name: 'collapsed', message: 'sql: it has collapsed' }],
  }
  const { updates } = await learnFromParts(parts, at, { algorithm, updates: 2 })
  expect(updates).toBe(2)
  expect(at.counter.count).toBe(before)
  expect(notices).toEqual([
    'offline, from left and bottom: sql: it is odd',
    'offline, from left and bottom: sql: it has collapsed',
  ])
})

it('tells what a user should know of a part, by its name', async () => {
  const notices: string[] = []
  const at = stage('one particle', 1)
  const config = resolvedConfig('sql', { ...at.config, particles: { kind: 'same', count: 1 } })
  await begun('left', { ...at, config, onNotice: (message) => notices.push(message) })
  expect(notices).toEqual([expect.stringMatching(/^left: sql: particles must be at least 2/)])
})
