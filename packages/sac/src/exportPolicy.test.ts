import { foldIn, key, normal } from '@maxent/core'
import { createProgram, liveSessions, loadPolicy, type HostTensor, type Tree } from '@maxent/jit'
import { createAgent, exportPolicy } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SacConfig } from './config.ts'
import { discreteSac } from './discrete/discreteSac.ts'
import { sac } from './sac.ts'

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const config: Partial<SacConfig> = { batchSize: 4, hidden: [16, 16] }

const observationOf = (i: number): { proprio: Float32Array; task: Float32Array } => ({
  proprio: normal(key(i), 3).map((x) => 3 * x),
  task: normal(key(10_000 + i), 2),
})

describe('a policy that left as one file', () => {
  const algorithm = sac(spec, config)
  let agent: Awaited<ReturnType<typeof createAgent>>
  let state: Tree<HostTensor>
  let file: Uint8Array<ArrayBuffer>
  let policy: Awaited<ReturnType<typeof loadPolicy>>
  beforeAll(async () => {
    agent = await createAgent({ algorithm, key: key(3) })
    state = await agent.program.getState()
    file = await exportPolicy({ algorithm, state })
    policy = await loadPolicy(file)
  })
  afterAll(async () => {
    await agent.dispose()
    await policy.dispose()
  })

  it('acts as the agent does, over 1,000 observations', async () => {
    let worst = 0
    for (let i = 0; i < 1_000; i++) {
      const [mine, its] = [await policy.act(observationOf(i)), await agent.actDeterministic(observationOf(i))]
      for (const [k, a] of mine.entries()) worst = Math.max(worst, Math.abs(a - its[k]))
    }
    expect(worst).toBeLessThan(1e-6)
  })

  it('samples as the agent explores, with the noise of the key', async () => {
    for (let step = 0; step < 20; step++) {
      const sampled = await policy.sample(observationOf(step), foldIn(foldIn(key(3), 'act'), step))
      const explored = await agent.act(observationOf(step), step)
      for (const [k, a] of sampled.entries()) expect(Math.abs(a - explored[k])).toBeLessThan(1e-6)
    }
  })

  it('says what it is', () => {
    expect(policy.description).toEqual({
      version: 1,
      algorithm: 'sac',
      observation: spec.observation,
      action: spec.action,
      rows: 1,
      noise: { shape: [1, 2], law: 'normal' },
    })
  })

  it('takes several rows at once where it was exported so', async () => {
    const many = await loadPolicy(await exportPolicy({ algorithm, state, rows: 3 }))
    const rows = [0, 1, 2].map(observationOf)
    const side = (name: 'proprio' | 'task'): Float32Array =>
      Float32Array.from(rows.flatMap((row) => [...row[name]]))
    const together = await many.act({ proprio: side('proprio'), task: side('task') })
    for (const [i, row] of rows.entries()) {
      const alone = await policy.act(row)
      for (const [k, a] of alone.entries()) expect(Math.abs(a - together[2 * i + k])).toBeLessThan(1e-6)
    }
    await many.dispose()
  })

  it('refuses observations that do not fit, and calls after dispose', async () => {
    const { proprio, task } = observationOf(1)
    await expect(policy.act({ proprio })).rejects.toThrow('observation group "task" must be a Float32Array')
    await expect(policy.act({ proprio, task: proprio })).rejects.toThrow('"task" must have length 2, got 3')
    const other = await loadPolicy(file)
    await other.dispose()
    await expect(other.act({ proprio, task })).rejects.toThrow('must not be used after dispose')
  })

  it('refuses rows that are none', async () => {
    await expect(exportPolicy({ algorithm, state, rows: 0 })).rejects.toThrow('exportPolicy: rows must be')
  })

  it('refuses a state of another algorithm', async () => {
    await expect(exportPolicy({ algorithm: sac(spec, { ...config, hidden: [8] }), state })).rejects.toThrow(
      'setState',
    )
  })
})

