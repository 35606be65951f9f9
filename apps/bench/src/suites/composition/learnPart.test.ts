import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTensor } from '@maxent/jit'
import { resolveTrainConfig } from '@maxent/train'
import { afterAll, expect, it } from 'vitest'
import { goalPart } from '../pusher/goalPart.ts'
import { sight } from '../pusher/mergingArm.ts'
import { tiny } from '../pusher/settings.ts'
import { learnPart, replayOf, resolvedConfig, tellOf, type Stage } from './learnPart.ts'

const root = mkdtempSync(join(tmpdir(), 'parts-'))
afterAll(() => rmSync(root, { recursive: true }))

const counter = { count: 0 }

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
  counter,
  signal: new AbortController().signal,
  onNotice: () => undefined,
})

async function begun(goal: 'left' | 'bottom', at: Stage): Promise<{ policy: unknown; actions: number }> {
  const part = await learnPart(goalPart(goal, counter), at, () => undefined)
  const { policy } = part.state as Readonly<Record<string, HostTensor>>
  return { policy: policy.data, actions: (await replayOf(part, at)).size }
}

it('gives each part networks of its own, which depend on the seed and its name alone', async () => {
  const one = stage('one', 1)
  const left = await begun('left', one)
  const bottom = await begun('bottom', one)
  expect(left.actions).toBe(40)
  expect(left.policy).not.toEqual(bottom.policy)
  expect((await begun('bottom', stage('again', 1))).policy).toEqual(bottom.policy)
  expect((await begun('bottom', stage('other', 2))).policy).not.toEqual(bottom.policy)
})

it('tells what is advised offline, and from which parts', () => {
  const notices: string[] = []
  const advice = [{ name: 'collapsed', message: 'sql: it has collapsed' }]
  tellOf([{ name: 'left' }, { name: 'bottom' }], advice, (message) => notices.push(message))
  expect(notices).toEqual(['offline, from left and bottom: sql: it has collapsed'])
})

it('tells what a user should know of a part, by its name', async () => {
  const notices: string[] = []
  const at = stage('one particle', 1)
  const config = resolvedConfig('sql', { ...at.config, particles: { kind: 'same', count: 1 } })
  await begun('left', { ...at, config, onNotice: (message) => notices.push(message) })
  expect(notices).toEqual([expect.stringMatching(/^left: sql: particles must be at least 2/)])
})
