import { key } from '@maxent/core'
import { banditEnv } from '@maxent/core/testing'
import { createAgent, stateHash, startFrom, train } from '@maxent/train'
import type { Pretrained } from '@maxent/train'
import { loadState, openRunFolder } from '@maxent/train/node'
import * as tf from '@tensorflow/tfjs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { td3 } from '../td3/td3.ts'
import type { DdpgConfig } from './config.ts'
import { ddpg } from './ddpg.ts'

const config: Partial<DdpgConfig> = {
  batchSize: 16,
  hidden: [16, 16],
  exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
}
const loop = { steps: 80, warmupSteps: 30, evaluateEvery: 0, finalEpisodes: 0 }
const { spec } = banditEnv()
const before = ddpg(spec, config)
let root = ''
let pretrained: Pretrained

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maxent-ddpg-'))
  const store = await openRunFolder(root)
  const envs = { env: banditEnv(), evalEnv: banditEnv() }
  await train({ ...envs, algorithm: before, config: loop, seed: 1, store })
  await store.close()
  const { state } = await loadState({ folder: root, algorithm: before })
  pretrained = { algorithm: before, state }
})
afterAll(() => rm(root, { recursive: true, force: true }))

const observation = { state: Float32Array.of(1) }

describe('DDPG that starts from another run of DDPG', () => {
  it('has its networks and their slow copies, and optimisers and counts of its own', () => {
    const learned = pretrained.state as Readonly<Record<string, { readonly data: Float32Array }>>
    const start = startFrom(ddpg(spec, config), pretrained).init(key(5))
    for (const name of ['policy', 'policyTarget', 'critic', 'criticTarget'] as const)
      expect(start[name].dataSync()).toEqual(learned[name].data)
    expect(start.step.dataSync()[0]).toBe(0)
    for (const { mean, square } of Object.values(start.optimizer))
      for (const moment of [mean, square]) expect(tf.max(tf.abs(moment as tf.Tensor)).dataSync()[0]).toBe(0)
  })

  it('acts as that did, whatever its seed and noise, until it learns', async () => {
    const agentOf = (algorithm: typeof before, state?: Pretrained['state']): ReturnType<typeof createAgent> =>
      createAgent({ algorithm, key: key(9), ...(state && { state }) })
    const quiet = ddpg(spec, { ...config, exploration: { kind: 'gaussian', sigma: 0.1 } })
    const [old, started, fresh] = await Promise.all([
      agentOf(before, pretrained.state),
      agentOf(startFrom(quiet, pretrained)),
      agentOf(quiet),
    ])
    const action = await old.actDeterministic(observation)
    expect(await started.actDeterministic(observation)).toEqual(action)
    expect(await fresh.actDeterministic(observation)).not.toEqual(action)
    await Promise.all([old.dispose(), started.dispose(), fresh.dispose()])
  })

  it('learns on from there', async () => {
    const run = async (algorithm: typeof before): Promise<string> => {
      const envs = { env: banditEnv(), evalEnv: banditEnv() }
      const { state } = await train({ ...envs, algorithm, config: loop, seed: 2 })
      return stateHash(state)
    }
    const algorithm = startFrom(ddpg(spec, config), pretrained)
    const hash = await run(algorithm)
    expect(await run(algorithm)).toBe(hash)
    expect(await run(before)).not.toBe(hash)
    expect(await stateHash(pretrained.state)).not.toBe(hash)
  })

  it('refuses other algorithms, networks and actions', () => {
    const from = { ...pretrained, algorithm: td3(spec, { batchSize: 16, hidden: [16, 16] }) }
    expect(() => startFrom(ddpg(spec, config), from)).toThrow(
      "startFrom: pretrained algorithm must be 'ddpg', got 'td3'",
    )
    expect(() => startFrom(ddpg(spec, { ...config, hidden: [8] }), pretrained).init(key(1))).toThrow(
      /startFrom: pretrained policy must be float32 \[25\], got float32 \[321\]; give both the same networks/,
    )
    expect(() => startFrom(ddpg(spec, { ...config, actionLayer: 2 }), pretrained)).toThrow(
      'startFrom: pretrained.algorithm must have the actionLayer 2, got 1; give both algorithms the same',
    )
    const wide = { ...spec, action: { low: [-2], high: [2] } }
    expect(() => startFrom(ddpg(wide, config), pretrained)).toThrow(
      'startFrom: pretrained policy must have the actions {"low":[-2],"high":[2]}, got {"low":[-1],"high":[1]}',
    )
  })
})