describe('policies of other kinds', () => {
  const kinds: Record<string, Partial<SacConfig>> = {
    mixture: { policy: { kind: 'mixture', components: 3 }, bootstrap: 'valueNetwork' },
    realNvp: { policy: { kind: 'realNvp', couplings: 2 } },
    deterministic: {
      policy: { kind: 'deterministic', explorationStd: 0.1 },
      temperature: { kind: 'fixed', alpha: 0 },
    },
  }
  it.each(Object.entries(kinds))('%s', async (_, kind) => {
    const algorithm = sac(spec, { ...config, ...kind })
    const agent = await createAgent({ algorithm, key: key(4) })
    const policy = await loadPolicy(await exportPolicy({ algorithm, state: await agent.program.getState() }))
    for (let i = 0; i < 20; i++) {
      const [mine, its] = [await policy.act(observationOf(i)), await agent.actDeterministic(observationOf(i))]
      for (const [k, a] of mine.entries()) expect(Math.abs(a - its[k])).toBeLessThan(1e-6)
    }
    await agent.dispose()
    await policy.dispose()
  })

  it('choices', async () => {
    const discrete = { observation: { proprio: 3 }, action: { low: [0], high: [2], choices: 3 } }
    const algorithm = discreteSac(discrete, { batchSize: 4, hidden: [8] })
    const agent = await createAgent({ algorithm, key: key(5) })
    const policy = await loadPolicy(await exportPolicy({ algorithm, state: await agent.program.getState() }))
    for (let i = 0; i < 20; i++) {
      const { proprio } = observationOf(i)
      expect(await policy.act({ proprio })).toEqual(await agent.actDeterministic({ proprio }))
    }
    expect(policy.description.action.choices).toBe(3)
    await agent.dispose()
    await policy.dispose()
  })
})

describe('loadPolicy', () => {
  it('refuses what is no ONNX file, and an ONNX file that is no policy', async () => {
    await expect(loadPolicy(new TextEncoder().encode('<html>not here</html>'))).rejects.toThrow(
      'loadPolicy: file must be the bytes of an ONNX file, got 21 bytes of something else',
    )
    await expect(loadPolicy(new Uint8Array(0))).rejects.toThrow('loadPolicy: file must be')
    const program = await createProgram({
      name: 'other',
      state: { x: tf.scalar(1) },
      functions: { f: { run: ({ x }) => ({ y: tf.add(x, 1) }), args: [] } },
    })
    await expect(loadPolicy(await program.export('f'))).rejects.toThrow(
      'loadPolicy: file must be a policy that exportPolicy wrote, got an ONNX file without its description',
    )
    const described = async (text: string): Promise<Uint8Array> =>
      await program.export('f', { metadata: { 'maxent.policy': text } })
    await expect(loadPolicy(await described('{"version":2}'))).rejects.toThrow(
      'got version 2, update @maxent/jit',
    )
    for (const text of damaged) {
      await expect(loadPolicy(await described(text))).rejects.toThrow(
        `loadPolicy: file must be a policy that exportPolicy wrote, got maxent.policy = ${text.slice(0, 80)}`,
      )
    }
    await expect(loadPolicy(await described(JSON.stringify(whole)))).rejects.toThrow(
      'loadPolicy: file must have the inputs and outputs that it describes, got no output "action"',
    )
    await program.dispose()
  })

  it('refuses a file that is cut or damaged, and leaves no session behind', async () => {
    const algorithm = sac(spec, config)
    const agent = await createAgent({ algorithm, key: key(6) })
    const file = await exportPolicy({ algorithm, state: await agent.program.getState() })
    await agent.dispose()
    const sessions = liveSessions()
    for (let length = 0; length < file.length; length += 97) {
      await expect(loadPolicy(file.subarray(0, length))).rejects.toThrow(TypeError)
    }
    const damage = file.slice()
    damage.set(new TextEncoder().encode('MatMuX'), Buffer.from(file).indexOf('Gemm'))
    await expect(loadPolicy(damage)).rejects.toThrow(
      'loadPolicy: file must be a model that ONNX Runtime takes, got one that it refuses',
    )
    expect(liveSessions()).toBe(sessions)
  })
})

const whole = {
  version: 1,
  algorithm: 'sac',
  observation: { proprio: 3 },
  action: { low: [0], high: [1] },
  rows: 1,
}
const damaged = [
  'sac',
  'null',
  '[]',
  '{}',
  '{"version":"1"}',
  JSON.stringify({ ...whole, algorithm: undefined }),
  JSON.stringify({ ...whole, rows: 0 }),
  JSON.stringify({ ...whole, observation: null }),
  JSON.stringify({ ...whole, observation: { proprio: -1 } }),
  JSON.stringify({ ...whole, action: null }),
  JSON.stringify({ ...whole, action: { low: [0, 1], high: [1] } }),
  JSON.stringify({ ...whole, noise: { shape: [1, 1], law: 'cauchy' } }),
  JSON.stringify({ ...whole, noise: null }),
]
